using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using LlmTr.XaiSimulator.Control;

namespace LlmTr.XaiSimulator.Tests;

/// <summary>The files that answers name (xAI contract, sections 5.3 and 10.4, and the recorded exchange).</summary>
public sealed class FileTests : MediaTest
{
    [Fact]
    public async Task File_HasTheCapturedHeaders()
    {
        using var response = await Client.GetAsync(await UrlAsync(), Bound);

        response.StatusCode.Should().Be(HttpStatusCode.OK);
        response.Content.Headers.ContentType!.MediaType.Should().Be("image/jpeg");
        response.Content.Headers.ContentLength.Should().Be((await response.Content.ReadAsByteArrayAsync(Bound)).Length);
        response.Content.Headers.LastModified.Should().NotBeNull();
        response.Content.Headers.Expires.Should().NotBeNull();
        response.Headers.ETag!.Tag.Should().MatchRegex("^\"[0-9a-f]{32}\"$");
        response.Headers.CacheControl!.ToString().Should().Be("public, max-age=14400");
        response.Headers.AcceptRanges.Should().Equal("bytes");
        response.Headers.GetValues("Cf-Cache-Status").Should().Equal("MISS");
        response.Headers.Contains("X-Request-Id").Should().BeFalse();
        response.Headers.Contains("Strict-Transport-Security").Should().BeFalse();
    }

    [Fact]
    public async Task Head_TellsTheLength_WithoutTheBytes()
    {
        var url = await UrlAsync();
        using var response = await Client.SendAsync(new HttpRequestMessage(HttpMethod.Head, url), Bound);

        response.Content.Headers.ContentLength.Should().Be((await Client.GetByteArrayAsync(url, Bound)).Length);
        response.Content.Headers.ContentType!.MediaType.Should().Be("image/jpeg");
    }

    [Theory]
    [InlineData("bytes=0-1", 206, 0, 2)]
    [InlineData("bytes=10-", 206, 10, -1)]
    [InlineData("bytes=-2", 206, -2, 2)]
    [InlineData("bytes=5-2", 200, 0, -1)]
    [InlineData("bytes=0-1,4-5", 200, 0, -1)]
    [InlineData("bytes=x-1", 200, 0, -1)]
    [InlineData("lines=0-1", 200, 0, -1)]
    public async Task Range_GetsItsPart(string header, int status, int start, int length)
    {
        var url = await UrlAsync();
        var whole = await Client.GetByteArrayAsync(url, Bound);
        using var message = new HttpRequestMessage(HttpMethod.Get, url);
        message.Headers.TryAddWithoutValidation("Range", header);
        using var response = await Client.SendAsync(message, Bound);

        ((int)response.StatusCode).Should().Be(status);
        var first = start < 0 ? whole.Length + start : start;
        var expected = whole.AsSpan(first, length < 0 ? whole.Length - first : length).ToArray();
        (await response.Content.ReadAsByteArrayAsync(Bound)).Should().Equal(expected);
        if (status == 206)
            response.Content.Headers.ContentRange.Should().Be(new ContentRangeHeaderValue(first, first + expected.Length - 1, whole.Length));
    }

    [Fact]
    public async Task Range_BehindTheEnd_Is416()
    {
        using var message = new HttpRequestMessage(HttpMethod.Get, await UrlAsync());
        message.Headers.TryAddWithoutValidation("Range", "bytes=99999999-");
        using var response = await Client.SendAsync(message, Bound);

        response.StatusCode.Should().Be(HttpStatusCode.RequestedRangeNotSatisfiable);
        response.Content.Headers.ContentRange!.ToString().Should().MatchRegex(@"^bytes \*/\d+$");
    }

    [Fact]
    public async Task Range_OfAnotherVersion_GetsTheWhole()
    {
        using var message = new HttpRequestMessage(HttpMethod.Get, await UrlAsync());
        message.Headers.TryAddWithoutValidation("Range", "bytes=0-1");
        message.Headers.TryAddWithoutValidation("If-Range", "\"other\"");
        using var response = await Client.SendAsync(message, Bound);

        response.StatusCode.Should().Be(HttpStatusCode.OK);
    }

