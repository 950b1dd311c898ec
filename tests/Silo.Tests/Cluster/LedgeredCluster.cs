using LlmTr.Grains.Abstractions;
using LlmTr.Grains.Accounts;
using LlmTr.Money;
using LlmTr.Silo.Sqlite;
using LlmTr.Silo.Tests.Ledgers;
using Microsoft.Extensions.DependencyInjection;
using Orleans.TestingHost;

namespace LlmTr.Silo.Tests.Cluster;

/// <summary>Silos in this process over one SQLite ledger. Client and silos talk through connections, so every message is serialised.</summary>
internal sealed class LedgeredCluster : IAsyncDisposable
{
    private readonly TemporaryFolder _temporary = new();
    private readonly DataFolder _folder;
    private readonly SqliteLedgerStore _sqlite;
    private readonly InProcessTestCluster _cluster;

    private LedgeredCluster(short silos)
    {
        _folder = _temporary.Open();
        _sqlite = new SqliteLedgerStore(_folder);
        Store = new FaultyLedgerStore(_sqlite);
        var builder = new InProcessTestClusterBuilder(silos);
        builder.ConfigureSilo((_, silo) => silo.Services.AddSingleton<ILedgerStore>(Store));
        _cluster = builder.Build();
    }

    public FaultyLedgerStore Store { get; }

    public static SecretHash Secret { get; } = SecretHash.Of("the secret"u8);

    public static async Task<LedgeredCluster> StartAsync(short silos)
    {
        var cluster = new LedgeredCluster(silos);
        await cluster._cluster.DeployAsync();
        return cluster;
    }

    public IApiKeyGrain Key(string id) => _cluster.Client.GetGrain<IApiKeyGrain>(id);

    public async Task<IApiKeyGrain> IssuedKeyAsync(string id, long credit)
    {
        var key = Key(id);
        (await key.Issue(Issue(credit))).Outcome.Should().Be(OperatorOutcome.Done);
        return key;
    }

    public Task WaitForDeactivationAsync(IApiKeyGrain key) => _cluster.WaitForDeactivationAsync(key);

    public static IssueKey Issue(long credit, string label = "a label") =>
        new() { Secret = Secret, Prefix = "llmtr-abcdef", Label = label, Credit = new UsdTicks(credit), Actor = "tests" };

    public static PlaceHold Hold(RequestId id, long amount) => new()
    {
        Id = id,
        Secret = Secret,
        Least = new UsdTicks(amount),
        Most = new UsdTicks(amount),
        AvailableDivisor = 1,
        Lifetime = TimeSpan.FromMinutes(5),
        Model = "xai/grok-4.3",
        Endpoint = "/v1/responses",
    };

    public static Settle Charge(RequestId id, long cost) => new()
    {
        Id = id,
        Cost = new UsdTicks(cost),
        Source = CostSource.Catalogue,
        Facts = new RequestFacts { InputTokens = 11, CachedTokens = 3, OutputTokens = 7, ReasoningTokens = 5, StatusCode = 200, LatencyMs = 1234 },
    };

    public async ValueTask DisposeAsync()
    {
        await _cluster.DisposeAsync();
        _sqlite.Dispose();
        _folder.Dispose();
        _temporary.Dispose();
    }
}
