using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using LlmTr.Api.Hosting;
using LlmTr.Money;
using LlmTr.Silo.Sqlite;
using LlmTr.XaiSimulator;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace LlmTr.Api.Tests.Running;

/// <summary>
/// A whole gateway on a port of its own, with its own simulated xAI and data folder: what a customer and an operator reach over HTTP, nothing replaced but what a
/// test asks for.
/// </summary>
public sealed class TestGateway : IAsyncDisposable
{
    /// <summary>Opens the admin API of every test gateway.</summary>
    public const string AdminToken = "admin-token-of-the-tests";

    /// <summary>Signs the keys of every test gateway that is not given another.</summary>
    public const string SigningSecret = "ssssssssssssssssssssssssssssssss";

    private readonly WebApplication _app;
    private readonly DataFolder _folder;
    private readonly bool _ownsFolder;

    private TestGateway(Simulator xai, WebApplication app, DataFolder folder, bool ownsFolder)
    {
        (Xai, _app, _folder, _ownsFolder) = (xai, app, folder, ownsFolder);
        var address = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single();
        Http = new HttpClient(new SocketsHttpHandler
        {
            AllowAutoRedirect = false,

            // A client that leaves leaves at once; by default it would read on for a while.
            ResponseDrainTimeout = TimeSpan.Zero,
        })
        { BaseAddress = new Uri(address), Timeout = TimeSpan.FromSeconds(60) };
    }

    public Simulator Xai { get; }

    /// <summary>A client without credentials.</summary>
    public HttpClient Http { get; }

    public IServiceProvider Services => _app.Services;

    /// <summary>Where the media store keeps its files.</summary>
    public string MediaPath => Path.Combine(_folder.Path, "media");

    public static async Task<TestGateway> StartAsync(
        string? dataPath = null, Dictionary<string, string?>? configuration = null, Uri? xaiBaseUrl = null, Action<WebApplicationBuilder>? customize = null,
        Func<GatewaySettings, GatewaySettings>? settings = null)
    {
        var xai = await Simulator.StartAsync();
        var folder = DataFolder.Open(dataPath ?? Directory.CreateTempSubdirectory("llmtr-test-").FullName);
        var usual = new GatewaySettings { Port = 0, XaiApiKey = xai.ApiKey, AdminToken = AdminToken, SigningSecret = SigningSecret };
        var app = Gateway.Build(settings?.Invoke(usual) ?? usual, folder, xaiBaseUrl ?? xai.BaseUrl, builder =>
        {
            builder.Logging.ClearProviders();
            builder.Configuration.AddInMemoryCollection(configuration ?? []);
            customize?.Invoke(builder);
        });
        await app.StartAsync();
        return new TestGateway(xai, app, folder, ownsFolder: dataPath is null);
    }

    public async Task StopAsync() => await _app.StopAsync();

    /// <summary>Lets the gateway and its data folder go; xAI stays.</summary>
    public async Task CloseAsync()
    {
        await _app.DisposeAsync();
        _folder.Dispose();
    }

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await _app.DisposeAsync();
        await Xai.DisposeAsync();
        _folder.Dispose();
        if (_ownsFolder)
            Directory.Delete(_folder.Path, recursive: true);
    }

    /// <summary>Makes a key the way an operator does.</summary>
    public async Task<TestKey> CreateKeyAsync(string creditUsd = "5")
    {
        using var response = await AdminAsync(HttpMethod.Post, "/admin/v1/keys", $$"""{"label":"test","credit_usd":"{{creditUsd}}"}""");
        response.EnsureSuccessStatusCode();
        var json = JsonSerializer.Deserialize<JsonElement>(await response.Content.ReadAsStringAsync());
        return new TestKey(this, json.GetProperty("id").GetString()!, json.GetProperty("key").GetString()!);
    }

    public Task<HttpResponseMessage> AdminAsync(HttpMethod method, string path, string? body = null, params (string Name, string Value)[] headers) =>
        SendAsync(method, path, AdminToken, body, default, headers);

    public async Task<HttpResponseMessage> SendAsync(
        HttpMethod method, string path, string? bearer, string? body, CancellationToken cancellation = default, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(method, path);
        if (bearer is not null)
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", bearer);
        foreach (var (name, value) in headers)
            request.Headers.TryAddWithoutValidation(name, value);
        if (body is not null)
            request.Content = new StringContent(body, Encoding.UTF8, "application/json");
        return await Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellation);
    }
}

/// <summary>A customer of a <see cref="TestGateway"/>, and what its operator sees of it.</summary>
public sealed record TestKey(TestGateway Gateway, string Id, string Text)
{
    /// <summary>A small request whose answer costs little.</summary>
    public const string Hello = """{"model":"xai/grok-4.3","input":"Hello"}""";

    public const string HelloStreamed = """{"model":"xai/grok-4.3","input":"Hello","stream":true}""";

    public Task<HttpResponseMessage> PostAsync(string body, CancellationToken cancellation = default, params (string Name, string Value)[] headers) =>
        Gateway.SendAsync(HttpMethod.Post, "/v1/responses", Text, body, cancellation, headers);

    public async Task<TestAccount> ReadAsync()
    {
        using var response = await Gateway.AdminAsync(HttpMethod.Get, $"/admin/v1/keys/{Id}");
        response.EnsureSuccessStatusCode();
        var json = JsonSerializer.Deserialize<JsonElement>(await response.Content.ReadAsStringAsync());
        return new TestAccount(
            new UsdTicks(json.GetProperty("balance_ticks").GetInt64()),
            new UsdTicks(json.GetProperty("held_ticks").GetInt64()),
            json.GetProperty("totals").GetProperty("unreconciled").GetInt32());
    }

    /// <summary>The ledger behind the first credit.</summary>
    public async Task<IReadOnlyList<JsonElement>> LedgerAsync()
    {
        var lines = new List<JsonElement>();
        for (long? from = 3; from is not null;)
        {
            using var response = await Gateway.AdminAsync(HttpMethod.Get, $"/admin/v1/keys/{Id}/ledger?from_seq={from}&limit=1000");
            response.EnsureSuccessStatusCode();
            var page = JsonSerializer.Deserialize<JsonElement>(await response.Content.ReadAsStringAsync());
            lines.AddRange(page.GetProperty("data").EnumerateArray());
            from = page.GetProperty("next_seq").ValueKind == JsonValueKind.Number ? page.GetProperty("next_seq").GetInt64() : null;
        }

        return lines;
    }

    /// <summary>
    /// The ledger once no hold is open: a call whose client has left goes on for a while. Asks again until then, for at most 30 s.
    /// </summary>
    public async Task<IReadOnlyList<JsonElement>> SettledLedgerAsync()
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while ((await ReadAsync()).Held != UsdTicks.Zero)
            await Task.Delay(TimeSpan.FromMilliseconds(20), limit.Token);
        return await LedgerAsync();
    }
}

/// <summary>An account's numbers as the admin API shows them.</summary>
public sealed record TestAccount(UsdTicks Balance, UsdTicks Held, int Unreconciled);
