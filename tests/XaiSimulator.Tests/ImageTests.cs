using System.Net;
using System.Text.Json;
using LlmTr.Money;
using LlmTr.XaiSimulator.Control;

namespace LlmTr.XaiSimulator.Tests;

/// <summary>Images (xAI contract, sections 5 and 10.4).</summary>
public sealed class ImageTests : MediaTest
{
    private const string Generations = "/v1/images/generations";
    private const string Edits = "/v1/images/edits";
    private const string Source = $$"""{"url":"data:image/png;base64,{{Png}}"}""";

    [Theory]
    [InlineData("grok-imagine-image", "", 200_000_000)]
    [InlineData("grok-imagine-image", "\"n\":2,\"resolution\":\"2k\"", 400_000_000)]
    [InlineData("grok-imagine-image", "\"n\":10", 2_000_000_000)]
    [InlineData("grok-imagine-image-quality", "\"n\":1", 400_000_000)]
    [InlineData("grok-imagine-image-quality", "\"resolution\":\"2k\"", 600_000_000)]
    [InlineData("grok-imagine-image-2.0", "\"resolution\":\"1k\"", 400_000_000)]
    [InlineData("grok-imagine-image-2.0", "\"quality\":\"medium\",\"resolution\":\"2k\"", 800_000_000)]
    public async Task Generation_CostsItsOutputs(string model, string more, long ticks)
    {
        var (status, json) = await JsonFromAsync(Generations, Generation(more, model));

        status.Should().Be(200);
        CostOf(json).Should().Be(ticks);
        (await LastAsync()).Billed.Should().Be(new UsdTicks(ticks));
    }

    [Theory]
    [InlineData("grok-imagine-image", "\"image\":" + Source, 220_000_000)]
    [InlineData("grok-imagine-image", "\"images\":[" + Source + "," + Source + "," + Source + "," + Source + "," + Source + "]", 300_000_000)]
    [InlineData("grok-imagine-image-quality", "\"n\":2,\"images\":[" + Source + "," + Source + "]", 1_000_000_000)]
    [InlineData("grok-imagine-image-2.0", "\"quality\":\"auto\",\"image\":" + Source, 700_000_000)]
    public async Task Edit_CostsItsOutputsAndItsInputs(string model, string more, long ticks)
    {
        var (status, json) = await JsonFromAsync(Edits, Generation(more, model));

        status.Should().Be(200);
        CostOf(json).Should().Be(ticks);
    }

    [Fact]
    public async Task Answer_HasTheCapturedShape_AndAPictureAtEachUrl()
    {
        using var response = await PostToAsync(Generations, Generation("\"n\":2,\"aspect_ratio\":\"16:9\",\"response_format\":\"url\""));

        var text = await response.Content.ReadAsStringAsync(Bound);
        const string image = """\{"url":"http://127\.0\.0\.1:\d+/xai-imgen/xai-tmp-imgen-[0-9a-f-]{36}-[0-9a-f]{8}\.jpeg","mime_type":"image/jpeg"\}""";
        text.Should().MatchRegex($$$"""^\{"data":\[{{{image}}},{{{image}}}\],"usage":\{"cost_in_usd_ticks":400000000\}\}$""");
        response.Headers.GetValues("X-Ratelimit-Limit-Requests").Should().Equal("300");
        response.Headers.Contains("X-Ratelimit-Limit-Tokens").Should().BeFalse();
        response.Headers.Contains("X-Request-Id").Should().BeTrue();
        response.Headers.Contains("X-Metrics-E2e-Ms").Should().BeTrue();

        var urls = JsonElement.Parse(text).GetProperty("data").EnumerateArray().Select(entry => new Uri(entry.GetProperty("url").GetString()!)).ToList();
        using var keyless = new HttpClient();
        var pictures = new[] { await keyless.GetByteArrayAsync(urls[0], Bound), await keyless.GetByteArrayAsync(urls[1], Bound) };
        pictures.Should().AllSatisfy(picture =>
        {
            picture.Should().StartWith(new byte[] { 0xFF, 0xD8, 0xFF });
            picture.Should().EndWith(new byte[] { 0xFF, 0xD9 });
        });
        pictures[0].Should().NotEqual(pictures[1], "each is a file of its own");
    }

    [Fact]
    public async Task Base64_IsThePictureWithoutAPrefix()
    {
        var (_, json) = await JsonFromAsync(Generations, Generation("\"response_format\":\"b64_json\""));

        var image = json.GetProperty("data")[0];
        image.GetProperty("b64_json").GetBytesFromBase64().Should().StartWith(new byte[] { 0xFF, 0xD8, 0xFF });
        image.GetProperty("mime_type").GetString().Should().Be("image/jpeg");
        image.TryGetProperty("url", out _).Should().BeFalse();
    }

