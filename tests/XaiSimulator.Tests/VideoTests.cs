using System.Buffers.Binary;
using System.Net;
using System.Text;
using System.Text.Json;
using LlmTr.Money;
using LlmTr.XaiSimulator.Recording;

namespace LlmTr.XaiSimulator.Tests;

/// <summary>The start of videos, their time, their ends and their files (xAI contract, sections 6 and 10.5).</summary>
public sealed class VideoTests : VideoTest
{
    [Fact]
    public async Task Start_AnswersAnId_AndCostsNothingYet()
    {
        using var response = await PostToAsync(Generations, Clip());

        (await response.Content.ReadAsStringAsync(Bound)).Should().MatchRegex("""^\{"request_id":"[0-9a-f-]{36}"\}$""");
        response.StatusCode.Should().Be(HttpStatusCode.OK);
        response.Headers.GetValues("X-Ratelimit-Limit-Requests").Should().Equal("300");
        response.Headers.Contains("X-Request-Id").Should().BeTrue();
        response.Headers.Contains("X-Data-Retention").Should().BeFalse();
        var request = await LastAsync();
        request.Billed.Should().Be(UsdTicks.Zero);
        request.ResponseId.Should().Be(Simulator.Videos.Single().RequestId);
    }

    [Fact]
    public async Task Looks_ArePendingAt1_ThenJump_ThenDone()
    {
        var id = await StartAsync(Clip("[[sim:polls=6]]"));
        var looks = new List<(int Status, string Text)>();
        for (var i = 0; i < 7; i++)
            looks.Add(await LookAsync(id));

        looks[..6].Should().Equal(new[] { 1, 1, 1, 18, 56, 94 }.Select(progress => (202, $$"""{"status":"pending","progress":{{progress}}}""")));
        looks[6].Text.Should().Be(
            $$$"""{"status":"done","video":{"url":"http://127.0.0.1:{{{Simulator.BaseUrl.Port}}}/xai-vidgen-bucket/xai-video-{{{id}}}.mp4","duration":5,"respect_moderation":true}""" +
            ""","model":"grok-imagine-video","usage":{"cost_in_usd_ticks":2500000000},"progress":100}""");
        looks[6].Status.Should().Be(200);
    }

    [Fact]
    public async Task Look_HasTheCapturedHeaders()
    {
        var id = await StartAsync(Clip());
        using var response = await GetAsync($"/v1/videos/{id}");

        response.StatusCode.Should().Be(HttpStatusCode.Accepted);
        response.Headers.GetValues("X-Data-Retention").Should().Equal("general");
        response.Headers.Contains("X-Request-Id").Should().BeFalse();
        response.Headers.Contains("X-Ratelimit-Limit-Requests").Should().BeFalse();
    }

    [Theory]
    [InlineData("", 4_000_000_000)]
    [InlineData("\"duration\":1", 500_000_000)]
    [InlineData("\"seconds\":\"5\"", 2_500_000_000)]
    [InlineData("\"duration\":5,\"resolution\":\"720p\"", 3_500_000_000)]
    [InlineData("\"duration\":15,\"resolution\":\"720p\"", 10_500_000_000)]
    [InlineData("\"duration\":1,\"image\":{\"url\":\"https://example.com/a.png\"}", 520_000_000)]
    [InlineData("\"duration\":1,\"input_reference\":{\"file_id\":\"f\"}", 520_000_000)]
    public async Task Video_CostsItsSeconds_AndItsImage_OnceWhenItIsDone(string more, long ticks)
    {
        var id = await StartAsync(Clip(more: more));
        var first = await LookUntilNotPendingAsync(id);
        var second = await LookAsync(id);

        JsonElement.Parse(first.Text).GetProperty("usage").GetProperty("cost_in_usd_ticks").GetInt64().Should().Be(ticks);
        second.Should().Be(first);
        await Simulator.WaitForIdleAsync(Bound);
        Simulator.Books.Billed.Should().Be(new UsdTicks(ticks));
        Simulator.VideoBooks.SucceededTicks.Should().Be(new UsdTicks(ticks));
    }

    [Fact]
    public async Task ImageToVideo_NeedsNoPrompt_AndRemembersTheImage()
    {
        await StartAsync($$"""{"model":"grok-imagine-video","image":{"url":"data:image/png;base64,{{Png}}"} }""");

        var request = await LastAsync();
        request.Parts.Should().ContainSingle().Which.Should().BeEquivalentTo(new { Name = "image", ContentType = "image/png", Bytes = 8L });
    }

