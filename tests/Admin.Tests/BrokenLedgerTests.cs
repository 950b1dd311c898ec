using System.Net;
using System.Text.Json;
using LlmTr.Api.Tests.Running;
using LlmTr.Grains.Accounts;
using LlmTr.Silo.Sqlite;
using LlmTr.XaiSimulator.Control;
using Microsoft.Extensions.DependencyInjection;

namespace LlmTr.Admin.Tests;

/// <summary>A gateway with two keys, of which one's ledger was changed behind its back. Both have an unreconciled case.</summary>
public sealed class BrokenLedger : IAsyncLifetime
{
    public string Folder { get; } = Directory.CreateTempSubdirectory("llmtr-test-").FullName;

    public TestGateway Gateway { get; private set; } = null!;

    public TestKey Whole { get; private set; } = null!;

    public TestKey Broken { get; private set; } = null!;

    public async Task InitializeAsync()
    {
        await using (var before = await TestGateway.StartAsync(Folder))
        {
            (Whole, Broken) = (await before.CreateKeyAsync(), await before.CreateKeyAsync());
            before.Xai.Enqueue(Behaviour.None with { Cut = BreakPoint.Before }, times: 2);
            foreach (var key in (TestKey[])[Whole, Broken])
            {
                (await key.PostAsync(TestKey.Hello)).Dispose();
                await key.SettledLedgerAsync();
            }
        }

        // The credit of 5 USD makes 6.
        await RestartAsync(static line => line.Replace("\"amount_ticks\":50000000000", "\"amount_ticks\":60000000000", StringComparison.Ordinal));
    }

    public async Task DisposeAsync()
    {
        await Gateway.DisposeAsync();
        Directory.Delete(Folder, recursive: true);
    }

    /// <summary>Starts the gateway anew, with the lines of the one key changed so.</summary>
    public async Task RestartAsync(Func<string, string> spoil)
    {
        if (Gateway is not null)
            await Gateway.DisposeAsync();
        Gateway = await TestGateway.StartAsync(Folder, customize: builder =>
        {
            builder.Services.AddSingleton<SqliteLedgerStore>();
            builder.Services.AddSingleton<ILedgerStore>(services => new SpoiledLedgerStore(services.GetRequiredService<SqliteLedgerStore>(), Broken.Id, spoil));
        });
        (Whole, Broken) = (Whole with { Gateway = Gateway }, Broken with { Gateway = Gateway });
    }
}

/// <summary>One key's ledger was changed behind the gateway's back: operators are told which and where, and see all the others as before. Nobody spends from it.</summary>
public sealed class BrokenLedgerTests(BrokenLedger scene) : IClassFixture<BrokenLedger>
{
    private readonly string _folder = scene.Folder;
    private readonly TestGateway _gateway = scene.Gateway;
    private readonly TestKey _whole = scene.Whole;
    private readonly TestKey _broken = scene.Broken;

    [Fact]
    public async Task Verify_OfTheKey_NamesItAndTheFirstLineThatDoesNotFollow()
    {
        foreach (var name in (string[])[_broken.Id, _broken.Text[..16]])
        {
            var result = await Cli.RunAsync(_gateway, "ledger", "verify", name, "--json");

            result.ExitCode.Should().Be(1, result.Errors);
            ShouldBeBroken(Rows(result).Single());
        }
    }

    [Fact]
    public async Task Verify_OfAll_NamesTheBrokenOneAndChecksTheOthers()
    {
        var result = await Cli.RunAsync(_gateway, "ledger", "verify", "--json");

        result.ExitCode.Should().Be(1, result.Errors);
        ShouldBeBroken(Rows(result).Single(row => row.Text("ledger") == _broken.Id));
        Rows(result).Single(row => row.Text("ledger") == _whole.Id).Text("verdict").Should().Be("ok");
    }

    [Theory]
    [InlineData("keys", "list")]
    [InlineData("unreconciled", "list")]
    [InlineData("overruns")]
    public async Task Lists_ShowTheOtherKeys_AndSayWhichLedgerIsBroken(params string[] command)
    {
        var result = await Cli.RunAsync(_gateway, [.. command, "--json"]);
        var text = await Cli.RunAsync(_gateway, command);

        result.ExitCode.Should().Be(1, result.Errors);
        if (command[0] != "overruns")
        {
            Rows(result).Should().ContainSingle().Which.GetRawText().Should().Contain(_whole.Id);
            text.Output.Should().Contain(_whole.Id);
        }

        var broken = JsonSerializer.Deserialize<JsonElement>(result.Output).GetProperty("broken_ledgers").EnumerateArray().Single();
        broken.Text("key").Should().Be(_broken.Id);
        broken.Text("why").Should().Contain("Entry 2 ");
        text.ExitCode.Should().Be(1);
        text.Output.Should().Contain($"The ledger of {_broken.Id} is broken");
    }