    [Fact]
    public async Task Model_LeftOut_IsGeneratedAndBilled_AndTold()
    {
        var (status, json) = await JsonFromAsync(Generations, """{"prompt":"a cat","seed":7}""");

        status.Should().Be(200);
        CostOf(json).Should().Be(200_000_000);
        var request = await LastAsync();
        request.Model.Should().BeNull();
        request.UnknownFields.Should().Equal("seed");
    }

    [Fact]
    public async Task Sources_OfAGeneration_AreNoFieldsOfIt()
    {
        await JsonFromAsync(Generations, Generation("\"image\":" + Source));

        (await LastAsync()).UnknownFields.Should().Equal("image");
    }

    [Theory]
    [InlineData("\"size\":\"1024x1024\"", """400 {"code":"invalid-argument","error":"Argument not supported: size"}""")]
    [InlineData("\"n\":11", "400 *n must be*")]
    [InlineData("\"n\":0", "400 *n must be*")]
    [InlineData("\"n\":\"2\"", "422 *n: invalid type*")]
    [InlineData("\"resolution\":\"4k\"", "422 *resolution: unknown variant*")]
    [InlineData("\"aspect_ratio\":\"7:5\"", "422 *aspect_ratio: unknown variant*")]
    [InlineData("\"quality\":\"low\"", "400 *not supported on this model: quality*")]
    [InlineData("\"response_format\":\"png\"", "422 *")]
    public async Task Generation_WithAWrongArgument_IsRefused(string more, string expected) =>
        (await RefusalAsync(Generations, Generation(more))).Should().Match(expected);

    [Theory]
    [InlineData("""{"model":"grok-imagine-image"}""", "422 *missing field `prompt`*")]
    [InlineData("""{"model":"grok-4.3","prompt":"x"}""", "404 *The model grok-4.3 does not exist*")]
    [InlineData("""{"model":"grok-imagine-image","prompt":" "}""", "400 *")]
    [InlineData("[]", "422 *")]
    [InlineData("{", "400 *")]
    public async Task Generation_ThatIsNone_IsRefused(string body, string expected) => (await RefusalAsync(Generations, body)).Should().Match(expected);

    [Theory]
    [InlineData("\"user\":\"u\"", "400 *Between 1 and 5*")]
    [InlineData("\"image\":" + Source + ",\"images\":[" + Source + "]", "400 *Only one of image and images*")]
    [InlineData("\"images\":[]", "400 *Between 1 and 5*")]
    [InlineData("\"images\":[" + Source + "," + Source + "," + Source + "," + Source + "," + Source + "," + Source + "]", "400 *Between 1 and 5*")]
    [InlineData("\"image\":\"https://example.com/a.png\"", "422 *image: invalid type*")]
    [InlineData("\"image\":{}", "422 *image: missing field `url`*")]
    [InlineData("\"image\":{\"url\":\"ftp://example.com/a.png\"}", "400 *URL*")]
    [InlineData("\"image\":{\"url\":\"data:image/png;base64,!!!!\"}", "400 *not base64*")]
    [InlineData("\"image\":{\"url\":\"data:image/png;base64,aGVsbG8=\"}", "400 *neither PNG*")]
    public async Task Edit_WithWrongSources_IsRefused(string more, string expected) => (await RefusalAsync(Edits, Generation(more))).Should().Match(expected);

    [Theory]
    [InlineData("""{"url":"https://example.com/a.png"}""")]
    [InlineData("""{"type":"image_url","url":"https://example.com/a.png"}""")]
    [InlineData("""{"image_url":"https://example.com/a.png"}""")]
    [InlineData("""{"file_id":"file-1"}""")]
    public async Task Edit_TakesReferences_WithoutFetchingThem(string source) =>
        (await JsonFromAsync(Edits, Generation("\"image\":" + source))).Status.Should().Be(200);