    [Theory]
    [InlineData("expires_ms=0", HttpStatusCode.Forbidden)]
    [InlineData("expires_ms=0;expired=404", HttpStatusCode.NotFound)]
    [InlineData("expires_ms=3600000", HttpStatusCode.OK)]
    public async Task File_ExpiresWhenItsAnswerSaidSo(string words, HttpStatusCode status)
    {
        using var response = await Client.GetAsync(await UrlAsync(words), Bound);

        response.StatusCode.Should().Be(status);
    }

    [Fact]
    public async Task Files_ExpireAllAtOnce_AndLaterOnesLive()
    {
        var old = await UrlAsync();
        Simulator.ExpireFiles(404);

        using var gone = await Client.GetAsync(old, Bound);
        using var there = await Client.GetAsync(await UrlAsync(), Bound);
        using var control = await Client.DeleteAsync(new Uri(Simulator.BaseUrl, "/_sim/files"), Bound);
        using var goneToo = await Client.GetAsync(there.RequestMessage!.RequestUri, Bound);

        gone.StatusCode.Should().Be(HttpStatusCode.NotFound);
        there.StatusCode.Should().Be(HttpStatusCode.OK);
        control.StatusCode.Should().Be(HttpStatusCode.NoContent);
        goneToo.StatusCode.Should().Be(HttpStatusCode.Forbidden);
    }

    [Fact]
    public async Task File_ThatNobodyNamed_Is404()
    {
        using var response = await GetAsync("/xai-imgen/xai-tmp-imgen-nothing.jpeg");

        response.StatusCode.Should().Be(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task Redirect_CanBeScripted()
    {
        Simulator.Enqueue(new Behaviour { Redirect = "http://169.254.169.254/latest" }, match: new RequestMatch { PathStart = "/xai-imgen/" });
        using var still = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false });
        using var response = await still.GetAsync(await UrlAsync(), Bound);

        response.StatusCode.Should().Be(HttpStatusCode.Redirect);
        response.Headers.Location.Should().Be(new Uri("http://169.254.169.254/latest"));
    }

    [Fact]
    public async Task Download_CanBeLong_StepByStep_AndCut()
    {
        var url = await UrlAsync("file_bytes=3000000");
        var ofFiles = new RequestMatch { PathStart = "/xai-imgen/", Method = "GET" };
        Simulator.Enqueue(new Behaviour { Pieces = 3, Step = true }, match: ofFiles);
        Simulator.Enqueue(new Behaviour { Pieces = 3, Cut = BreakPoint.Stream, After = 1 }, match: ofFiles);

        using var stepped = await Client.GetAsync(url, HttpCompletionOption.ResponseHeadersRead, Bound);
        var reading = stepped.Content.ReadAsByteArrayAsync(Bound);
        Simulator.Steps.Allow(2);
        reading.IsCompleted.Should().BeFalse("the third piece has no permit");
        Simulator.Steps.Allow();
        var whole = await reading;
        using var cut = await Client.GetAsync(url, HttpCompletionOption.ResponseHeadersRead, Bound);

        whole.Should().HaveCount(3_000_000);
        whole.Should().StartWith(new byte[] { 0xFF, 0xD8, 0xFF });
        (await ReadToBreakAsync(cut)).IsBroken.Should().BeTrue();
        (await LastAsync()).BytesSent.Should().Be(1_000_000);
    }

    private async Task<Uri> UrlAsync(string words = "")
    {
        var prompt = words.Length == 0 ? "a cat" : $"[[sim:{words}]]";
        var (_, json) = await JsonFromAsync("/v1/images/generations", $$"""{"model":"grok-imagine-image","prompt":{{JsonSerializer.Serialize(prompt)}}}""");
        return new Uri(json.GetProperty("data")[0].GetProperty("url").GetString()!);
    }
}
