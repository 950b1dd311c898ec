using System.Net;
using LlmTr.Xai.Tests.Wire;
using LlmTr.Xai.Wire;

namespace LlmTr.Xai.Tests.Video;

public sealed class MediaDownloadTests
{
    [Theory]
    [InlineData("8.8.8.8", true)]
    [InlineData("104.18.0.1", true)]
    [InlineData("2606:4700::1", true)]
    [InlineData("0.0.0.0", false)]
    [InlineData("10.0.0.1", false)]
    [InlineData("100.64.0.1", false)]
    [InlineData("127.0.0.1", false)]
    [InlineData("169.254.169.254", false)]
    [InlineData("172.16.0.1", false)]
    [InlineData("172.31.255.255", false)]
    [InlineData("192.0.0.1", false)]
    [InlineData("192.168.1.1", false)]
    [InlineData("198.18.0.1", false)]
    [InlineData("224.0.0.1", false)]
    [InlineData("255.255.255.255", false)]
    [InlineData("::", false)]
    [InlineData("::1", false)]
    [InlineData("::ffff:127.0.0.1", false)]
    [InlineData("::ffff:8.8.8.8", true)]
    [InlineData("fc00::1", false)]
    [InlineData("fe80::1", false)]
    [InlineData("64:ff9b::7f00:1", false)]
    [InlineData("2001:db8::1", false)]
    [InlineData("2002:7f00:1::", false)]
    public void Address_OfAPrivateNetwork_IsNotPublic(string address, bool isPublic) => PublicAddress.Is(IPAddress.Parse(address)).Should().Be(isPublic);

    [Theory]
    [InlineData("http://vidgen.x.ai/v.mp4")]
    [InlineData("https://vidgen.x.ai:8443/v.mp4")]
    [InlineData("https://user@vidgen.x.ai/v.mp4")]
    [InlineData("https://vidgen.x.ai.evil.example/v.mp4")]
    [InlineData("https://evil.example/vidgen.x.ai")]
    [InlineData("https://127.0.0.1/v.mp4")]
    [InlineData("ftp://vidgen.x.ai/v.mp4")]
    [InlineData("file:///etc/passwd")]
    [InlineData("/relative")]
    [InlineData("")]
    public async Task Address_ThatIsNotHttpsOnTheList_IsNotFetched(string url)
    {
        using var download = new MediaDownload(["vidgen.x.ai"]);

        var open = () => download.OpenAsync(url, CancellationToken.None);

        await open.Should().ThrowAsync<MediaRefusedException>();
    }

    [Fact]
    public async Task Host_OnTheListWithAPrivateAddress_IsNotConnectedTo()
    {
        using var download = new MediaDownload(["localhost"]);

        var open = () => download.OpenAsync("https://localhost/v.mp4", CancellationToken.None);

        (await open.Should().ThrowAsync<Exception>()).Which.ToString().Should().Contain("no public address");
    }

    [Fact]
    public async Task SimulatorsAuthority_ThatIsNamedExactly_MayBeReachedByHttp()
    {
        await using var server = Answering("HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nabc");
        using var download = new MediaDownload(["vidgen.x.ai"], $"127.0.0.1:{server.Port}");

        using var response = await download.OpenAsync($"http://127.0.0.1:{server.Port}/v.mp4", CancellationToken.None);

        (await response.Content.ReadAsStringAsync()).Should().Be("abc");
        var other = () => download.OpenAsync($"http://localhost:{server.Port}/v.mp4", CancellationToken.None);
        await other.Should().ThrowAsync<MediaRefusedException>();
    }

    [Theory]
    [InlineData("https://evil.example/v.mp4")]
    [InlineData("http://169.254.169.254/latest")]
    [InlineData("//evil.example/v.mp4")]
    public async Task Redirect_ToAHostThatIsNotOnTheList_IsNotFollowed(string location)
    {
        await using var server = Answering($"HTTP/1.1 302 Found\r\nLocation: {location}\r\nContent-Length: 0\r\n\r\n");
        using var download = new MediaDownload(["vidgen.x.ai"], $"127.0.0.1:{server.Port}");

        var open = () => download.OpenAsync($"http://127.0.0.1:{server.Port}/v.mp4", CancellationToken.None);

        await open.Should().ThrowAsync<MediaRefusedException>();
        server.Requests.Should().ContainSingle();
    }

    [Fact]
    public async Task Redirects_InACircle_EndAfterAFew()
    {
        await using var server = Answering("HTTP/1.1 302 Found\r\nLocation: /v.mp4\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
        using var download = new MediaDownload([], $"127.0.0.1:{server.Port}");

        var open = () => download.OpenAsync($"http://127.0.0.1:{server.Port}/v.mp4", CancellationToken.None);

        await open.Should().ThrowAsync<MediaRefusedException>();
        server.Requests.Should().HaveCount(4);
    }

    [Theory]
    [InlineData("403 Forbidden")]
    [InlineData("404 Not Found")]
    [InlineData("206 Partial Content")]
    public async Task Answer_ThatIsNotTheWholeFile_IsRefused(string status)
    {
        await using var server = Answering($"HTTP/1.1 {status}\r\nContent-Length: 0\r\n\r\n");
        using var download = new MediaDownload([], $"127.0.0.1:{server.Port}");

        var open = () => download.OpenAsync($"http://127.0.0.1:{server.Port}/v.mp4", CancellationToken.None);

        await open.Should().ThrowAsync<MediaRefusedException>().WithMessage($"*{status[..3]}*");
    }

    private static RawServer Answering(string answer) => new(async connection =>
    {
        while (await connection.ReadRequestAsync())
            await connection.WriteAsync(answer);
    });
}
