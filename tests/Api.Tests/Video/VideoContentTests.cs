using System.Net;
using System.Security.Cryptography;
using LlmTr.Api.Tests.Running;

namespace LlmTr.Api.Tests.Video;

public sealed class VideoContentTests(SharedVideoGateway shared) : IClassFixture<SharedVideoGateway>
{
    private readonly TestGateway _gateway = shared.Gateway;

    [Fact]
    public async Task File_IsServedWholeInPartsAndByItsHeadersOnly()
    {
        var key = await _gateway.CreateKeyAsync();
        var job = await key.FinishedAsync();
        var path = $"{VideoGateway.Path}/{job.Text("id")}/content";

        using var whole = await key.GetAsync(path);
        var bytes = await whole.Content.ReadAsByteArrayAsync();
        whole.StatusCode.Should().Be(HttpStatusCode.OK);
        whole.Content.Headers.ContentDisposition!.ToString().Should().Contain($"{job.Text("id")}.mp4");
        whole.Headers.AcceptRanges.Should().Contain("bytes");
        var etag = whole.Headers.ETag!.Tag;
        etag.Should().Be($"\"{Convert.ToHexStringLower(SHA256.HashData(bytes))}\"");

        using var part = await key.GetAsync(path, ("Range", "bytes=4-7"));
        (part.StatusCode, await part.Content.ReadAsStringAsync()).Should().Be((HttpStatusCode.PartialContent, "ftyp"));
        using var beyond = await key.GetAsync(path, ("Range", "bytes=99999999-"));
        beyond.StatusCode.Should().Be(HttpStatusCode.RequestedRangeNotSatisfiable);
        using var known = await key.GetAsync(path, ("If-None-Match", etag));
        known.StatusCode.Should().Be(HttpStatusCode.NotModified);
        using var head = await _gateway.SendAsync(HttpMethod.Head, path, key.Text, null);
        (head.StatusCode, head.Content.Headers.ContentLength).Should().Be((HttpStatusCode.OK, bytes.Length));
        (await head.Content.ReadAsByteArrayAsync()).Should().BeEmpty();
    }

    [Fact]
    public async Task SignedAddress_ThatWasChanged_OpensNothing()
    {
        var key = await _gateway.CreateKeyAsync();
        var (one, two) = (await key.FinishedAsync(), await key.FinishedAsync());
        var url = one.Text("url");
        var expires = one.Number("url_expires_at");

        foreach (var wrong in new[]
        {
            url.Replace($"expires={expires}", $"expires={expires + 1}", StringComparison.Ordinal),
            url.Replace(one.Text("id"), two.Text("id"), StringComparison.Ordinal),
            url[..^1] + (url[^1] == '0' ? '1' : '0'),
            url.Replace($"expires={expires}&", "", StringComparison.Ordinal),
        })
        {
            using var response = await _gateway.Http.GetAsync(new Uri(wrong));
            (await response.ErrorAsync()).Status.Should().Be(401);
        }
    }

    [Fact]
    public async Task Copy_ThatXaiDoesNotGive_LeavesXaisAddressAndTheCharge()
    {
        var key = await _gateway.CreateKeyAsync();

        var job = await key.FinishedAsync(VideoGateway.With("", "[[sim:url=https://private.example/v.mp4]] elsewhere"));

        (job.Text("status"), job.Text("url")).Should().Be(("succeeded", "https://private.example/v.mp4"));
        using var content = await key.GetAsync($"{VideoGateway.Path}/{job.Text("id")}/content");
        (await content.ErrorAsync()).Status.Should().Be(404);
        (await key.SettledLedgerAsync()).Select(static entry => entry.Text("kind")).Should().Equal("hold_placed", "hold_settled");
    }

    [Fact]
    public async Task PublicBaseUrl_IsWhatAddressesBeginWith()
    {
        await using var gateway = await TestGateway.StartAsync(configuration: new(VideoGateway.Fast) { ["Video:PublicBaseUrl"] = "https://llm.example/" });
        var key = await gateway.CreateKeyAsync();

        (await key.FinishedAsync()).Text("url").Should().StartWith("https://llm.example/v1/video/generations/videogen_");
    }
}
