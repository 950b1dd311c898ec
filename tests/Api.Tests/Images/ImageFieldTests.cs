using System.Text;
using LlmTr.Api.Images;
using LlmTr.Money;
using LlmTr.Xai.Catalogue;

namespace LlmTr.Api.Tests.Images;

/// <summary>What a request for images may hold, what it is quoted at, and what of it goes to xAI.</summary>
public sealed class ImageFieldTests
{
    private const string Png = "data:image/png;base64,iVBORw0KGgo=";
    private const string Jpeg = "data:image/jpeg;base64,/9j/4AAQ";

    private static readonly ModelCatalogue Catalogue = ModelCatalogue.Load(ModelCatalogue.ShippedPath);

    [Theory]
    [InlineData("""{"model":"xai/grok-imagine-image","prompt":"a cat"}""", """{"model":"grok-imagine-image","prompt":"a cat","n":1,"resolution":"1k","response_format":"url"}""")]
    [InlineData("""{"model":"grok-imagine-image-quality","prompt":"a \u00e7at","n":3,"aspect_ratio":"19.5:9","resolution":"2k","response_format":"b64_json","user":"u1","max_budget_usd":1}""",
        """{"model":"grok-imagine-image-quality","prompt":"a \u00e7at","n":3,"aspect_ratio":"19.5:9","resolution":"2k","response_format":"b64_json","user":"u1"}""")]
    [InlineData("""{"model":"xai/grok-imagine-image","prompt":"a","size":"1536x1024","quality":"auto","background":"opaque","style":"vivid","moderation":"auto","output_format":"jpeg","stream":false,"partial_images":0,"n":null}""",
        """{"model":"grok-imagine-image","prompt":"a","n":1,"aspect_ratio":"3:2","resolution":"1k","response_format":"url"}""")]
    [InlineData("""{"model":"xai/grok-imagine-image","prompt":"a","size":"auto"}""", """{"model":"grok-imagine-image","prompt":"a","n":1,"resolution":"1k","response_format":"url"}""")]
    public void Generation_IsForwardedAsAnAllowList(string body, string forwarded) => Forwarded(ImageRequest.Generations, body).Should().Be(forwarded);

    [Fact]
    public void Edit_ForwardsEveryFormOfAnImageAsAUrl()
    {
        Forwarded(ImageRequest.Edits, $$$"""{"model":"xai/grok-imagine-image","prompt":"p","image":{"type":"image_url","url":"{{{Png}}}"}}""")
            .Should().EndWith($$$""","image":{"url":"{{{Png}}}"}}""");
        Forwarded(ImageRequest.Edits, $$$"""{"model":"xai/grok-imagine-image","prompt":"p","images":[{"url":"https://example.com/a.png"},{"image_url":"{{{Jpeg}}}"},{"image_url":{"url":"{{{Png}}}"}}]}""")
            .Should().EndWith($$$""","images":[{"url":"https://example.com/a.png"},{"url":"{{{Jpeg}}}"},{"url":"{{{Png}}}"}]}""");
    }

    [Theory]
    [InlineData(ImageRequest.Generations, """{"model":"xai/grok-imagine-image","prompt":"p","n":10,"resolution":"2k"}""", 2_000_000_000)]
    [InlineData(ImageRequest.Generations, """{"model":"xai/grok-imagine-image-quality","prompt":"p","n":2,"size":"2048x2048"}""", 1_200_000_000)]
    [InlineData(ImageRequest.Edits, """{"model":"xai/grok-imagine-image","prompt":"p","image":{"url":"https://e.com/a"}}""", 400_000_000)]
    [InlineData(ImageRequest.Edits, """{"model":"xai/grok-imagine-image-quality","prompt":"p","resolution":"2k","images":[{"url":"https://e.com/a"},{"url":"https://e.com/b"}]}""", 1_800_000_000)]
    public void Quote_CoversEveryImageAtItsResolution(string endpoint, string body, long ticks) => Parse(endpoint, body).Cost.Should().Be(new UsdTicks(ticks));