    [Theory]
    [InlineData("\"duration\":0", """400 {"code":"invalid-argument","error":"Duration must be between 1 and 15 seconds"}""")]
    [InlineData("\"duration\":16", "400 *Duration must be between*")]
    [InlineData("\"duration\":2.5", "422 *duration: invalid type*")]
    [InlineData("\"resolution\":\"1080p\"", "400 *Resolution 1080p*")]
    [InlineData("\"resolution\":\"4k\"", "422 *")]
    [InlineData("\"aspect_ratio\":\"21:9\"", "422 *")]
    [InlineData("\"image\":\"https://example.com/a.png\"", "422 *")]
    [InlineData("\"image\":{\"url\":\"data:image/png;base64,aGVsbG8=\"}", "400 *neither PNG*")]
    [InlineData("\"image\":{\"url\":\"https://a.test/a\"},\"reference_images\":[{\"url\":\"https://a.test/a\"}]", "400 *Either one image or*")]
    public async Task Start_WithAWrongArgument_IsRefused(string more, string expected)
    {
        (await RefusalAsync(Generations, Clip(more: more))).Should().Match(expected);
        Simulator.Videos.Should().BeEmpty();
    }

    [Fact]
    public async Task Start_OfNothing_OrOfAnUnknownModel_IsRefused_AndWithoutAModelItIsMade()
    {
        (await RefusalAsync(Generations, """{"model":"grok-imagine-video"}""")).Should().StartWith("400 ");
        (await RefusalAsync(Generations, """{"model":"grok-4.3","prompt":"x"}""")).Should().StartWith("404 ");
        await StartAsync("""{"prompt":"x","made_up":1}""");

        var request = await LastAsync();
        request.Model.Should().BeNull();
        request.UnknownFields.Should().Equal("made_up");
    }

    [Theory]
    [InlineData("fault=rate", 429)]
    [InlineData("fault=moderated", 400)]
    [InlineData("fault=edge-page", 502)]
    [InlineData("status=500", 500)]
    public async Task Start_ThatFails_StartsNothing(string word, int status)
    {
        (await JsonOrTextStatusAsync(Clip($"[[sim:{word}]]"))).Should().Be(status);
        Simulator.Videos.Should().BeEmpty();
    }

    [Fact]
    public async Task Start_WhoseAnswerIsCut_HasStartedAllTheSame()
    {
        var act = () => PostToAsync(Generations, Clip("[[sim:cut=before]]"));

        await act.Should().ThrowAsync<HttpRequestException>();
        Simulator.VideoBooks.Started.Should().Be(1);
    }

    [Theory]
    [InlineData("failed", """200 {"status":"failed","error":{"code":"internal_error","message":"Video generation failed."},"progress":0}""", 0, VideoState.Failed)]
    [InlineData("expired", """200 {"status":"expired"}""", 0, VideoState.Failed)]
    [InlineData("unknown-status", """200 {"status":"archived"}""", 0, VideoState.Failed)]
    [InlineData(
        "flagged",
        """200 {"status":"done","video":{"url":"","duration":5,"respect_moderation":false},"model":"grok-imagine-video","usage":{"cost_in_usd_ticks":2500000000},"progress":100}""",
        2_500_000_000,
        VideoState.Moderated)]
    [InlineData("moderated", """400 {"code":"imagine:content-moderated","error":"Generated video rejected by content moderation."}""", 2_500_000_000, VideoState.Moderated)]
    [InlineData(
        "empty-url",
        """200 {"status":"done","video":{"url":"","duration":5,"respect_moderation":true},"model":"grok-imagine-video","usage":{"cost_in_usd_ticks":2500000000},"progress":100}""",
        2_500_000_000,
        VideoState.Succeeded)]
    public async Task Video_EndsAsItIsTold(string word, string expected, long billed, VideoState state)
    {
        var id = await StartAsync(Clip($"[[sim:video={word};polls=0]]"));

        for (var i = 0; i < 2; i++)
        {
            var (status, text) = await LookAsync(id);
            $"{status} {text}".Should().Be(expected);
        }

        await Simulator.WaitForIdleAsync(Bound);
        Simulator.Books.Billed.Should().Be(new UsdTicks(billed));
        Simulator.Videos.Single().Should().BeEquivalentTo(new { RequestId = id, State = state, Looks = 2L, Cost = new UsdTicks(billed) });
    }

