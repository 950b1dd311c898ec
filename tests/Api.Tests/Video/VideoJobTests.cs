using System.Net;
using LlmTr.Api.Tests.Running;
using LlmTr.Money;

namespace LlmTr.Api.Tests.Video;

public sealed class VideoJobTests(SharedVideoGateway shared) : IClassFixture<SharedVideoGateway>
{
    private readonly TestGateway _gateway = shared.Gateway;

    [Fact]
    public async Task Video_FromStartToFile_IsChargedWhatXaiReports()
    {
        var key = await _gateway.CreateKeyAsync();

        using var response = await key.StartVideoAsync();

        response.StatusCode.Should().Be(HttpStatusCode.OK);
        response.Header("X-LLMTR-Cost-USD").Should().Be("0.1");
        response.Header("X-LLMTR-Balance-USD").Should().Be("4.9");
        var job = await response.JsonAsync();
        response.Headers.Location!.ToString().Should().Be($"/v1/video/generations/{job.Text("id")}");
        (job.Text("object"), job.Text("status"), job.Text("model"), job.Number("progress"), job.Number("duration_seconds"))
            .Should().Be(("video.generation", "succeeded", "xai/grok-imagine-video", 100, 2));
        var usage = job.GetProperty("usage");
        (usage.Number("seconds_generated"), usage.Number("cost_in_usd_ticks"), usage.Text("cost_usd"), usage.Text("cost_source")).Should().Be((2, 1_000_000_000, "0.1", "provider"));
        job.GetProperty("error").ValueKind.Should().Be(System.Text.Json.JsonValueKind.Null);
        (await key.LedgerAsync()).Select(static entry => entry.Text("kind")).Should().Equal("hold_placed", "hold_settled");
        (await key.LedgerAsync())[0].Text("request_id").Should().Be(response.Header("X-Request-Id"));

        // The address opens without a key, and what it opens is a video.
        using var file = await _gateway.Http.GetAsync(new Uri(job.Text("url")));
        file.StatusCode.Should().Be(HttpStatusCode.OK);
        file.Content.Headers.ContentType!.MediaType.Should().Be("video/mp4");
        (await file.Content.ReadAsByteArrayAsync()).AsSpan(4, 4).SequenceEqual("ftyp"u8).Should().BeTrue();
    }

    [Theory]
    [InlineData("480p", "", 1_000_000_000)]
    [InlineData("720p", "", 1_400_000_000)]
    [InlineData("480p", ",\"image\":{\"url\":\"data:image/png;base64,iVBORw0KGgoAAAAN\"}", 1_020_000_000)]
    [InlineData("720p", ",\"image\":{\"image_url\":\"data:image/png;base64,iVBORw0KGgoAAAAN\"}", 1_420_000_000)]
    public async Task Price_OfWhatIsAskedFor_IsQuotedHeldAndCharged(string resolution, string image, long ticks)
    {
        var key = await _gateway.CreateKeyAsync();
        var body = VideoGateway.With($",\"resolution\":\"{resolution}\"{image}", prompt: $"priced {resolution} {image.Length}");

        using var dry = await key.StartVideoAsync(body, ("X-LLMTR-Dry-Run", "true"));
        (await dry.JsonAsync()).Number("quote_ticks").Should().Be(ticks);
        (await key.FinishedAsync(body)).GetProperty("usage").Number("cost_in_usd_ticks").Should().Be(ticks);

        (await key.LedgerAsync()).Select(static entry => entry.Number("amount_ticks")).Should().Equal(ticks, ticks);
    }

    [Theory]
    [InlineData("omit", "catalogue")]
    [InlineData("null", "catalogue")]
    [InlineData("zero", "provider")]
    public async Task Cost_ThatXaiDoesNotReport_IsTheCataloguesPrice(string cost, string source)
    {
        var key = await _gateway.CreateKeyAsync();

        var usage = (await key.FinishedAsync(VideoGateway.With("", $"[[sim:cost={cost}]] {cost}"))).GetProperty("usage");

        (usage.Text("cost_source"), usage.Number("cost_in_usd_ticks")).Should().Be((source, cost == "zero" ? 0 : 1_000_000_000));
        (await key.ReadAsync()).Should().Be(new TestAccount(UsdTicks.FromUsd(5) - new UsdTicks(cost == "zero" ? 0 : 1_000_000_000), UsdTicks.Zero, 0));
    }

