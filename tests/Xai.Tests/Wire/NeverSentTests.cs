using System.Net;
using System.Net.Sockets;
using LlmTr.Xai.Wire;

namespace LlmTr.Xai.Tests.Wire;

/// <summary>What ends before a byte of the body can have left is known to be unserved: the hold may be released.</summary>
public class NeverSentTests
{
    [Fact]
    public async Task NobodyListening_IsNeverSent()
    {
        using var client = XaiClientTests.Client($"http://127.0.0.1:{await ClosedPortAsync()}/v1");
        using var reply = await XaiClientTests.PostAsync(client);
        XaiClientTests.Expect(reply, XaiOutcome.NeverSent, WireFailure.NotConnected);
    }

    [Fact]
    public async Task NameThatDoesNotExist_IsNeverSent()
    {
        using var client = XaiClientTests.Client("http://no-such-host.invalid/v1", connectTimeoutSeconds: 2);
        using var reply = await XaiClientTests.PostAsync(client);
        reply.Outcome.Should().Be(XaiOutcome.NeverSent);
        // A machine without a name server may take too long to say no.
        reply.Failure.Should().BeOneOf(WireFailure.NameNotResolved, WireFailure.ConnectTimeout);
    }

    [Fact]
    public async Task TlsThatIsNone_IsNeverSent()
    {
        await using var server = new RawServer(async c => await c.WriteAsync("HTTP/1.1 400 Bad Request\r\n\r\n"));
        using var client = XaiClientTests.Client($"https://127.0.0.1:{server.Port}/v1");
        using var reply = await XaiClientTests.PostAsync(client);
        XaiClientTests.Expect(reply, XaiOutcome.NeverSent, WireFailure.TlsFailed);
    }

    [Fact]
    public async Task TlsThatNeverAnswers_IsNeverSentAfterTheConnectTimeout()
    {
        await using var server = new RawServer(c => c.StallAsync());
        using var client = XaiClientTests.Client($"https://127.0.0.1:{server.Port}/v1", connectTimeoutSeconds: 1);
        using var reply = await XaiClientTests.PostAsync(client);
        XaiClientTests.Expect(reply, XaiOutcome.NeverSent, WireFailure.ConnectTimeout);
    }

    [Fact]
    public async Task Abort_WhileConnecting_IsNeverSentAndTheCallersOwn()
    {
        var isConnected = new TaskCompletionSource();
        await using var server = new RawServer(c =>
        {
            isConnected.SetResult();
            return c.StallAsync();
        });
        using var client = XaiClientTests.Client($"https://127.0.0.1:{server.Port}/v1");
        using var abort = new CancellationTokenSource();

        var posting = XaiClientTests.PostAsync(client, abort.Token);
        await isConnected.Task;
        await abort.CancelAsync();
        using var reply = await posting;

        XaiClientTests.Expect(reply, XaiOutcome.NeverSent, WireFailure.Aborted);
    }

    [Fact]
    public async Task Abort_BeforeTheCall_IsNeverSent()
    {
        await using var server = new RawServer(XaiClientTests.AnswerEverything);
        using var client = XaiClientTests.Client(server.Url);
        using var reply = await XaiClientTests.PostAsync(client, new CancellationToken(canceled: true));
        XaiClientTests.Expect(reply, XaiOutcome.NeverSent, WireFailure.Aborted);
        server.Requests.Should().BeEmpty();
    }

    private static async Task<int> ClosedPortAsync()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        await Task.Yield();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