    [Fact]
    public async Task Failure_HasTheCodeThatItIsTold_AndModerationTheOldFamily()
    {
        var failed = await StartAsync(Clip("[[sim:video=failed;polls=0;reason=service_unavailable]]"));
        var moderated = await StartAsync(Clip("[[sim:video=moderated;polls=0;errors=sentences]]"));

        (await LookAsync(failed)).Text.Should().Contain("\"code\":\"service_unavailable\"");
        (await LookAsync(moderated)).Text.Should().Contain("\"code\":\"Client specified an invalid argument\"");
    }

    [Fact]
    public async Task Done_WithoutStatus_HasAUrlAndNoCost()
    {
        var id = await StartAsync(Clip("[[sim:video=done-without-status;polls=0]]"));

        (await LookAsync(id)).Text.Should().MatchRegex("""^\{"video":\{"url":"http[^"]+\.mp4","duration":5,"respect_moderation":true\},"model":"grok-imagine-video"\}$""");
        (await LastAsync()).Billed.Should().Be(new UsdTicks(2_500_000_000));
    }

    [Theory]
    [InlineData("cost=omit", "{}", "{}", 2_500_000_000)]
    [InlineData("cost=null", """{"cost_in_usd_ticks":null}""", """{"cost_in_usd_ticks":null}""", 2_500_000_000)]
    [InlineData("cost=x2", """{"cost_in_usd_ticks":5000000000}""", """{"cost_in_usd_ticks":5000000000}""", 5_000_000_000)]
    [InlineData("cost_later=7", """{"cost_in_usd_ticks":2500000000}""", """{"cost_in_usd_ticks":7}""", 2_500_000_000)]
    [InlineData("cost=omit;cost_later=x1", "{}", """{"cost_in_usd_ticks":2500000000}""", 2_500_000_000)]
    public async Task Cost_CanBeAbsentNullOrDifferentOnASecondLook(string words, string first, string second, long billed)
    {
        var id = await StartAsync(Clip($"[[sim:polls=0;{words}]]"));

        JsonElement.Parse((await LookAsync(id)).Text).GetProperty("usage").GetRawText().Should().Be(first);
        JsonElement.Parse((await LookAsync(id)).Text).GetProperty("usage").GetRawText().Should().Be(second);
        await Simulator.WaitForIdleAsync(Bound);
        Simulator.Books.Billed.Should().Be(new UsdTicks(billed));
    }

    [Fact]
    public async Task File_IsAnMp4_WithItsOwnName()
    {
        var id = await StartAsync(Clip("[[sim:polls=0]]"));
        var url = new Uri(JsonElement.Parse((await LookAsync(id)).Text).GetProperty("video").GetProperty("url").GetString()!);
        using var keyless = new HttpClient();
        using var response = await keyless.GetAsync(url, Bound);
        var file = await response.Content.ReadAsByteArrayAsync(Bound);

        response.Content.Headers.ContentType!.MediaType.Should().Be("video/mp4");
        var boxes = new List<string>();
        for (var at = 0; at < file.Length; at += BinaryPrimitives.ReadInt32BigEndian(file.AsSpan(at)))
            boxes.Add(Encoding.ASCII.GetString(file, at + 4, 4));
        boxes.Should().Equal("ftyp", "moov", "free", "mdat", "free");
        Encoding.ASCII.GetString(file).Should().EndWith($"xai-video-{id}.mp4");
    }

    [Fact]
    public async Task File_AndUrl_AreToldByTheStart()
    {
        var expired = await StartAsync(Clip("[[sim:polls=0;expires_ms=0]]"));
        var elsewhere = await StartAsync(Clip("[[sim:polls=0;url=http://169.254.169.254/x.mp4]]"));

        var url = JsonElement.Parse((await LookAsync(expired)).Text).GetProperty("video").GetProperty("url").GetString()!;
        using var response = await Client.GetAsync(new Uri(url), Bound);
        response.StatusCode.Should().Be(HttpStatusCode.Forbidden);
        (await LookAsync(elsewhere)).Text.Should().Contain("\"url\":\"http://169.254.169.254/x.mp4\"");
    }

    private async Task<int> JsonOrTextStatusAsync(string body)
    {
        using var response = await PostToAsync(Generations, body);
        return (int)response.StatusCode;
    }
}
