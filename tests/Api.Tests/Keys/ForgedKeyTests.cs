using System.Net;
using LlmTr.Api.Keys;
using LlmTr.Api.Tests.Running;
using LlmTr.Grains.Accounts;
using LlmTr.Silo.Sqlite;
using Microsoft.Extensions.DependencyInjection;

namespace LlmTr.Api.Tests.Keys;

public sealed class ForgedKeyTests
{
    [Fact]
    public async Task ForgedKey_CostsNoGrainCallAndNoStorageRead()
    {
        await using var gateway = await TestGateway.StartAsync(customize: static builder =>
        {
            builder.Services.AddSingleton<SqliteLedgerStore>();
            builder.Services.AddSingleton(static services => new CountedCalls(services.GetRequiredService<SqliteLedgerStore>()));
            builder.Services.AddSingleton<ILedgerStore>(static services => services.GetRequiredService<CountedCalls>());
            builder.Services.AddSingleton<IIncomingGrainCallFilter>(static services => services.GetRequiredService<CountedCalls>());
        });
        var calls = gateway.Services.GetRequiredService<CountedCalls>();
        var key = await gateway.CreateKeyAsync();

        var before = calls.Count;
        foreach (var forged in new[]
        {
            new KeyFormat(new byte[32], []).New().Text,
            key.Text[..^1] + (key.Text[^1] == 'A' ? 'B' : 'A'),
            key.Text[..20] + (key.Text[20] == 'A' ? 'B' : 'A') + key.Text[21..],
            "llmtr-" + new string('0', 53),
        })
        {
            foreach (var header in new[] { ("X-LLMTR-Dry-Run", "true"), ("Idempotency-Key", "k"), ("X-Nothing", "x") })
            {
                using var response = await gateway.SendAsync(HttpMethod.Post, "/v1/responses", forged, TestKey.Hello, headers: header);
                (await response.ErrorAsync()).Should().Be((401, "auth_error", null));
            }
        }

        calls.Count.Should().Be(before);

        // The counters count: a key of this gateway takes a hold and a settlement, and both are appended.
        using var good = await key.PostAsync(TestKey.Hello);
        good.StatusCode.Should().Be(HttpStatusCode.OK);
        calls.Count.Should().Be((before.Grain + 2, before.Store + 2));
    }
}