    [Theory]
    [InlineData("flagged", "failed", "content_moderated", "hold_settled")]
    [InlineData("moderated", "failed", "content_moderated", "hold_released")]
    [InlineData("failed", "failed", "provider_error", "hold_released")]
    [InlineData("failed;reason=invalid_argument", "failed", "invalid_request_error", "hold_released")]
    [InlineData("expired", "expired", "provider_error", "unreconciled")]
    [InlineData("done-without-status", "succeeded", null, "hold_settled")]
    public async Task Ending_AtXai_IsToldAndBooked(string ending, string status, string? error, string kind)
    {
        var key = await _gateway.CreateKeyAsync();

        var job = await key.FinishedAsync(VideoGateway.With("", $"[[sim:video={ending}]] {ending}"));

        job.Text("status").Should().Be(status);
        if (error is null)
            job.GetProperty("error").ValueKind.Should().Be(System.Text.Json.JsonValueKind.Null);
        else
            job.GetProperty("error").Text("type").Should().Be(error);
        (await key.LedgerAsync()).Select(static entry => entry.Text("kind")).Should().Equal("hold_placed", kind);
        (await key.ReadAsync()).Held.Should().Be(UsdTicks.Zero);
    }

    [Theory]
    [InlineData("grace=2")]
    [InlineData("poll_faults=3")]
    [InlineData("poll_faults=2;poll_fault=edge-page")]
    [InlineData("empty_pending")]
    [InlineData("cost_later=zero")]
    public async Task Trouble_OnTheWay_ChangesNothing(string trouble)
    {
        var key = await _gateway.CreateKeyAsync();

        (await key.FinishedAsync(VideoGateway.With("", $"[[sim:{trouble}]] {trouble}"))).Text("status").Should().Be("succeeded");

        (await key.ReadAsync()).Balance.Should().Be(UsdTicks.FromUsd(5) - new UsdTicks(1_000_000_000));
    }

    [Fact]
    public async Task Caller_WhoDoesNotWait_Gets202AndTheJobGoesOn()
    {
        var key = await _gateway.CreateKeyAsync();

        using var response = await key.StartVideoAsync(VideoGateway.With(",\"max_wait_seconds\":0", "[[sim:video=never]] nobody waits"));

        response.StatusCode.Should().Be(HttpStatusCode.Accepted);
        response.Headers.RetryAfter.Should().NotBeNull();
        var path = response.Headers.Location!.ToString();
        (await response.JsonAsync()).Text("status").Should().BeOneOf("queued", "in_progress");
        var waiting = key.GetAsync($"{path}?wait_seconds=60");
        await UntilStartedAsync("nobody waits");
        _gateway.Xai.FinishVideos(_gateway.Xai.Videos.Single(static video => video.Prompt.EndsWith("nobody waits", StringComparison.Ordinal)).RequestId);
        using var over = await waiting;
        (await over.JsonAsync()).Text("status").Should().Be("succeeded");
        (await key.SettledLedgerAsync()).Select(static entry => entry.Text("kind")).Should().Equal("hold_placed", "hold_settled");
    }

    [Fact]
    public async Task Caller_WhoLeaves_IsChargedAllTheSame()
    {
        var key = await _gateway.CreateKeyAsync();
        using var leave = new CancellationTokenSource();
        var call = _gateway.SendAsync(HttpMethod.Post, VideoGateway.Path, key.Text, VideoGateway.With("", "[[sim:video=never]] the caller leaves"), leave.Token);
        await UntilStartedAsync("the caller leaves");

        await leave.CancelAsync();
        await call.Awaiting(static call => call).Should().ThrowAsync<OperationCanceledException>();
        _gateway.Xai.FinishVideos();

        (await key.SettledLedgerAsync()).Select(static entry => entry.Text("kind")).Should().Equal("hold_placed", "hold_settled");
    }

