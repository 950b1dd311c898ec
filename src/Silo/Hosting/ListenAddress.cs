using System.Net;
using Microsoft.Extensions.Configuration;

namespace LlmTr.Silo.Hosting;

/// <summary><c>HOST</c>: the address that a program listens on for HTTP.</summary>
public static class ListenAddress
{
    /// <summary>Reads it; this machine's own address only, unless told otherwise.</summary>
    /// <exception cref="StartupException">It is no IP address.</exception>
    public static IPAddress Read(IConfiguration configuration)
    {
        if (configuration["HOST"] is not { Length: > 0 } value)
            return IPAddress.Loopback;
        return IPAddress.TryParse(value, out var address)
            ? address
            : throw new StartupException($"HOST is '{value}', but must be an IP address to listen on, such as 127.0.0.1, or 0.0.0.0 for all of this machine's.");
    }
}
