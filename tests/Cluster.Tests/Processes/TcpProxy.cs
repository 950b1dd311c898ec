using System.Net;
using System.Net.Sockets;

namespace LlmTr.Cluster.Tests.Processes;

/// <summary>Stands between the cluster and its storage: passes bytes on, later than they came if told to, and can be away.</summary>
internal sealed class TcpProxy : IAsyncDisposable
{
    private readonly IPEndPoint _here = new(IPAddress.Loopback, FreePorts.Next());
    private readonly int _there;
    private readonly Lock _lock = new();
    private readonly HashSet<Socket> _open = [];
    private Socket? _listener;
    private Task _accepting = Task.CompletedTask;

    public TcpProxy(int there) => _there = there;

    public int Port => _here.Port;

    /// <summary>How much later than it came each piece of a request is passed on.</summary>
    public TimeSpan Delay { get; set; }

    /// <summary>Takes connections.</summary>
    public void Open()
    {
        _listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        _listener.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.ReuseAddress, true);
        _listener.Bind(_here);
        _listener.Listen(512);
        _accepting = AcceptAsync(_listener);
    }

    /// <summary>Takes none any more, and cuts those that are open wherever they are.</summary>
    public async Task CutAsync()
    {
        _listener?.Dispose();
        _listener = null;
        lock (_lock)
        {
            foreach (var socket in _open)
            {
                // A reset, as of a machine that is gone.
                socket.LingerState = new LingerOption(true, 0);
                socket.Dispose();
            }

            _open.Clear();
        }

        await _accepting;
    }

    public async ValueTask DisposeAsync() => await CutAsync();

    private async Task AcceptAsync(Socket listener)
    {
        while (true)
        {
            Socket client;
            try
            {
                client = await listener.AcceptAsync();
            }
            catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
            {
                return;
            }

            _ = PassAsync(client);
        }
    }

    private async Task PassAsync(Socket client)
    {
        using var server = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        using (client)
        {
            client.NoDelay = true;
            lock (_lock)
            {
                if (_listener is null)
                    return;
                _open.Add(client);
                _open.Add(server);
            }

            try
            {
                await server.ConnectAsync(IPAddress.Loopback, _there);

                // Either side's end ends both: nobody here closes one half of a connection.
                await Task.WhenAny(CopyAsync(client, server, isRequest: true), CopyAsync(server, client, isRequest: false));
            }
            catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
            {
                // The other side is away: so is this one.
            }
            finally
            {
                lock (_lock)
                {
                    _open.Remove(client);
                    _open.Remove(server);
                }
            }
        }
    }

    private async Task CopyAsync(Socket from, Socket to, bool isRequest)
    {
        var buffer = new byte[64 * 1024];
        try
        {
            while (true)
            {
                var read = await from.ReceiveAsync(buffer);
                if (read == 0)
                    return;
                if (isRequest && Delay > TimeSpan.Zero)
                    await Task.Delay(Delay);
                for (var sent = 0; sent < read;)
                    sent += await to.SendAsync(buffer.AsMemory(sent, read - sent));
            }
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
        {
            // Ends with the connection.
        }
    }
}
