using System.Net;
using System.Net.Sockets;

namespace LlmTr.Cluster.Tests.Processes;

/// <summary>Ports for processes that are ended and started again at the same place.</summary>
internal static class FreePorts
{
    // Below the range that the system takes the ports of outgoing connections from: one of those would sit on the port of a process that is away for a moment.
    private const int First = 20_000, Last = 32_000;

    public static int Next()
    {
        for (var tries = 0; tries < 100; tries++)
        {
            var port = Random.Shared.Next(First, Last);
            try
            {
                using var probe = new TcpListener(IPAddress.Loopback, port);
                probe.Start();
                return port;
            }
            catch (SocketException)
            {
                // Taken: another one.
            }
        }

        throw new InvalidOperationException("There is no free port on this machine.");
    }
}