    [Theory]
    [InlineData("""{"prompt":"p"}""", 400, "invalid_request_error", "model")]
    [InlineData("""{"model":"xai/grok-imagine-image"}""", 400, "invalid_request_error", "prompt")]
    [InlineData("""{"model":"xai/grok-imagine-image","prompt":""}""", 400, "invalid_request_error", "prompt")]
    [InlineData("""{"model":"xai/grok-imagine-image","prompt":["p"]}""", 400, "invalid_request_error", "prompt")]
    [InlineData("""{"model":"xai/grok-imagine-image","prompt":"p","n":0}""", 400, "invalid_request_error", "n")]
    [InlineData("""{"model":"xai/grok-imagine-image","prompt":"p","n":11}""", 400, "invalid_request_error", "n")]
    [InlineData("""{"model":"xai/grok-imagine-image","prompt":"p","n":1.5}""", 400, "invalid_request_error", "n")]
    [InlineData("""{"model":"xai/grok-imagine-image","prompt":"p","n":"1"}""", 400, "invalid_request_error", "n")]
    [InlineData("""{"model":"xai/grok-imagine-image","prompt":"p","aspect_ratio":"5:4"}""", 400, "invalid_request_error", "aspect_ratio")]
    [InlineData("""{"model":"xai/grok-imagine-image","prompt":"p","resolution":"4k"}""", 400, "invalid_request_error", "resolution")]
    [InlineData("""{"model":"xai/grok-imagine-image","prompt":"p","resolution":"2K"}""", 400, "invalid_request_error", "resolution")]
    [InlineData("""{"model":"xai/grok-imagine-image","prompt":"p","response_format":"png"}""", 400, "invalid_request_error", "response_format")]
    [InlineData("""{"model":"xai/grok-imagine-image","prompt":"p","user":7}""", 400, "invalid_request_error", "user")]
    [InlineData("""{"model":"xai/grok-imagine-image","prompt":"p","max_budget_usd":-1}""", 400, "invalid_request_error", "max_budget_usd")]
    [InlineData("""{"model":"xai/grok-imagine-image","prompt":"p","size":"123x456"}""", 400, "invalid_request_error", "size")]
    [InlineData("""{"model":"xai/grok-imagine-image","prompt":"p","size":"1024x1024","resolution":"1k"}""", 400, "invalid_request_error", "size")]
    [InlineData("""{"model":"xai/grok-imagine-image","prompt":"p","seed":1}""", 400, "invalid_request_error", "seed")]
    [InlineData("""{"model":"xai/grok-imagine-image","prompt":"p","image":{"url":"https://e.com/a"}}""", 400, "invalid_request_error", "image")]
    [InlineData("""{"model":"xai/grok-imagine-image","prompt":"p","quality":"hd"}""", 400, "unsupported_capability", "quality")]
    [InlineData("""{"model":"xai/grok-imagine-image","prompt":"p","background":"transparent"}""", 400, "unsupported_capability", "background")]
    [InlineData("""{"model":"xai/grok-imagine-image","prompt":"p","output_format":"webp"}""", 400, "unsupported_capability", "output_format")]
    [InlineData("""{"model":"xai/grok-imagine-image","prompt":"p","mask":"x"}""", 400, "unsupported_capability", "mask")]
    [InlineData("""{"model":"xai/grok-imagine-image","prompt":"p","stream":true}""", 400, "invalid_request_error", "stream")]
    [InlineData("""{"model":"xai/grok-4.3","prompt":"p"}""", 400, "unsupported_operation", "model")]
    [InlineData("""{"model":"xai/grok-imagine-image:high","prompt":"p"}""", 404, "model_not_found", "model")]
    public void WrongGeneration_IsRefusedByName(string body, int status, string type, string param) => ShouldBeRefused(ImageRequest.Generations, body, status, type, param);