    [Fact]
    public async Task JobOfAnotherKey_IsLikeAnUnknownOne()
    {
        var (mine, other) = (await _gateway.CreateKeyAsync(), await _gateway.CreateKeyAsync());
        var id = (await mine.FinishedAsync()).Text("id");

        foreach (var path in new[] { $"{VideoGateway.Path}/{id}", $"{VideoGateway.Path}/{id}/content", $"{VideoGateway.Path}/videogen_{new string('0', 32)}", $"{VideoGateway.Path}/x" })
        {
            using var response = await other.GetAsync(path);
            (await response.ErrorAsync()).Should().Be((404, "not_found", (string?)null));
        }

        (await (await other.GetAsync(VideoGateway.Path)).JsonAsync()).GetProperty("data").GetArrayLength().Should().Be(0);
    }

    [Fact]
    public async Task List_IsPagedAndFiltered()
    {
        var key = await _gateway.CreateKeyAsync();
        var ids = new List<string>();
        for (var i = 0; i < 3; i++)
            ids.Insert(0, (await key.FinishedAsync(VideoGateway.With("", i == 1 ? $"[[sim:video=failed]] listed {i}" : $"listed {i}"))).Text("id"));

        var first = await (await key.GetAsync($"{VideoGateway.Path}?limit=2")).JsonAsync();
        first.GetProperty("data").EnumerateArray().Select(static job => job.Text("id")).Should().Equal(ids[0], ids[1]);
        (first.GetProperty("has_more").GetBoolean(), first.Text("next_after")).Should().Be((true, ids[1]));
        var second = await (await key.GetAsync($"{VideoGateway.Path}?limit=2&after={ids[1]}")).JsonAsync();
        second.GetProperty("data").EnumerateArray().Select(static job => job.Text("id")).Should().Equal(ids[2]);
        var failed = await (await key.GetAsync($"{VideoGateway.Path}?status=failed")).JsonAsync();
        failed.GetProperty("data").EnumerateArray().Select(static job => job.Text("id")).Should().Equal(ids[1]);
        using var wrong = await key.GetAsync($"{VideoGateway.Path}?status=over");
        (await wrong.ErrorAsync()).Should().Be((400, "invalid_request_error", "status"));

        using var admin = await _gateway.AdminAsync(HttpMethod.Get, $"/admin/v1/jobs?key={key.Id}&status=succeeded");
        var seen = (await admin.JsonAsync()).GetProperty("data").EnumerateArray().ToArray();
        seen.Select(static job => job.Text("id")).Should().Equal(ids[0], ids[2]);
        seen.Should().OnlyContain(job => job.Text("key_id") == key.Id && job.Text("request_id").StartsWith("req_"));
    }

    [Fact]
    public async Task Limits_OfAKey_CountVideoJobsToo()
    {
        var key = await _gateway.CreateKeyAsync();
        await key.LimitAsync(new Grains.Abstractions.KeyLimits { MaxConcurrent = 1 });
        using var first = await key.StartVideoAsync(VideoGateway.With(",\"max_wait_seconds\":0", "[[sim:video=never]] the one"));
        first.StatusCode.Should().Be(HttpStatusCode.Accepted);

        using var second = await key.StartVideoAsync(VideoGateway.With("", "one too many"));

        (await second.ErrorAsync()).Should().Be((429, "rate_limit_exceeded", (string?)null));
        _gateway.Xai.FinishVideos();
        await key.SettledLedgerAsync();
        (await key.FinishedAsync(VideoGateway.With("", "room again"))).Text("status").Should().Be("succeeded");
    }

    [Fact]
    public async Task InputImage_ThatCameWithTheRequest_ReachesXaiAndIsKeptNowhere()
    {
        var key = await _gateway.CreateKeyAsync();
        const string image = "data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAA";

        await key.FinishedAsync(VideoGateway.With($",\"image\":{{\"type\":\"image_url\",\"url\":\"{image}\"}}", "moving picture"));

        var sent = _gateway.Xai.Requests.Last(static request => request.Method == "POST" && request.Path.EndsWith("/videos/generations", StringComparison.Ordinal));
        System.Text.Encoding.UTF8.GetString(sent.Body.Span).Should().Contain(image);
        Directory.GetFiles(_gateway.MediaPath, "*.image").Should().BeEmpty();
    }

    private async Task UntilStartedAsync(string prompt)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (!_gateway.Xai.Videos.Any(video => video.Prompt.EndsWith(prompt, StringComparison.Ordinal)))
            await Task.Delay(10, limit.Token);
    }
}
