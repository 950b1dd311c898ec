using System.Text.Json.Nodes;
using LlmTr.Api.Tests.Running;
using LlmTr.Xai.Catalogue;

namespace LlmTr.Api.Tests.Models;

/// <summary>The operator edits the catalogue's file while the gateway runs.</summary>
public sealed class CatalogueReloadTests : IAsyncLifetime
{
    private const string OneCat = """{"model":"xai/grok-imagine-image","prompt":"a cat"}""";

    private readonly string _folder = Directory.CreateTempSubdirectory("llmtr-models-").FullName;
    private TestGateway _gateway = null!;
    private TestKey _key = null!;

    private string Models => Path.Combine(_folder, "models.json");

    public async Task InitializeAsync()
    {
        File.Copy(ModelCatalogue.ShippedPath, Models);
        _gateway = await TestGateway.StartAsync(settings: settings => settings with { CataloguePath = Models, CatalogueInterval = TimeSpan.FromMilliseconds(20) });
        _key = await _gateway.CreateKeyAsync();
    }

    public async Task DisposeAsync()
    {
        await _gateway.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task ModelTakenOffSale_IsGoneWithoutARestart_AndComesBack()
    {
        Edit(model => model["disabled"] = true);
        await UntilAsync(async () => (await StatusAsync()) == 404);

        using (var list = await _gateway.Http.GetAsync(new Uri("/v1/models", UriKind.Relative)))
            (await list.Content.ReadAsStringAsync()).Should().NotContain("\"xai/grok-imagine-image\"");

        Edit(model => model["disabled"] = false);
        await UntilAsync(async () => (await StatusAsync()) == 200);
    }

    [Fact]
    public async Task BadFile_IsRefused_AndTheOldOneStays()
    {
        Edit(model => model["prices"]!["output"]!["1k"] = 300_000_000);
        await UntilAsync(async () => await QuoteAsync() == 300_000_000);

        foreach (var broken in (string[])["", "{", """{"models":[],"retired":[]}"""])
        {
            await File.WriteAllTextAsync(Models, broken);
            for (var i = 0; i < 5; i++)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(20));
                (await QuoteAsync()).Should().Be(300_000_000);
            }
        }

        File.Delete(Models);
        (await QuoteAsync()).Should().Be(300_000_000);
        File.Copy(ModelCatalogue.ShippedPath, Models);
        await UntilAsync(async () => await QuoteAsync() == 200_000_000);
    }

    [Fact]
    public async Task RequestThatIsQuoted_KeepsItsPrices()
    {
        _gateway.Xai.Enqueue(new XaiSimulator.Control.Behaviour { Cost = XaiSimulator.Control.CostSwitch.Omit });
        _gateway.Xai.Gate.Close();
        var call = _gateway.SendAsync(HttpMethod.Post, "/v1/images/generations", _key.Text, OneCat);
        await _gateway.Xai.Gate.WaitForWaitingAsync(1);
        Edit(model => model["prices"]!["output"]!["1k"] = 900_000_000);
        await UntilAsync(async () => await QuoteAsync() == 900_000_000);
        _gateway.Xai.Gate.Open();

        using var response = await call;
        (await response.JsonAsync()).GetProperty("usage").Number("cost_in_usd_ticks").Should().Be(200_000_000);
    }

    private void Edit(Action<JsonNode> edit)
    {
        var file = JsonNode.Parse(File.ReadAllBytes(ModelCatalogue.ShippedPath))!;
        edit(file["models"]!.AsArray().Single(model => (string?)model!["id"] == "xai/grok-imagine-image")!);

        // Swapped in one step, as editors and deployments do.
        File.WriteAllText(Models + ".new", file.ToJsonString());
        File.Move(Models + ".new", Models, overwrite: true);
    }

    private async Task<int> StatusAsync()
    {
        using var response = await _gateway.SendAsync(HttpMethod.Post, "/v1/images/generations", _key.Text, OneCat);
        return (int)response.StatusCode;
    }

    private async Task<long> QuoteAsync()
    {
        using var response = await _gateway.SendAsync(HttpMethod.Post, "/v1/images/generations", _key.Text, OneCat, default, ("X-LLMTR-Dry-Run", "true"));
        return (await response.JsonAsync()).Number("quote_ticks");
    }

    private static async Task UntilAsync(Func<Task<bool>> holds)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (!await holds())
            await Task.Delay(TimeSpan.FromMilliseconds(20), limit.Token);
    }
}