    [Theory]
    [InlineData("", "invalid_request_error", "image")]
    [InlineData(""","image":null""", "invalid_request_error", "image")]
    [InlineData(""","image":{"url":"https://e.com/a"},"images":[{"url":"https://e.com/a"}]""", "invalid_request_error", "images")]
    [InlineData(""","images":[]""", "invalid_request_error", "images")]
    [InlineData(""","images":{}""", "invalid_request_error", "images")]
    [InlineData(""","images":[{"url":"https://e.com/a"},{"url":"https://e.com/a"},{"url":"https://e.com/a"},{"url":"https://e.com/a"},{"url":"https://e.com/a"},{"url":"https://e.com/a"}]""", "invalid_request_error", "images")]
    [InlineData(""","image":"https://e.com/a" """, "invalid_request_error", "image")]
    [InlineData(""","image":{}""", "invalid_request_error", "image")]
    [InlineData(""","image":{"url":"http://e.com/a"}""", "invalid_request_error", "image.url")]
    [InlineData(""","image":{"url":"file:///etc/passwd"}""", "invalid_request_error", "image.url")]
    [InlineData(""","image":{"url":"https://e.com/a","image_url":"https://e.com/a"}""", "invalid_request_error", "image")]
    [InlineData(""","image":{"url":"https://e.com/a","mask":"x"}""", "invalid_request_error", "image")]
    [InlineData(""","image":{"type":"text","url":"https://e.com/a"}""", "invalid_request_error", "image.type")]
    [InlineData(""","image":{"file_id":"file_1"}""", "unsupported_capability", "image.file_id")]
    [InlineData(""","images":[{"url":"https://e.com/a"},{"url":"data:image/png;base64,/9j/4AAQ"}]""", "invalid_request_error", "images[1].url")]
    [InlineData(""","image":{"url":"data:image/gif;base64,R0lGODlh"}""", "invalid_request_error", "image.url")]
    [InlineData(""","image":{"url":"data:image/webp;base64,UklGRgAAAABXRUJY"}""", "invalid_request_error", "image.url")]
    [InlineData(""","image":{"url":"data:image/png;base64,"}""", "invalid_request_error", "image.url")]
    [InlineData(""","image":{"url":"data:image/png;base64,iV!!"}""", "invalid_request_error", "image.url")]
    public void WrongImageOfAnEdit_IsRefusedByName(string fields, string type, string param) =>
        ShouldBeRefused(ImageRequest.Edits, $$$"""{"model":"xai/grok-imagine-image","prompt":"p"{{{fields}}}}""", 400, type, param);

    [Theory]
    [InlineData("data:image/webp;base64,UklGRgAAAABXRUJQ")]
    [InlineData("DATA:image/JPEG;base64,/9j/4AAQ")]
    [InlineData("data:image\\/png;base64,iVBORw0KGgo=")]
    public void RightImageOfAnEdit_IsTaken(string url) =>
        Parse(ImageRequest.Edits, $$$"""{"model":"xai/grok-imagine-image","prompt":"p","image":{"url":"{{{url}}}"}}""").Inputs.Should().HaveCount(1);

    [Theory]
    [InlineData(10 * 1024 * 1024, true)]
    [InlineData((10 * 1024 * 1024) + 1, false)]
    public void InputImage_IsTakenUpToTenMebibytes(int bytes, bool isTaken)
    {
        var image = new byte[bytes];
        image.AsSpan().Fill(1);
        Convert.FromBase64String("iVBORw0KGgo=").CopyTo(image, 0);
        var body = $$$"""{"model":"xai/grok-imagine-image","prompt":"p","image":{"url":"data:image/png;base64,{{{Convert.ToBase64String(image)}}}"}}""";

        ImageRequest.TryParse(Encoding.UTF8.GetBytes(body), ImageRequest.Edits, Catalogue, out _, out var refusal).Should().Be(isTaken);
        refusal?.Message.Should().Contain("10 MiB");
    }

    private static string Forwarded(string endpoint, string body)
    {
        var writer = new System.Buffers.ArrayBufferWriter<byte>();
        Parse(endpoint, body).WriteForwardBody(writer);
        return Encoding.UTF8.GetString(writer.WrittenSpan);
    }

    private static ImageRequest Parse(string endpoint, string body)
    {
        ImageRequest.TryParse(Encoding.UTF8.GetBytes(body), endpoint, Catalogue, out var request, out var refusal).Should().BeTrue(refusal?.Message ?? "");
        return request!;
    }

    private static void ShouldBeRefused(string endpoint, string body, int status, string type, string param)
    {
        ImageRequest.TryParse(Encoding.UTF8.GetBytes(body), endpoint, Catalogue, out _, out var refusal).Should().BeFalse();
        (refusal!.Status, refusal.Type, refusal.Param).Should().Be((status, type, param));
    }
}