    [Fact]
    public async Task Export_WritesTheLinesAsTheyAreStored_AndSaysThatTheyAreBroken()
    {
        foreach (var format in (string[])["ndjson", "csv"])
        {
            var file = Path.Combine(_folder, "export." + format);

            var result = await Cli.RunAsync(_gateway, "ledger", "export", _broken.Id, "--format", format, "--output", file);

            result.ExitCode.Should().Be(1);
            result.Errors.Should().Contain($"The ledger of {_broken.Id} is broken");
            var verdict = await Cli.RunAsync(["ledger", "verify", "--file", file, "--json"]);
            verdict.ExitCode.Should().Be(1);
            Rows(verdict).Single().Number("wrong_line").Should().Be(2);
        }

        (await Cli.RunAsync(_gateway, "ledger", "export", _whole.Id)).ExitCode.Should().Be(0);
    }

    [Fact]
    public async Task MoneyCommands_AreRefused_AndNothingIsWritten()
    {
        using (var response = await _broken.PostAsync(TestKey.Hello))
            response.StatusCode.Should().Be(HttpStatusCode.ServiceUnavailable);
        foreach (var command in (string[][])
            [["credit", _broken.Id, "1"], ["debit", _broken.Id, "1"], ["balance", _broken.Id], ["keys", "show", _broken.Id], ["keys", "revoke", _broken.Id], ["holds", _broken.Id], ["usage", _broken.Id]])
        {
            var result = await Cli.RunAsync(_gateway, command);

            result.ExitCode.Should().Be(1, string.Join(' ', command));
            result.Errors.Should().Contain("ledger is broken");
        }

        using (var response = await _gateway.AdminAsync(HttpMethod.Get, "/admin/v1/keys/" + _broken.Id))
            (await response.ErrorAsync()).Should().Be((500, "internal_error", null));
        _gateway.Xai.Books.Delivered.Value.Should().Be(0);
        (await Cli.RunAsync(_gateway, "ledger", "export", _broken.Id)).Output.Trim().Split('\n').Should().HaveCount(4);
        (await Cli.RunAsync(_gateway, "credit", _whole.Id, "1")).ExitCode.Should().Be(0);
    }

    [Fact]
    public async Task CaseOfAnUnknownRequest_WhereALedgerCannotBeLookedInto_IsNotCalledClosed()
    {
        using var response = await _gateway.AdminAsync(HttpMethod.Post, "/admin/v1/unreconciled/req_0192f0c4b7a87aaaaaaaaaaaaaaaaaaa", """{"waive":true}""");

        (await response.ErrorAsync()).Should().Be((500, "internal_error", null));
        (await response.JsonAsync()).GetProperty("error").Text("message").Should().Contain(_broken.Id);
    }

    private void ShouldBeBroken(JsonElement row)
    {
        (row.Text("ledger"), row.Text("verdict"), row.Number("wrong_line")).Should().Be((_broken.Id, "broken", 2));
        row.Text("why").Should().StartWith("Entry 2 (Credited) is not possible");
    }

    private static JsonElement[] Rows(CliResult result) => [.. JsonSerializer.Deserialize<JsonElement>(result.Output).GetProperty("data").EnumerateArray()];
}

/// <summary>A ledger with a line that is not even JSON.</summary>
public sealed class LineThatIsNoJsonTests : IAsyncLifetime
{
    private readonly BrokenLedger _scene = new();

    public async Task InitializeAsync()
    {
        await _scene.InitializeAsync();
        await _scene.RestartAsync(static line => line.Contains("\"seq\":3,", StringComparison.Ordinal) ? line[..^1] : line);
    }

    public Task DisposeAsync() => _scene.DisposeAsync();

    [Fact]
    public async Task Verify_NamesIt_AndItIsShownAmongTheOthers()
    {
        var (gateway, id) = (_scene.Gateway, _scene.Broken.Id);

        var verdict = await Cli.RunAsync(gateway, "ledger", "verify", id, "--json");
        var show = await Cli.RunAsync(gateway, "ledger", "show", id);
        var csv = await Cli.RunAsync(gateway, "ledger", "export", id, "--format", "csv");

        verdict.ExitCode.Should().Be(1);
        JsonSerializer.Deserialize<JsonElement>(verdict.Output).GetProperty("data")[0].Number("wrong_line").Should().Be(3);
        (show.ExitCode, show.Output.Contains("credited", StringComparison.Ordinal)).Should().Be((1, true), show.Errors);
        csv.ExitCode.Should().Be(1);
        csv.Output.Split("\r\n").Should().HaveCount(1 + 4 + 1);
    }
}
