using System.Net;
using System.Net.Sockets;
using System.Text;

namespace LlmTr.Bench.Tests;

/// <summary>A server of few words: what becomes of each connection is the test's.</summary>
internal sealed class RawAnswers : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _ended = new();
    private readonly Task _accepting;

    /// <summary>Answers each connection, the first is number 0, when its request's head has been read; then it is closed.</summary>
    public RawAnswers(Func<NetworkStream, int, CancellationToken, Task> answer)
    {
        _listener.Start();
        _accepting = AcceptAsync(answer);
    }

    public Uri Address => new($"http://{_listener.LocalEndpoint}");

    public static Task SayAsync(NetworkStream stream, string text, CancellationToken cancellation) => stream.WriteAsync(Encoding.UTF8.GetBytes(text), cancellation).AsTask();

    public async ValueTask DisposeAsync()
    {
        await _ended.CancelAsync();
        _listener.Stop();
        await _accepting;
        _ended.Dispose();
    }

    private async Task AcceptAsync(Func<NetworkStream, int, CancellationToken, Task> answer)
    {
        var connections = new List<Task>();
        try
        {
            for (var number = 0; ; number++)
                connections.Add(OneAsync(await _listener.AcceptTcpClientAsync(_ended.Token), number, answer));
        }
        catch (OperationCanceledException)
        {
            await Task.WhenAll(connections);
        }
    }

    private async Task OneAsync(TcpClient client, int number, Func<NetworkStream, int, CancellationToken, Task> answer)
    {
        using var _ = client;
        try
        {
            var stream = client.GetStream();
            var head = "";
            var buffer = new byte[8192];
            while (!head.Contains("\r\n\r\n", StringComparison.Ordinal))
            {
                var read = await stream.ReadAsync(buffer, _ended.Token);
                if (read == 0)
                    return;
                head += Encoding.UTF8.GetString(buffer, 0, read);
            }
            await answer(stream, number, _ended.Token);
        }
        catch (Exception exception) when (exception is OperationCanceledException or IOException)
        {
            // The test is over, or its client has left.
        }
    }
}
