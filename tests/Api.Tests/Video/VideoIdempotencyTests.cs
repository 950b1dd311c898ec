using System.Net;
using LlmTr.Api.Tests.Running;

namespace LlmTr.Api.Tests.Video;

public sealed class VideoIdempotencyTests(SharedVideoGateway shared) : IClassFixture<SharedVideoGateway>
{
    private readonly TestGateway _gateway = shared.Gateway;

    [Fact]
    public async Task SameKeyAndBody_AlsoAtOnce_AreOneJobAndOneCharge()
    {
        var key = await _gateway.CreateKeyAsync();
        var body = VideoGateway.With("", "once");

        var responses = await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => key.StartVideoAsync(body, ("Idempotency-Key", "k"))));

        var jobs = await Task.WhenAll(responses.Select(static response => response.JsonAsync()));
        jobs.Select(static job => job.Text("id")).Distinct().Should().ContainSingle();
        jobs.Should().OnlyContain(static job => job.Text("status") == "succeeded");
        _gateway.Xai.Videos.Count(static video => video.Prompt == "once").Should().Be(1);
        (await key.SettledLedgerAsync()).Select(static entry => entry.Text("kind")).Should().Equal("hold_placed", "hold_settled");
    }

    [Fact]
    public async Task AnotherBody_IsAConflict()
    {
        var key = await _gateway.CreateKeyAsync();
        (await key.StartVideoAsync(VideoGateway.With("", "first"), ("Idempotency-Key", "k"))).StatusCode.Should().Be(HttpStatusCode.OK);

        using var second = await key.StartVideoAsync(VideoGateway.With("", "second"), ("Idempotency-Key", "k"));

        (await second.ErrorAsync()).Should().Be((409, "idempotency_conflict", "Idempotency-Key"));
        second.Header("x-should-retry").Should().Be("false");
    }

    [Fact]
    public async Task SameKey_OfAnotherCustomer_IsAnotherJob()
    {
        var (one, two) = (await _gateway.CreateKeyAsync(), await _gateway.CreateKeyAsync());

        using var first = await one.StartVideoAsync(VideoGateway.Clip, ("Idempotency-Key", "shared"));
        using var second = await two.StartVideoAsync(VideoGateway.Clip, ("Idempotency-Key", "shared"));

        (await first.JsonAsync()).Text("id").Should().NotBe((await second.JsonAsync()).Text("id"));
    }

    [Fact]
    public async Task RefusedRequest_AfterATopUp_BeginsAnew()
    {
        var key = await _gateway.CreateKeyAsync("0.01");
        using var poor = await key.StartVideoAsync(VideoGateway.Clip, ("Idempotency-Key", "k"));
        (await poor.ErrorAsync()).Should().Be((402, "insufficient_balance", (string?)null));
        using var credit = await _gateway.AdminAsync(
            HttpMethod.Post, $"/admin/v1/keys/{key.Id}/credits", """{"amount_usd":"5","reference":"r","note":"n"}""", ("Idempotency-Key", "credit"));
        credit.EnsureSuccessStatusCode();

        using var rich = await key.StartVideoAsync(VideoGateway.Clip, ("Idempotency-Key", "k"));

        rich.StatusCode.Should().Be(HttpStatusCode.OK);
    }

    [Fact]
    public async Task RevokedKey_DoesNotFindItsJob()
    {
        var key = await _gateway.CreateKeyAsync();
        (await key.StartVideoAsync(VideoGateway.Clip, ("Idempotency-Key", "k"))).StatusCode.Should().Be(HttpStatusCode.OK);
        (await _gateway.AdminAsync(HttpMethod.Post, $"/admin/v1/keys/{key.Id}/revoke", "{}")).EnsureSuccessStatusCode();

        using var again = await key.StartVideoAsync(VideoGateway.Clip, ("Idempotency-Key", "k"));

        (await again.ErrorAsync()).Status.Should().Be(401);
    }

    [Fact]
    public async Task Job_AfterARestart_IsFoundByTheSameKeyAndGoesOn()
    {
        var data = Directory.CreateTempSubdirectory("llmtr-test-").FullName;
        try
        {
            await using var first = await TestGateway.StartAsync(data, VideoGateway.Fast);
            var key = await first.CreateKeyAsync();
            var body = VideoGateway.With(",\"max_wait_seconds\":0", "[[sim:video=never]] restarted");
            using var started = await key.StartVideoAsync(body, ("Idempotency-Key", "k"));
            var id = (await started.JsonAsync()).Text("id");
            while (first.Xai.Videos.Count == 0)
                await Task.Delay(10);
            await first.StopAsync();
            await first.CloseAsync();

            await using var second = await TestGateway.StartAsync(data, VideoGateway.Fast, first.Xai.BaseUrl);
            var same = key with { Gateway = second };
            first.Xai.FinishVideos();
            using var again = await same.GetAsync($"{VideoGateway.Path}/{id}?wait_seconds=30");
            (await again.JsonAsync()).Text("status").Should().Be("succeeded");
            using var repeated = await same.StartVideoAsync(body, ("Idempotency-Key", "k"));
            (await repeated.JsonAsync()).Text("id").Should().Be(id);
            first.Xai.VideoBooks.Started.Should().Be(1);
        }
        finally
        {
            Directory.Delete(data, recursive: true);
        }
    }
}
