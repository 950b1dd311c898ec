using System.Diagnostics;
using System.Net;
using System.Text;
using LlmTr.Xai.Wire;

namespace LlmTr.Xai.Tests.Wire;

public class XaiClientTests
{
    private const string Key = "xai-platform-key";
    private static readonly byte[] s_body = """{"model":"grok-4.3"}"""u8.ToArray();

    [Fact]
    public async Task Post_OfABody_SendsExactlyTheFixedHeaders()
    {
        await using var server = new RawServer(AnswerEverything);
        using var client = Client(server.Url);
        using var activity = new Activity("a customer's trace").SetIdFormat(ActivityIdFormat.W3C).AddBaggage("secret", "value").Start();

        using var reply = await PostAsync(client);

        reply.Outcome.Should().Be(XaiOutcome.Answered);
        reply.Failure.Should().Be(WireFailure.None);
        var request = server.Requests.Should().ContainSingle().Subject;
        request.HeaderNames.Should().BeEquivalentTo("Host", "Authorization", "Accept", "User-Agent", "Content-Type", "Content-Length");
        request.Head.Should().StartWith("POST /v1/responses HTTP/1.1\r\n");
        request.Header("Authorization").Should().Be("Bearer " + Key);
        request.Header("Accept").Should().Be("*/*");
        request.Header("User-Agent").Should().Be(XaiClient.UserAgent).And.MatchRegex(@"^LlmTr\.Orleans/\d+\.\d+\.\d+$");
        request.Header("Content-Type").Should().Be("application/json");
        request.Body.Should().Equal(s_body);
    }

    [Fact]
    public async Task Post_OfStreamedContent_SendsOnlyItsContentType()
    {
        await using var server = new RawServer(AnswerEverything);
        using var client = Client(server.Url + "/", key: "");
        using var content = new StreamContent(new MemoryStream(s_body));
        content.Headers.TryAddWithoutValidation("Content-Type", "multipart/form-data; boundary=x");
        content.Headers.TryAddWithoutValidation("Content-Disposition", "form-data");
        content.Headers.TryAddWithoutValidation("X-Customer", "secret");

        using var reply = await client.PostAsync("/stt", content, CancellationToken.None);

        reply.Outcome.Should().Be(XaiOutcome.Answered);
        var request = server.Requests.Should().ContainSingle().Subject;
        request.Head.Should().StartWith("POST /v1/stt HTTP/1.1\r\n", "a slash at the end of the base URL is not doubled");
        request.HeaderNames.Should().BeEquivalentTo(["Host", "Accept", "User-Agent", "Content-Type", "Content-Length"], "no key is configured");
        request.Header("Content-Type").Should().Be("multipart/form-data; boundary=x");
        request.Body.Should().Equal(s_body);
    }

    [Fact]
    public async Task Posts_OneAfterAnother_ShareAConnectionAndReturnNoCookie()
    {
        await using var server = new RawServer(async c =>
        {
            while (await c.ReadRequestAsync())
                await c.AnswerAsync("{}", headers: "Set-Cookie: __cf_bm=x; path=/\r\n");
        });
        using var client = Client(server.Url);
        for (var i = 0; i < 3; i++)
        {
            using var reply = await PostAsync(client);
            (await TextOfAsync(reply)).Should().Be("{}");
        }

        server.Connections.Should().Be(1);
        server.Requests.Should().HaveCount(3).And.OnlyContain(r => r.Header("Cookie") == null);
    }

    [Theory]
    [InlineData("307 Temporary Redirect", "Location: /v1/elsewhere\r\n")]
    [InlineData("308 Permanent Redirect", "Location: http://127.0.0.1:1/\r\n")]
    [InlineData("401 Unauthorized", "WWW-Authenticate: Basic realm=\"x\"\r\n")]
    [InlineData("407 Proxy Authentication Required", "Proxy-Authenticate: Basic\r\n")]
    [InlineData("408 Request Timeout", "Connection: close\r\n")]
    [InlineData("421 Misdirected Request", "")]
    [InlineData("425 Too Early", "")]
    [InlineData("429 Too Many Requests", "Retry-After: 0\r\n")]
    [InlineData("503 Service Unavailable", "Retry-After: 0\r\n")]
    public async Task Answer_ThatInvitesAnotherRequest_IsGivenBackAsItIs(string status, string headers)
    {
        await using var server = new RawServer(async c =>
        {
            while (await c.ReadRequestAsync())
                await c.AnswerAsync("{}", status, headers);
        });
        using var client = Client(server.Url);

        using var reply = await PostAsync(client);

        reply.Outcome.Should().Be(XaiOutcome.Answered);
        $"{(int)reply.Response!.StatusCode}".Should().Be(status[..3]);
        server.Requests.Should().ContainSingle();
    }

    [Fact]
    public async Task Answer_WithACompressedBody_IsNotUnpacked()
    {
        await using var server = new RawServer(async c =>
        {
            await c.ReadRequestAsync();
            await c.AnswerAsync("not really gzip", headers: "Content-Encoding: gzip\r\n");
        });
        using var client = Client(server.Url);
        using var reply = await PostAsync(client);
        (await TextOfAsync(reply)).Should().Be("not really gzip");
    }

