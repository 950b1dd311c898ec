using System.Text;
using LlmTr.Xai.Tests.Wire;
using LlmTr.Xai.Video;
using LlmTr.Xai.Wire;
using Microsoft.Extensions.Time.Testing;

namespace LlmTr.Xai.Tests.Video;

public sealed class XaiVideosTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);

    private static readonly VideoOrder Order = new() { UpstreamModel = "grok-imagine-video", Prompt = "x", DurationSeconds = 1, Resolution = "480p" };

    [Fact]
    public async Task Start_IsOnePostWithTheKey()
    {
        await using var server = new RawServer(async connection =>
        {
            while (await connection.ReadRequestAsync())
                await connection.AnswerAsync("""{"request_id":"abc-1"}""");
        });
        using var xai = Client(server.Url);

        var start = await Videos(xai).StartAsync(Order, default, Limit);

        (start.Kind, start.RequestId).Should().Be((VideoStartKind.Accepted, "abc-1"));
        var request = server.Requests.Should().ContainSingle().Which;
        request.Head.Should().StartWith("POST /v1/videos/generations HTTP/1.1\r\n");
        request.Header("Authorization").Should().Be("Bearer xai-key");
        Encoding.UTF8.GetString(request.Body).Should().Be("""{"model":"grok-imagine-video","prompt":"x","duration":1,"resolution":"480p"}""");
    }

    [Fact]
    public async Task Start_ThatIsCutOffAfterItWasSent_IsUnknownAndNotSentAgain()
    {
        await using var server = new RawServer(async connection =>
        {
            await connection.ReadRequestAsync();
            connection.Reset();
        });
        using var xai = Client(server.Url);

        (await Videos(xai).StartAsync(Order, default, Limit)).Kind.Should().Be(VideoStartKind.Unknown);

        server.Requests.Should().ContainSingle();
    }

    [Fact]
    public async Task Start_WhoseAnswerBreaksOff_IsUnknown()
    {
        await using var server = new RawServer(async connection =>
        {
            await connection.ReadRequestAsync();
            await connection.WriteAsync("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{\"request_id\":\"abc\"");
        });
        using var xai = Client(server.Url);

        (await Videos(xai).StartAsync(Order, default, Limit)).Kind.Should().Be(VideoStartKind.Unknown);
    }

    [Fact]
    public async Task Start_ThatReachesNobody_WasNeverSent()
    {
        string url;
        await using (var server = new RawServer(static _ => Task.CompletedTask))
            url = server.Url;
        using var xai = Client(url);

        (await Videos(xai).StartAsync(Order, default, Limit)).Kind.Should().Be(VideoStartKind.NeverSent);
    }

    [Fact]
    public async Task Start_WithoutAnAnswerInTime_IsUnknown()
    {
        // The time is over when the whole request has arrived: a limit in real time may end before a busy machine has sent it.
        var clock = new FakeTimeProvider();
        await using var server = new RawServer(async connection =>
        {
            await connection.ReadRequestAsync();
            clock.Advance(Limit);
            await connection.StallAsync();
        });
        using var xai = Client(server.Url);

        (await new XaiVideos(xai, clock).StartAsync(Order, default, Limit).WaitAsync(Limit)).Kind.Should().Be(VideoStartKind.Unknown);
    }

    [Fact]
    public async Task Poll_IsAGetWithTheKeyAndWithoutABody()
    {
        await using var server = new RawServer(async connection =>
        {
            while (await connection.ReadRequestAsync())
                await connection.AnswerAsync("""{"status":"pending","progress":56}""", "202 Accepted");
        });
        using var xai = Client(server.Url);

        (await Videos(xai).PollAsync("abc-1", Limit)).Should().Be(new VideoPoll { Kind = VideoPollKind.Pending, Progress = 56, Status = 202 });

        var request = server.Requests.Should().ContainSingle().Which;
        request.Head.Should().StartWith("GET /v1/videos/abc-1 HTTP/1.1\r\n");
        request.HeaderNames.Should().BeEquivalentTo("Host", "Authorization", "Accept", "User-Agent");
    }

    [Fact]
    public async Task Poll_WithoutAnAnswer_SaysNothing()
    {
        await using var server = new RawServer(async connection =>
        {
            await connection.ReadRequestAsync();
            await connection.StallAsync();
        });
        using var xai = Client(server.Url);

        (await Videos(xai).PollAsync("abc", TimeSpan.FromMilliseconds(300))).Kind.Should().Be(VideoPollKind.NoAnswer);
    }

    private static XaiVideos Videos(XaiClient client) => new(client, TimeProvider.System);

    private static XaiClient Client(string url) => new(new XaiOptions { BaseUrl = url, ApiKey = "xai-key" });
}
