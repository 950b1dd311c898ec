using System.Net;
using LlmTr.Api.Tests.Running;
using LlmTr.Grains.Abstractions;

namespace LlmTr.Api.Tests.Keys;

public sealed class KeyStatusTests(SharedGateway shared) : IClassFixture<SharedGateway>
{
    private static ChangeSettings Nothing => new() { Actor = "tests" };

    [Fact]
    public async Task RevokedKey_GetsTheSame401AsAnUnknownOne_FromTheNextRequestOn()
    {
        var key = await shared.Gateway.CreateKeyAsync();
        using var before = await key.PostAsync(TestKey.Hello);
        before.StatusCode.Should().Be(HttpStatusCode.OK);

        await key.Account().Revoke(new RevokeKey { Actor = "tests" });

        using var unknown = await shared.Gateway.SendAsync(HttpMethod.Post, "/v1/responses", null, TestKey.Hello);
        foreach (var header in new[] { ("X-Nothing", "x"), ("X-LLMTR-Dry-Run", "true") })
        {
            using var after = await key.PostAsync(TestKey.Hello, headers: header);
            (await after.ErrorAsync()).Should().Be((401, "auth_error", null));
            (await after.JsonAsync()).GetProperty("error").Text("message").Should().Be((await unknown.JsonAsync()).GetProperty("error").Text("message"));
        }
    }

    [Fact]
    public async Task KeyRevokedInMidAnswer_IsStillCharged()
    {
        await using var gateway = await TestGateway.StartAsync();
        var key = await gateway.CreateKeyAsync();
        gateway.Xai.Gate.Close();
        var request = key.PostAsync(TestKey.Hello);
        await gateway.Xai.Gate.WaitForWaitingAsync(1);

        await key.Account().Revoke(new RevokeKey { Actor = "tests" });
        gateway.Xai.Gate.Open();

        using var response = await request;
        response.Header("X-LLMTR-Cost-USD").Should().Be(gateway.Xai.Requests.Single().Billed.ToUsdString());
        (await key.LedgerAsync()).Select(static entry => entry.Text("kind")).Should().Equal("hold_placed", "key_revoked", "hold_settled");
    }

    [Fact]
    public async Task RotatedKey_IsGoodUntilItsGraceEnds()
    {
        var key = await shared.Gateway.CreateKeyAsync();
        await key.Account().Rotate(new RotateKey { Secret = SecretHash.Of("second"u8), Grace = TimeSpan.FromHours(1), Actor = "tests" });
        using (var inGrace = await key.PostAsync(TestKey.Hello))
            inGrace.StatusCode.Should().Be(HttpStatusCode.OK);

        await key.Account().Rotate(new RotateKey { Secret = SecretHash.Of("third"u8), Grace = TimeSpan.FromHours(1), Actor = "tests" });

        using var after = await key.PostAsync(TestKey.Hello);
        (await after.ErrorAsync()).Should().Be((401, "auth_error", null));
    }

    [Fact]
    public async Task DisabledExpiredAndForeignModels_Are403AndLeaveNoTrace()
    {
        var key = await shared.Gateway.CreateKeyAsync();
        foreach (var (change, param) in new (ChangeSettings, string?)[]
        {
            (Nothing with { Disabled = true }, null),
            (Nothing with { Disabled = false, ExpiresAt = DateTimeOffset.UnixEpoch }, null),
            (Nothing with { ClearExpiry = true, Limits = new KeyLimits { Models = ["xai/grok-4.20-multi-agent"] } }, "model"),
        })
        {
            await key.ChangeAsync(change);
            foreach (var header in new[] { ("X-Nothing", "x"), ("X-LLMTR-Dry-Run", "true") })
            {
                using var response = await key.PostAsync(TestKey.Hello, headers: header);
                (await response.ErrorAsync()).Should().Be((403, "forbidden", param));
            }
        }

        (await key.LedgerAsync()).Select(static entry => entry.Text("kind")).Distinct().Should().Equal("limits_changed");
        await key.LimitAsync(new KeyLimits { Models = ["xai/grok-4.3"] });
        using var allowed = await key.PostAsync("""{"model":"grok-4.3","input":"Hello"}""");
        allowed.StatusCode.Should().Be(HttpStatusCode.OK, "the list names public ids, however the caller spells the model");
    }
}
