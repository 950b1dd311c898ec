using System.Net;
using LlmTr.Xai.Wire;

namespace LlmTr.Xai.Tests.Wire;

/// <summary>
/// A POST that may have left is never sent again by anything below the caller, because it would be billed again. Each test counts what reached a server
/// that closes or resets a connection at the worst moments.
/// </summary>
public class SentOnceTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task NewConnection_LostAfterTheRequest_IsUnansweredAndNotRepeated(bool reset)
    {
        await using var server = new RawServer(async c =>
        {
            await c.ReadRequestAsync();
            End(c, reset);
        });
        using var client = XaiClientTests.Client(server.Url);

        using var reply = await XaiClientTests.PostAsync(client);

        XaiClientTests.Expect(reply, XaiOutcome.Unanswered, WireFailure.ConnectionLost);
        server.Requests.Should().ContainSingle();
        server.Connections.Should().Be(1);
    }

    [Theory]
    [InlineData(false, true)]
    [InlineData(true, true)]
    [InlineData(false, false)]
    [InlineData(true, false)]
    public async Task ReusedConnection_LostAfterTheRequest_IsUnansweredAndNotRepeated(bool reset, bool readBody)
    {
        await using var server = new RawServer(async c =>
        {
            await c.ReadRequestAsync();
            await c.AnswerAsync("{}");
            await (readBody ? c.ReadRequestAsync() : c.ReadHeadAsync());
            End(c, reset);
        });
        using var client = XaiClientTests.Client(server.Url);
        using (var first = await XaiClientTests.PostAsync(client))
            await XaiClientTests.TextOfAsync(first);

        using var reply = await XaiClientTests.PostAsync(client);

        XaiClientTests.Expect(reply, XaiOutcome.Unanswered, WireFailure.ConnectionLost);
        server.Requests.Should().HaveCount(2, "the first one and the lost one");
        server.Connections.Should().Be(1);
    }

    [Fact]
    public async Task ReusedConnection_LostAfterAnEmptyBody_IsUnansweredAndNotRepeated()
    {
        await using var server = new RawServer(AnswerFirstLoseSecond);
        using var client = XaiClientTests.Client(server.Url);
        using (var first = await XaiClientTests.PostAsync(client))
            await XaiClientTests.TextOfAsync(first);

        using var reply = await client.PostAsync("/responses", ReadOnlyMemory<byte>.Empty, "application/json", CancellationToken.None);

        XaiClientTests.Expect(reply, XaiOutcome.Unanswered, WireFailure.ConnectionLost);
        server.Requests.Should().HaveCount(2);
    }

    [Fact]
    public async Task Body_OnceWritten_CannotBeWrittenAgain()
    {
        await using var server = new RawServer(AnswerFirstLoseSecond);
        using var client = XaiClientTests.Client(server.Url);
        using var reply = await XaiClientTests.PostAsync(client);

        var writeAgain = () => reply.Response!.RequestMessage!.Content!.CopyToAsync(new MemoryStream());

        await writeAgain.Should().ThrowAsync<InvalidOperationException>().WithMessage("*never sent twice*");
    }

    /// <summary>
    /// The control: .NET does repeat a POST, silently, when it has no content object at all. It shows that these servers would see a repeat, and why
    /// <see cref="XaiClient"/> has no way to send without content.
    /// </summary>
    [Fact]
    public async Task PostWithoutContent_OnAReusedConnection_IsRepeatedByDotNetItself()
    {
        await using var server = new RawServer(AnswerFirstLoseSecond);
        using var invoker = new HttpMessageInvoker(new SocketsHttpHandler { UseProxy = false });
        for (var i = 0; i < 2; i++)
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, server.Url);
            using var response = await invoker.SendAsync(request, CancellationToken.None);
            await response.Content.ReadAsStringAsync();
        }

        server.Requests.Should().HaveCount(3, "two were asked for");
    }

    [Fact]
    public async Task ReusedConnection_LostWithALargeBodyOnItsWay_IsUnansweredAndNotRepeated()
    {
        await using var server = new RawServer(async c =>
        {
            await c.ReadRequestAsync();
            await c.AnswerAsync("{}");
            await c.ReadHeadAsync();
            c.Reset();
        });
        using var client = XaiClientTests.Client(server.Url);
        using (var first = await XaiClientTests.PostAsync(client))
            await XaiClientTests.TextOfAsync(first);

        using var reply = await client.PostAsync("/responses", new byte[32 * 1024 * 1024], "application/json", CancellationToken.None);

        XaiClientTests.Expect(reply, XaiOutcome.Unanswered, WireFailure.ConnectionLost);
        server.Requests.Should().HaveCount(2);
        server.Connections.Should().Be(1);
    }

    [Theory]
    [InlineData(false, "")]
    [InlineData(true, "")]
    [InlineData(false, "HTTP/1.1 408 Request Timeout\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")]
    public async Task IdleConnection_ThatTheServerEnded_IsNotUsedForTheNextPost(bool reset, string farewell)
    {
        var isEnded = new TaskCompletionSource();
        var mayEnd = new TaskCompletionSource();
        await using var server = new RawServer(async c =>
        {
            await c.ReadRequestAsync();
            await c.AnswerAsync("{}");
            if (c.Number > 1)
                return;
            await mayEnd.Task;
            await c.WriteAsync(farewell);
            End(c, reset);
            isEnded.SetResult();
        });
        using var client = XaiClientTests.Client(server.Url);
        using (var first = await XaiClientTests.PostAsync(client))
            await XaiClientTests.TextOfAsync(first);
        mayEnd.SetResult();
        // On the loopback interface the close has reached the client's socket when the call that made it returns.
        await isEnded.Task;

        using var reply = await XaiClientTests.PostAsync(client);

        reply.Outcome.Should().Be(XaiOutcome.Answered, "{0}", reply.Error);
        reply.Response!.StatusCode.Should().Be(HttpStatusCode.OK);
        server.Requests.Should().HaveCount(2, "each POST came once");
        server.Connections.Should().Be(2);
    }

    [Fact]
    public async Task ManyPosts_ToAServerThatDropsConnectionsAtWill_EachArriveAtMostOnce()
    {
        // Every third connection is dropped at another point: before, in and after a request, with and without an answer.
        await using var server = new RawServer(async c =>
        {
            for (var i = 0; i < 3; i++)
            {
                if (c.Number % 3 == i)
                {
                    End(c, reset: c.Number % 2 == 0);
                    return;
                }

                if (!await c.ReadRequestAsync())
                    return;
                if (c.Number % 4 == i)
                {
                    End(c, reset: c.Number % 2 == 1);
                    return;
                }

                await c.AnswerAsync("{}");
            }
        });
        using var client = XaiClientTests.Client(server.Url);

        var outcomes = new Dictionary<string, XaiOutcome>();
        for (var i = 0; i < 200; i++)
        {
            using var reply = await client.PostAsync($"/responses/{i}", "{}"u8.ToArray(), "application/json", CancellationToken.None);
            outcomes.Add($"/v1/responses/{i}", reply.Outcome);
            if (reply.Outcome == XaiOutcome.Answered)
                await XaiClientTests.TextOfAsync(reply);
        }

        var arrived = server.Requests.Select(r => r.Head.Split(' ')[1]).ToList();
        arrived.Should().OnlyHaveUniqueItems();
        arrived.Should().HaveCountGreaterThan(100);
        outcomes.Where(o => o.Value == XaiOutcome.NeverSent).Select(o => o.Key).Should().NotIntersectWith(arrived);
        outcomes.Where(o => o.Value == XaiOutcome.Answered).Select(o => o.Key).Should().BeSubsetOf(arrived);
        outcomes.Values.Should().Contain(XaiOutcome.Answered).And.Contain(XaiOutcome.Unanswered);
    }

    private static async Task AnswerFirstLoseSecond(RawConnection connection)
    {
        await connection.ReadRequestAsync();
        await connection.AnswerAsync("{}");
        await connection.ReadRequestAsync();
    }

    private static void End(RawConnection connection, bool reset)
    {
        if (reset)
            connection.Reset();
        else
            connection.Dispose();
    }
}
