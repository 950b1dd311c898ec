using LlmTr.Api.Tests.Running;

namespace LlmTr.Api.Tests.Video;

public sealed class VideoFieldTests(SharedVideoGateway shared) : IClassFixture<SharedVideoGateway>
{
    [Theory]
    [InlineData("""{"prompt":"x"}""", 400, "invalid_request_error", "model")]
    [InlineData("""{"model":"xai/none","prompt":"x"}""", 404, "model_not_found", "model")]
    [InlineData("""{"model":"xai/grok-4.3","prompt":"x"}""", 400, "unsupported_operation", "model")]
    [InlineData("""{"model":"xai/grok-imagine-video"}""", 400, "invalid_request_error", "prompt")]
    [InlineData("""{"model":"xai/grok-imagine-video","prompt":" "}""", 400, "invalid_request_error", "prompt")]
    [InlineData("""{"model":"xai/grok-imagine-video","prompt":7}""", 400, "invalid_request_error", "prompt")]
    [InlineData("""{"model":"xai/grok-imagine-video","prompt":"x","duration_seconds":0}""", 400, "invalid_request_error", "duration_seconds")]
    [InlineData("""{"model":"xai/grok-imagine-video","prompt":"x","duration_seconds":16}""", 400, "invalid_request_error", "duration_seconds")]
    [InlineData("""{"model":"xai/grok-imagine-video","prompt":"x","duration_seconds":"5"}""", 400, "invalid_request_error", "duration_seconds")]
    [InlineData("""{"model":"xai/grok-imagine-video","prompt":"x","duration_seconds":1.5}""", 400, "invalid_request_error", "duration_seconds")]
    [InlineData("""{"model":"xai/grok-imagine-video","prompt":"x","resolution":"1080p"}""", 400, "invalid_request_error", "resolution")]
    [InlineData("""{"model":"xai/grok-imagine-video","prompt":"x","aspect_ratio":"5:4"}""", 400, "invalid_request_error", "aspect_ratio")]
    [InlineData("""{"model":"xai/grok-imagine-video","prompt":"x","max_wait_seconds":601}""", 400, "invalid_request_error", "max_wait_seconds")]
    [InlineData("""{"model":"xai/grok-imagine-video","prompt":"x","max_wait_seconds":-1}""", 400, "invalid_request_error", "max_wait_seconds")]
    [InlineData("""{"model":"xai/grok-imagine-video","prompt":"x","max_budget_usd":"0.3"}""", 402, "budget_exceeded", "max_budget_usd")]
    [InlineData("""{"model":"xai/grok-imagine-video","prompt":"x","duration":5}""", 400, "invalid_request_error", "duration")]
    [InlineData("""{"model":"xai/grok-imagine-video","prompt":"x","n":1}""", 400, "invalid_request_error", "n")]
    [InlineData("""{"model":"xai/grok-imagine-video","prompt":"x","image":"https://a.example/b.png"}""", 400, "invalid_request_error", "image")]
    [InlineData("""{"model":"xai/grok-imagine-video","prompt":"x","image":{}}""", 400, "invalid_request_error", "image.url")]
    [InlineData("""{"model":"xai/grok-imagine-video","prompt":"x","image":{"url":"http://a.example/b.png"}}""", 400, "invalid_request_error", "image.url")]
    [InlineData("""{"model":"xai/grok-imagine-video","prompt":"x","image":{"url":"file:///etc/passwd"}}""", 400, "invalid_request_error", "image.url")]
    [InlineData("""{"model":"xai/grok-imagine-video","prompt":"x","image":{"file_id":"f"}}""", 400, "unsupported_capability", "image.file_id")]
    [InlineData("""{"model":"xai/grok-imagine-video","prompt":"x","image":{"url":"https://a.example/b","image_url":"https://a.example/c"}}""", 400, "invalid_request_error", "image")]
    [InlineData("""{"model":"xai/grok-imagine-video","prompt":"x","image":{"url":"https://a.example/b","type":"input_image"}}""", 400, "invalid_request_error", "image.type")]
    [InlineData("""{"model":"xai/grok-imagine-video","prompt":"x","image":{"url":"https://a.example/b","more":1}}""", 400, "invalid_request_error", "image")]
    [InlineData("[]", 400, "invalid_request_error", null)]
    [InlineData("", 400, "invalid_request_error", null)]
    public async Task Body_ThatIsWrong_IsRefusedByItsFieldAndSendsNothing(string body, int status, string type, string? param)
    {
        var key = await shared.Gateway.CreateKeyAsync();
        var before = shared.Gateway.Xai.VideoBooks.Started;

        using var response = await key.StartVideoAsync(body);

        (await response.ErrorAsync()).Should().Be((status, type, param));
        (await key.LedgerAsync()).Should().BeEmpty();
        shared.Gateway.Xai.VideoBooks.Started.Should().Be(before);
    }

    [Fact]
    public async Task Body_WithEverything_IsSentAsXaiNamesIt()
    {
        var key = await shared.Gateway.CreateKeyAsync();

        await key.FinishedAsync(
            """{"model":"grok-imagine-video","prompt":"Çay \"ince belli\"","duration_seconds":3,"aspect_ratio":"9:16","resolution":"720p","max_wait_seconds":60,"max_budget_usd":1,"image":null}""");

        var sent = shared.Gateway.Xai.Requests.Last(static request => request.Method == "POST" && request.Path.EndsWith("/videos/generations", StringComparison.Ordinal));
        System.Text.Encoding.UTF8.GetString(sent.Body.Span)
            .Should().Be("""{"model":"grok-imagine-video","prompt":"Çay \"ince belli\"","duration":3,"aspect_ratio":"9:16","resolution":"720p"}""");
    }

    [Theory]
    [InlineData(VideoGateway.Path)]
    [InlineData("/v1/videos/generations")]
    public async Task Prompt_MayHave32768Characters_HoweverTheyAreWritten(string path)
    {
        var key = await shared.Gateway.CreateKeyAsync();
        foreach (var character in (string[])["x", "ş", "😀", "\\u015f", "\\ud83d\\ude00", "\\n"])
        {
            foreach (var (count, status) in ((int, int)[])[(32_768, 200), (32_769, 400)])
            {
                using var response = await shared.Gateway.SendAsync(
                    HttpMethod.Post, path, key.Text, $$"""{"model":"xai/grok-imagine-video","prompt":"x{{string.Concat(Enumerable.Repeat(character, count - 1))}}"}""", default, ("X-LLMTR-Dry-Run", "true"));
                ((int)response.StatusCode).Should().Be(status, "{0} times {1}", count, character);
                if (status == 400)
                    (await response.ErrorAsync()).Should().Be((400, "invalid_request_error", "prompt"));
            }
        }

        (await key.LedgerAsync()).Should().BeEmpty();
    }

    [Fact]
    public async Task NoKey_OpensNothing()
    {
        foreach (var (method, path) in new[]
        {
            (HttpMethod.Post, VideoGateway.Path), (HttpMethod.Get, VideoGateway.Path), (HttpMethod.Get, $"{VideoGateway.Path}/x"), (HttpMethod.Get, $"{VideoGateway.Path}/x/content"),
        })
        {
            using var response = await shared.Gateway.SendAsync(method, path, bearer: null, method == HttpMethod.Post ? VideoGateway.Clip : null);
            (await response.ErrorAsync()).Status.Should().Be(401);
        }

        using var admin = await shared.Gateway.SendAsync(HttpMethod.Get, "/admin/v1/jobs", bearer: null, null);
        (await admin.ErrorAsync()).Status.Should().Be(401);
    }
}
