using System.Globalization;
using System.Net;
using Microsoft.Extensions.Configuration;

namespace LlmTr.Silo.Hosting;

/// <summary>Where a program listens for HTTP: <c>HOST</c> and <c>PORT</c>. An empty value counts as unset.</summary>
public static class ListenAddress
{
    /// <summary>Reads the address; this machine's own only, unless told otherwise.</summary>
    /// <exception cref="StartupException">It is no IP address.</exception>
    public static IPAddress ReadHost(IConfiguration configuration)
    {
        if (configuration["HOST"] is not { Length: > 0 } value)
            return IPAddress.Loopback;
        return IPAddress.TryParse(value, out var address)
            ? address
            : throw new StartupException($"HOST is '{value}', but must be an IP address to listen on, such as 127.0.0.1, or 0.0.0.0 for all of this machine's.");
    }

    /// <summary>Reads the port, 0 to 65535; 0 lets the system pick one.</summary>
    /// <exception cref="StartupException">It is no port.</exception>
    public static int ReadPort(IConfiguration configuration, int otherwise)
    {
        if (configuration["PORT"] is not { Length: > 0 } value)
            return otherwise;
        return int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var port) && port <= 65535
            ? port
            : throw new StartupException($"PORT is '{value}', but must be a whole number from 0 to 65535 (0 lets the system pick a free port).");
    }
}
