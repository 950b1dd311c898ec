using System.Net;
using System.Text.Json;
using LlmTr.Api.Tests.Running;

namespace LlmTr.Api.Tests.Video;

/// <summary>Video jobs in xAI's own shapes.</summary>
public sealed class XaiVideoTests(SharedVideoGateway shared) : IClassFixture<SharedVideoGateway>
{
    private readonly TestGateway _gateway = shared.Gateway;

    [Fact]
    public async Task Video_IsTheSameJob_AndCostsTheSame()
    {
        var key = await _gateway.CreateKeyAsync();
        using var start = await StartAsync(key, """{"model":"grok-imagine-video","prompt":"xai shape","duration":2,"aspect_ratio":"16:9","resolution":"720p","user":"u"}""");

        start.StatusCode.Should().Be(HttpStatusCode.OK);
        start.Header("X-LLMTR-Ignored-Fields").Should().Be("user");
        var id = (await start.JsonAsync()).Text("request_id");
        start.Headers.Location!.ToString().Should().Be($"/v1/videos/{id}");
        var (done, headers) = await EndAsync(key, id);
        done.Text("status").Should().Be("done");
        var video = done.GetProperty("video");
        (video.Number("duration"), video.GetProperty("respect_moderation").GetBoolean(), done.Text("model"), done.Number("progress"), done.GetProperty("usage").Number("cost_in_usd_ticks"))
            .Should().Be((2, true, "xai/grok-imagine-video", 100, 1_400_000_000));
        headers.Should().Be("0.14");
        using var file = await _gateway.Http.GetAsync(new Uri(video.Text("url")));
        file.StatusCode.Should().Be(HttpStatusCode.OK);
        (await key.LedgerAsync()).Select(static entry => entry.Number("amount_ticks")).Should().Equal(1_400_000_000, 1_400_000_000);
        using var own = await key.GetAsync($"{VideoGateway.Path}/{id}");
        (await own.JsonAsync()).Text("status").Should().Be("succeeded");
    }

    [Theory]
    [InlineData("flagged", """{"url":"","duration":2,"respect_moderation":false}""", "done")]
    [InlineData("failed", null, "failed")]
    [InlineData("expired", null, "expired")]
    public async Task Ending_IsToldAsXaiTellsIt(string ending, string? video, string status)
    {
        var key = await _gateway.CreateKeyAsync();
        using var start = await StartAsync(key, $$"""{"model":"grok-imagine-video","prompt":"[[sim:video={{ending}}]] xai {{ending}}","duration":2}""");

        var (end, _) = await EndAsync(key, (await start.JsonAsync()).Text("request_id"));

        end.Text("status").Should().Be(status);
        (end.TryGetProperty("video", out var told) ? told.GetRawText() : null).Should().Be(video);
        end.TryGetProperty("error", out var error).Should().Be(status == "failed");
        if (status == "failed")
            error.Text("code").Should().Be("provider_error");
    }

    [Fact]
    public async Task JobThatGoesOn_IsPending_With202_AndAnothersIsNotThere()
    {
        var key = await _gateway.CreateKeyAsync();
        using var start = await StartAsync(key, """{"model":"grok-imagine-video","prompt":"[[sim:video=never]] pending","duration":1}""");
        var path = $"/v1/videos/{(await start.JsonAsync()).Text("request_id")}";

        using var pending = await key.GetAsync(path);
        pending.StatusCode.Should().Be(HttpStatusCode.Accepted);
        (await pending.JsonAsync()).Text("status").Should().Be("pending");
        using var other = await (await _gateway.CreateKeyAsync()).GetAsync(path);
        (await other.ErrorAsync()).Should().Be((404, "not_found", null));
        using var nobody = await _gateway.Http.GetAsync(path);
        (await nobody.ErrorAsync()).Status.Should().Be(401);
    }

    [Theory]
    [InlineData("duration_seconds", "2")]
    [InlineData("max_wait_seconds", "2")]
    [InlineData("duration", "16")]
    [InlineData("resolution", "\"1080p\"")]
    [InlineData("video", "{\"url\":\"https://example.com/a.mp4\"}")]
    [InlineData("reference_images", "[]")]
    [InlineData("user", "7")]
    public async Task WhatCannotBe_IsRefusedByName(string field, string value)
    {
        var key = await _gateway.CreateKeyAsync();
        using var response = await StartAsync(key, $$"""{"model":"grok-imagine-video","prompt":"a","{{field}}":{{value}}}""");

        var error = await response.ErrorAsync();
        (error.Status, error.Param).Should().Be((400, field));
        (await key.LedgerAsync()).Should().BeEmpty();
    }

    [Fact]
    public async Task WithoutMoney_ItIsRefusedAtTheStart()
    {
        var key = await _gateway.CreateKeyAsync("0.01");
        using var response = await StartAsync(key, """{"model":"grok-imagine-video","prompt":"too dear"}""");

        (await response.ErrorAsync()).Should().Be((402, "insufficient_balance", null));
    }

    private static Task<HttpResponseMessage> StartAsync(TestKey key, string body) => key.Gateway.SendAsync(HttpMethod.Post, "/v1/videos/generations", key.Text, body);

    private static async Task<(JsonElement Answer, string? Cost)> EndAsync(TestKey key, string id)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (true)
        {
            using var response = await key.GetAsync($"/v1/videos/{id}");
            if (response.StatusCode == HttpStatusCode.OK)
                return (await response.JsonAsync(), response.Header("X-LLMTR-Cost-USD"));
            response.StatusCode.Should().Be(HttpStatusCode.Accepted);
            await Task.Delay(TimeSpan.FromMilliseconds(20), limit.Token);
        }
    }
}
