using System.Net.Sockets;

namespace LlmTr.Xai.Wire;

/// <summary>Makes the connection pool to xAI. Everything that .NET would do of its own accord is off.</summary>
internal static class XaiConnections
{
    // A reasoning model may be silent for many minutes before its first byte (time limits of an hour are recommended: contract, section 9). Without probes
    // a connection that died in between would be waited for all that time, and one that lives may be forgotten by a NAT on the way.
    private const int KeepAliveAfterSeconds = 30;
    private const int KeepAliveIntervalSeconds = 10;
    private const int KeepAliveProbes = 3;

    /// <summary>A pool for options that have no problems.</summary>
    public static SocketsHttpHandler Create(XaiOptions options) => new()
    {
        UseCookies = false,
        AllowAutoRedirect = false,
        // A redirect, a challenge or a proxy could each make a second request out of one; bytes must arrive as xAI sent them.
        UseProxy = false,
        Credentials = null,
        PreAuthenticate = false,
        AutomaticDecompression = System.Net.DecompressionMethods.None,
        // No traceparent, tracestate or baggage to xAI.
        ActivityHeadersPropagator = null,
        ConnectTimeout = TimeSpan.FromSeconds(options.ConnectTimeoutSeconds),
        PooledConnectionIdleTimeout = TimeSpan.FromSeconds(options.IdleConnectionSeconds),
        PooledConnectionLifetime = TimeSpan.FromSeconds(options.ConnectionLifetimeSeconds),
        ConnectCallback = ConnectAsync,
        PlaintextStreamFilter = static (context, _) => ValueTask.FromResult<Stream>(new EarlyAnswerStream(context.PlaintextStream)),
    };

    private static async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancellationToken)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.KeepAlive, true);
            socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveTime, KeepAliveAfterSeconds);
            socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveInterval, KeepAliveIntervalSeconds);
            socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveRetryCount, KeepAliveProbes);
            await socket.ConnectAsync(context.DnsEndPoint, cancellationToken);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
