using System.Globalization;
using System.Net;
using LlmTr.Silo.Hosting;
using Microsoft.Extensions.Configuration;

namespace LlmTr.Silo.Cluster;

/// <summary>How the processes of a gateway find each other: section <c>Cluster</c> of the configuration.</summary>
public sealed record ClusterSettings
{
    /// <summary><c>Cluster:Mode</c> is <c>Redis</c>: many processes, membership in Redis, everything that must last on Azure storage. Else one process with its data in a folder.</summary>
    public bool IsDistributed { get; init; }

    /// <summary><c>Cluster:Redis</c>: where the membership is, as StackExchange.Redis writes it. Holds a password, perhaps.</summary>
    public string Redis { get; init; } = "";

    /// <summary><c>Cluster:ClusterId</c>: silos and front ends of one id find each other.</summary>
    public string ClusterId { get; init; } = "llmtr";

    /// <summary><c>Cluster:ServiceId</c>: stays the same over the whole life of the stored data.</summary>
    public string ServiceId { get; init; } = "llmtr";

    /// <summary><c>Cluster:Address</c>: the address that others reach this silo at; null for the machine's own.</summary>
    public IPAddress? Address { get; init; }

    /// <summary><c>Cluster:SiloPort</c>: silos talk to each other here.</summary>
    public int SiloPort { get; init; } = 11111;

    /// <summary><c>Cluster:GatewayPort</c>: front ends talk to silos here.</summary>
    public int GatewayPort { get; init; } = 30000;

    /// <summary><c>Cluster:Kubernetes</c>: name and address of the silo are the pod's, and a pod that is gone is declared dead at once.</summary>
    public bool Kubernetes { get; init; }

    /// <summary><c>Cluster:Dashboard</c>: Orleans' own dashboard, for whoever has the admin token.</summary>
    public bool Dashboard { get; init; }

    /// <summary>Reads and checks.</summary>
    /// <exception cref="StartupException">A value is wrong; the message names it.</exception>
    public static ClusterSettings Read(IConfiguration configuration)
    {
        var distributed = Value(configuration, "Cluster:Mode") switch
        {
            null => false,
            var mode when mode.Equals("Embedded", StringComparison.OrdinalIgnoreCase) => false,
            var mode when mode.Equals("Redis", StringComparison.OrdinalIgnoreCase) => true,
            var mode => throw new StartupException($"Cluster:Mode is '{mode}', but must be Embedded (one process with its data in a folder) or Redis (a cluster)."),
        };
        var settings = new ClusterSettings();
        return settings with
        {
            IsDistributed = distributed,
            Redis = Value(configuration, "Cluster:Redis") is { } redis
                ? redis
                : distributed ? throw new StartupException("Cluster:Redis is not set, but Cluster:Mode is Redis: say where Redis is, such as redis.example:6379.") : "",
            ClusterId = Value(configuration, "Cluster:ClusterId") ?? settings.ClusterId,
            ServiceId = Value(configuration, "Cluster:ServiceId") ?? settings.ServiceId,
            Address = ReadAddress(configuration),
            SiloPort = ReadPort(configuration, "Cluster:SiloPort", settings.SiloPort),
            GatewayPort = ReadPort(configuration, "Cluster:GatewayPort", settings.GatewayPort),
            Kubernetes = ReadSwitch(configuration, "Cluster:Kubernetes"),
            Dashboard = ReadSwitch(configuration, "Cluster:Dashboard"),
        };
    }

    private static string? Value(IConfiguration configuration, string name) => configuration[name] is { Length: > 0 } value ? value : null;

    private static IPAddress? ReadAddress(IConfiguration configuration)
    {
        if (Value(configuration, "Cluster:Address") is not { } value)
            return null;
        return IPAddress.TryParse(value, out var address)
            ? address
            : throw new StartupException($"Cluster:Address is '{value}', but must be the IP address that the other processes reach this silo at.");
    }

    private static int ReadPort(IConfiguration configuration, string name, int otherwise)
    {
        if (Value(configuration, name) is not { } value)
            return otherwise;
        return int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var port) && port is >= 1 and <= 65535
            ? port
            : throw new StartupException($"{name} is '{value}', but must be a whole number from 1 to 65535.");
    }

    private static bool ReadSwitch(IConfiguration configuration, string name)
    {
        if (Value(configuration, name) is not { } value)
            return false;
        return bool.TryParse(value, out var on) ? on : throw new StartupException($"{name} is '{value}', but must be true or false.");
    }
}
