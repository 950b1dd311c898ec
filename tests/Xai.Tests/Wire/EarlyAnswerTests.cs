using System.Net;
using LlmTr.Xai.Wire;

namespace LlmTr.Xai.Tests.Wire;

/// <summary>A server may refuse a body before it has read it, and close. What it said is an answer all the same.</summary>
public class EarlyAnswerTests
{
    private const string Refusal = """{"code":"invalid-argument","error":"Too large."}""";
    private static readonly byte[] s_large = new byte[32 * 1024 * 1024];

    [Theory]
    [InlineData("413 Payload Too Large")]
    [InlineData("400 Bad Request")]
    public async Task LargeBody_RefusedAndClosedBeforeItWasRead_IsAnswered(string status)
    {
        // More than once, because whether the reset arrives before or after a write differs.
        for (var round = 0; round < 20; round++)
        {
            await using var server = new RawServer(async c =>
            {
                await c.ReadHeadAsync();
                await c.AnswerAsync(Refusal, status, "Connection: close\r\n");
            });
            using var client = XaiClientTests.Client(server.Url);

            using var reply = await client.PostAsync("/responses", s_large, "application/json", CancellationToken.None);

            reply.Outcome.Should().Be(XaiOutcome.Answered, "{0}", reply.Error);
            $"{(int)reply.Response!.StatusCode}".Should().Be(status[..3]);
            (await XaiClientTests.TextOfAsync(reply)).Should().Be(Refusal);
            server.Requests.Should().ContainSingle();
        }
    }

    [Fact]
    public async Task LargeBody_RefusedOnAReusedConnection_IsAnsweredAndTheConnectionNotUsedAgain()
    {
        await using var server = new RawServer(async c =>
        {
            await c.ReadRequestAsync();
            await c.AnswerAsync("{}");
            if (!await c.ReadHeadAsync())
                return;
            // No "Connection: close": the client must find out by itself that this connection is at its end.
            await c.AnswerAsync(Refusal, "413 Payload Too Large");
        });
        using var client = XaiClientTests.Client(server.Url);
        using (var first = await XaiClientTests.PostAsync(client))
            await XaiClientTests.TextOfAsync(first);

        using (var reply = await client.PostAsync("/responses", s_large, "application/json", CancellationToken.None))
        {
            reply.Outcome.Should().Be(XaiOutcome.Answered, "{0}", reply.Error);
            reply.Response!.StatusCode.Should().Be(HttpStatusCode.RequestEntityTooLarge);
            (await XaiClientTests.TextOfAsync(reply)).Should().Be(Refusal);
        }

        using var next = await XaiClientTests.PostAsync(client);
        next.Outcome.Should().Be(XaiOutcome.Answered, "{0}", next.Error);
        server.Connections.Should().Be(2);
    }

    [Fact]
    public async Task LargeBody_RefusedWhileTheServerReadsOn_IsAnswered()
    {
        await using var server = new RawServer(async c =>
        {
            await c.ReadHeadAsync();
            await c.AnswerAsync(Refusal, "413 Payload Too Large", "Connection: close\r\n");
            await c.DrainAsync();
        });
        using var client = XaiClientTests.Client(server.Url);
        using var reply = await client.PostAsync("/responses", s_large, "application/json", CancellationToken.None);
        reply.Response!.StatusCode.Should().Be(HttpStatusCode.RequestEntityTooLarge);
    }

    [Fact]
    public async Task LargeBody_DroppedWithoutAnAnswer_IsUnanswered()
    {
        await using var server = new RawServer(async c =>
        {
            await c.ReadHeadAsync();
            c.Reset();
        });
        using var client = XaiClientTests.Client(server.Url);
        using var reply = await client.PostAsync("/responses", s_large, "application/json", CancellationToken.None);
        XaiClientTests.Expect(reply, XaiOutcome.Unanswered, WireFailure.ConnectionLost);
        server.Requests.Should().ContainSingle();
    }
}