    [Fact]
    public async Task Edit_IsRemembered_ByTheFactsOfItsImages_NotByItsBytes()
    {
        var image = new byte[2_000_000];
        Convert.FromBase64String(Png).CopyTo(image, 0);
        var body = Generation($$"""
            "images":[{"url":"data:image/png;base64,{{Convert.ToBase64String(image)}}"},{"url":"https://example.com/b.png"}]
            """);

        (await JsonFromAsync(Edits, body)).Status.Should().Be(200);

        var request = await LastAsync();
        request.Body.Length.Should().Be(0);
        request.BodyBytes.Should().Be(body.Length);
        request.Parts.Should().Equal(
            new Recording.RecordedPart("images[0]", null, "image/png", 2_000_000, Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(image)), null),
            new Recording.RecordedPart("images[1]", null, null, 0, null, "https://example.com/b.png"));
    }

    [Fact]
    public async Task Moderated_IsRefusedAndBilled_ByWhatItWouldHaveCost()
    {
        var (status, json) = await JsonFromAsync(Generations, Generation("\"n\":2", prompt: "[[sim:moderated]]"));

        status.Should().Be(400);
        json.GetRawText().Should().Be(
            """{"code":"imagine:content-moderated","error":"Generated image rejected by content moderation.","usage":{"cost_in_usd_ticks":400000000}}""");
        (await LastAsync()).Billed.Should().Be(new UsdTicks(400_000_000));
        Simulator.Books.Billed.Should().Be(new UsdTicks(400_000_000));
    }

    [Fact]
    public async Task Moderated_InTheOldFamily_AndWithoutCost_IsPossible()
    {
        var (_, json) = await JsonFromAsync(Generations, Generation("", prompt: "[[sim:moderated;errors=sentences;cost=omit]]"));

        json.GetRawText().Should().Be("""{"code":"Client specified an invalid argument","error":"Generated image rejected by content moderation.","usage":{}}""");
        (await LastAsync()).Billed.Should().Be(new UsdTicks(200_000_000));
    }

    [Theory]
    [InlineData("omit", "{}", 200_000_000)]
    [InlineData("null", """{"cost_in_usd_ticks":null}""", 200_000_000)]
    [InlineData("zero", """{"cost_in_usd_ticks":0}""", 0)]
    [InlineData("string", """{"cost_in_usd_ticks":"200000000"}""", 200_000_000)]
    [InlineData("x100", """{"cost_in_usd_ticks":20000000000}""", 20_000_000_000)]
    public async Task Cost_CanBeReportedWrongly(string word, string usage, long billed)
    {
        var (_, json) = await JsonFromAsync(Generations, Generation("", prompt: $"[[sim:cost={word}]]"));

        json.GetProperty("usage").GetRawText().Should().Be(usage);
        (await LastAsync()).Billed.Should().Be(new UsdTicks(billed));
    }

    [Fact]
    public async Task Usage_Url_AndModel_CanBeSwitched()
    {
        var (_, json) = await JsonFromAsync(Generations, Generation("", prompt: "[[sim:usage=omit;url=https://elsewhere.test/x.jpeg;model=grok-imagine-image-2.0]]"));

        json.GetRawText().Should().Be("""{"data":[{"url":"https://elsewhere.test/x.jpeg","mime_type":"image/jpeg"}],"model":"grok-imagine-image-2.0"}""");
    }

    [Theory]
    [InlineData("fault=unreachable-image", HttpStatusCode.BadRequest)]
    [InlineData("fault=edge-page", HttpStatusCode.BadGateway)]
    [InlineData("fault=edge-520", (HttpStatusCode)520)]
    [InlineData("fault=credits", HttpStatusCode.Forbidden)]
    public async Task Fault_WorksHereToo(string word, HttpStatusCode status)
    {
        using var response = await PostToAsync(Generations, Generation("", prompt: $"[[sim:{word}]]"));

        response.StatusCode.Should().Be(status);
    }

    [Fact]
    public async Task Cut_InTheBody_IsBilled()
    {
        Simulator.Enqueue(new Behaviour { Cut = BreakPoint.Body, After = 20 }, match: new RequestMatch { Path = Generations });
        using var response = await PostToAsync(Generations, Generation(""));

        (await ReadToBreakAsync(response)).Should().Match<(string Text, bool IsBroken)>(read => read.IsBroken && read.Text.Length == 20);
        (await LastAsync()).Billed.Should().Be(new UsdTicks(200_000_000));
    }

    [Fact]
    public async Task Key_IsChecked()
    {
        Client.DefaultRequestHeaders.Authorization = null;
        (await RefusalAsync(Generations, Generation(""))).Should().StartWith("401 ").And.Contain("No credentials presented.");
    }

    private static string Generation(string more, string model = "grok-imagine-image", string prompt = "a cat") =>
        $$"""{"model":"{{model}}","prompt":{{JsonSerializer.Serialize(prompt)}}{{(more.Length > 0 ? "," : "")}}{{more}}}""";

    private static long CostOf(JsonElement answer) => answer.GetProperty("usage").GetProperty("cost_in_usd_ticks").GetInt64();
}
