using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace LlmTr.Xai.Tests.Wire;

/// <summary>
/// A server on 127.0.0.1 that is nothing but a socket, so that a test decides about every byte, close and reset. It keeps every request whose head came.
/// </summary>
internal sealed class RawServer : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly Func<RawConnection, Task> _serve;
    private readonly ConcurrentBag<Task> _served = [];
    private readonly Task _accepting;
    private int _connections;

    /// <param name="serve">What the server does with each connection; the connection is closed when it ends.</param>
    public RawServer(Func<RawConnection, Task> serve)
    {
        _serve = serve;
        _listener.Start();
        _accepting = AcceptAsync();
    }

    public string Url => $"http://127.0.0.1:{Port}/v1";

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    public ConcurrentQueue<RawRequest> Requests { get; } = new();

    public int Connections => Volatile.Read(ref _connections);

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _accepting;
        _listener.Dispose();
        await Task.WhenAll(_served);
        _stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                var socket = await _listener.AcceptSocketAsync(_stop.Token);
                _served.Add(ServeAsync(new RawConnection(this, socket, Interlocked.Increment(ref _connections), _stop.Token)));
            }
        }
        catch (OperationCanceledException)
        {
            // The test is over.
        }
    }

    private async Task ServeAsync(RawConnection connection)
    {
        try
        {
            await _serve(connection);
        }
        catch (Exception e) when (e is OperationCanceledException or IOException)
        {
            // The client is gone or the test is over.
        }
        finally
        {
            connection.Dispose();
        }
    }
}

/// <summary>A request as it came.</summary>
/// <param name="Head">Request line and headers, without the blank line.</param>
/// <param name="Body">As much of the body as was read.</param>
internal sealed record RawRequest(string Head, byte[] Body)
{
    public IReadOnlyList<string> HeaderNames => [.. Head.Split("\r\n").Skip(1).Select(l => l[..l.IndexOf(':', StringComparison.Ordinal)])];

    public string? Header(string name) =>
        Head.Split("\r\n").Skip(1).Where(l => l.StartsWith(name + ":", StringComparison.OrdinalIgnoreCase)).Select(l => l[(name.Length + 1)..].Trim()).SingleOrDefault();
}

/// <summary>One connection of a <see cref="RawServer"/>.</summary>
internal sealed class RawConnection(RawServer server, Socket socket, int number, CancellationToken stopped) : IDisposable
{
    private readonly NetworkStream _stream = new(socket, ownsSocket: true);

    /// <summary>1 for the first connection that was accepted.</summary>
    public int Number => number;

    /// <summary>Reads the head of a request and notes it; false at the connection's end.</summary>
    public async Task<bool> ReadHeadAsync() => await ReadAsync(withBody: false);

    /// <summary>Reads a whole request and notes it; false at the connection's end.</summary>
    public async Task<bool> ReadRequestAsync() => await ReadAsync(withBody: true);

    public async Task WriteAsync(string text) => await _stream.WriteAsync(Encoding.UTF8.GetBytes(text), stopped);

    /// <summary>Answers with a body and its length, and keeps the connection.</summary>
    public Task AnswerAsync(string body, string status = "200 OK", string headers = "") =>
        WriteAsync($"HTTP/1.1 {status}\r\nContent-Type: application/json\r\nContent-Length: {Encoding.UTF8.GetByteCount(body)}\r\n{headers}\r\n{body}");

    /// <summary>Reads on until the client closes.</summary>
    public async Task DrainAsync()
    {
        var buffer = new byte[64 * 1024];
        while (await _stream.ReadAsync(buffer, stopped) > 0)
        {
        }
    }

    /// <summary>Closes with a reset in place of an orderly end.</summary>
    public void Reset()
    {
        socket.LingerState = new LingerOption(true, 0);
        Dispose();
    }

    /// <summary>Closes; the system makes that a reset when something that came was not read.</summary>
    public void Dispose() => _stream.Dispose();

    /// <summary>Waits until the test is over.</summary>
    public Task StallAsync() => Task.Delay(Timeout.Infinite, stopped);

    private async Task<bool> ReadAsync(bool withBody)
    {
        var head = new StringBuilder();
        var one = new byte[1];
        while (!head.ToString().EndsWith("\r\n\r\n", StringComparison.Ordinal))
        {
            if (await _stream.ReadAsync(one, stopped) == 0)
                return false;
            head.Append((char)one[0]);
        }

        var request = new RawRequest(head.ToString()[..^4], []);
        var length = withBody ? int.Parse(request.Header("Content-Length") ?? "0", System.Globalization.CultureInfo.InvariantCulture) : 0;
        var body = new byte[length];
        await _stream.ReadExactlyAsync(body, stopped);
        server.Requests.Enqueue(request with { Body = body });
        return true;
    }
}