    [Fact]
    public async Task Answer_AfterInterimOnes_IsTheFinalOne()
    {
        await using var server = new RawServer(async c =>
        {
            await c.ReadRequestAsync();
            await c.WriteAsync("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n");
            await c.AnswerAsync("{}");
        });
        using var client = Client(server.Url);
        using var reply = await PostAsync(client);
        reply.Response!.StatusCode.Should().Be(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Answer_IsThereWithItsHeaders_BeforeItsBodyHasCome()
    {
        var isRead = new TaskCompletionSource();
        await using var server = new RawServer(async c =>
        {
            await c.ReadRequestAsync();
            await c.WriteAsync("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
            await isRead.Task;
            await c.WriteAsync("2\r\nok\r\n0\r\n\r\n");
        });
        using var client = Client(server.Url);

        using var reply = await PostAsync(client);
        reply.Outcome.Should().Be(XaiOutcome.Answered);
        isRead.SetResult();

        (await TextOfAsync(reply)).Should().Be("ok");
    }

    [Fact]
    public async Task Abort_WhileWaitingForAnAnswer_IsUnanswered()
    {
        var isRead = new TaskCompletionSource();
        await using var server = new RawServer(async c =>
        {
            await c.ReadRequestAsync();
            isRead.SetResult();
            await c.StallAsync();
        });
        using var client = Client(server.Url);
        using var abort = new CancellationTokenSource();

        var posting = PostAsync(client, abort.Token);
        await isRead.Task;
        await abort.CancelAsync();
        using var reply = await posting;

        Expect(reply, XaiOutcome.Unanswered, WireFailure.Aborted);
        server.Requests.Should().ContainSingle();
    }

    [Fact]
    public async Task Abort_WhileTheBodyIsOnItsWay_IsUnanswered()
    {
        var isBegun = new TaskCompletionSource();
        await using var server = new RawServer(async c =>
        {
            await c.ReadHeadAsync();
            isBegun.SetResult();
            await c.StallAsync();
        });
        using var client = Client(server.Url);
        using var abort = new CancellationTokenSource();

        var posting = client.PostAsync("/responses", new byte[64 * 1024 * 1024], "application/json", abort.Token);
        await isBegun.Task;
        await abort.CancelAsync();
        using var reply = await posting;

        Expect(reply, XaiOutcome.Unanswered, WireFailure.Aborted);
        server.Requests.Should().ContainSingle();
    }

    [Theory]
    [InlineData("This is not HTTP at all\r\n\r\n", WireFailure.NotHttp)]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Ty", WireFailure.ConnectionLost)]
    [InlineData("HTTP/1.1 100 Continue\r\n\r\n", WireFailure.ConnectionLost)]
    [InlineData("", WireFailure.ConnectionLost)]
    public async Task Answer_WithoutWholeHeaders_IsUnanswered(string answer, WireFailure failure)
    {
        await using var server = new RawServer(async c =>
        {
            await c.ReadRequestAsync();
            await c.WriteAsync(answer);
        });
        using var client = Client(server.Url);
        using var reply = await PostAsync(client);
        Expect(reply, XaiOutcome.Unanswered, failure);
        server.Requests.Should().ContainSingle();
    }

    [Fact]
    public async Task Answer_WithHeadersWithoutEnd_IsUnanswered()
    {
        await using var server = new RawServer(async c =>
        {
            await c.ReadRequestAsync();
            await c.WriteAsync("HTTP/1.1 200 OK\r\nX-Long: " + new string('x', 200_000));
            await c.StallAsync();
        });
        using var client = Client(server.Url);
        using var reply = await PostAsync(client);
        Expect(reply, XaiOutcome.Unanswered, WireFailure.NotHttp);
    }

    [Fact]
    public void Errors_OfTheClient_NameNoKey()
    {
        var make = () => new XaiClient(new XaiOptions { ApiKey = "xai-with space", ConnectTimeoutSeconds = 0 });
        make.Should().Throw<ArgumentException>().Which.Message.Should().Contain("ConnectTimeoutSeconds").And.Contain("API key").And.NotContain("with space");
    }

    [Fact]
    public async Task Path_WithoutASlash_IsRefused()
    {
        using var client = Client("http://127.0.0.1:1/v1");
        var post = () => client.PostAsync("responses", s_body, "application/json", CancellationToken.None);
        await post.Should().ThrowAsync<ArgumentException>();
    }

    internal static XaiClient Client(string url, string? key = Key, int connectTimeoutSeconds = 10) =>
        new(new XaiOptions { BaseUrl = url, ApiKey = key, ConnectTimeoutSeconds = connectTimeoutSeconds });

    internal static Task<XaiReply> PostAsync(XaiClient client, CancellationToken abort = default) =>
        client.PostAsync("/responses", s_body, "application/json", abort);

    internal static void Expect(XaiReply reply, XaiOutcome outcome, WireFailure failure)
    {
        reply.Outcome.Should().Be(outcome, "{0}", reply.Error);
        reply.Failure.Should().Be(failure, "{0}", reply.Error);
        reply.AbortedByCaller.Should().Be(failure == WireFailure.Aborted);
        reply.Response.Should().BeNull();
        reply.Error.Should().NotBeNull();
        reply.Error!.ToString().Should().NotContain(Key);
    }

    internal static async Task<string> TextOfAsync(XaiReply reply)
    {
        using var body = await BoundedBody.ReadAsync(await reply.Response!.Content.ReadAsStreamAsync(), 1_000_000, CancellationToken.None);
        body.End.Should().Be(BodyEnd.Complete);
        return Encoding.UTF8.GetString(body.Memory.Span);
    }

    internal static async Task AnswerEverything(RawConnection connection)
    {
        while (await connection.ReadRequestAsync())
            await connection.AnswerAsync("{}");
    }
}
