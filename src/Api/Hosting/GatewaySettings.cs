using System.Net;
using LlmTr.Silo.Cluster;
using LlmTr.Silo.Hosting;

namespace LlmTr.Api.Hosting;

/// <summary>What the environment says. An empty value counts as unset.</summary>
public sealed record GatewaySettings
{
    /// <summary><c>HOST</c>: the address that customers' requests come to; only this machine's own unless told otherwise.</summary>
    public IPAddress Host { get; init; } = IPAddress.Loopback;

    /// <summary><c>PORT</c>: the port there; 0 lets the system pick one.</summary>
    public int Port { get; init; } = 8080;

    /// <summary>Section <c>Cluster</c>: one process, or a front end among many processes.</summary>
    public ClusterSettings Cluster { get; init; } = new();

    /// <summary><c>XAI_API_KEY</c>: the platform's own key at xAI.</summary>
    public string? XaiApiKey { get; init; }

    /// <summary><c>XAI_BASE_URL</c>: xAI's address, path included; null for its public one.</summary>
    public Uri? XaiBaseUrl { get; init; }

    /// <summary><c>LLMTR_DATA</c>: the folder of everything that must not be lost; in a cluster, of uploads on their way.</summary>
    public string DataPath { get; init; } = "data";

    /// <summary><c>LLMTR_ADMIN_TOKEN</c>: opens <c>/admin</c>; made and kept in the data folder when absent, and required in a cluster.</summary>
    public string? AdminToken { get; init; }

    /// <summary><c>LLMTR_SIGNING_SECRET</c>: signs customers' keys; made and kept in the data folder when absent, and required in a cluster.</summary>
    public string? SigningSecret { get; init; }

    /// <summary><c>LLMTR_SIGNING_SECRET_PREVIOUS</c>: keys signed with this one stay good.</summary>
    public string? PreviousSigningSecret { get; init; }

    /// <summary><c>LLMTR_MODELS</c>: the catalogue; null for the one that ships with the program.</summary>
    public string? CataloguePath { get; init; }

    /// <summary>How often the catalogue's file is looked at. Not from the environment: tests make it short.</summary>
    public TimeSpan CatalogueInterval { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>True when nothing says which xAI to use: the simulator answers then, and a demo key is made. Never in a cluster.</summary>
    public bool IsDemo => XaiApiKey is null && XaiBaseUrl is null && !Cluster.IsDistributed;

    /// <summary>Reads and checks.</summary>
    /// <exception cref="StartupException">A value is wrong; the message names it.</exception>
    public static GatewaySettings Read(IConfiguration configuration)
    {
        var xai = XaiSettings.Read(configuration);
        var settings = new GatewaySettings
        {
            Host = ListenAddress.ReadHost(configuration),
            Port = ListenAddress.ReadPort(configuration, 8080),
            Cluster = ClusterSettings.Read(configuration),
            XaiApiKey = xai.ApiKey,
            XaiBaseUrl = xai.BaseUrl,
            DataPath = Value(configuration, "LLMTR_DATA") ?? "data",
            AdminToken = Value(configuration, "LLMTR_ADMIN_TOKEN"),
            SigningSecret = ReadSecret(configuration, "LLMTR_SIGNING_SECRET", leastCharacters: 32),
            PreviousSigningSecret = ReadSecret(configuration, "LLMTR_SIGNING_SECRET_PREVIOUS", leastCharacters: 32),
            CataloguePath = Value(configuration, "LLMTR_MODELS"),
        };
        if (settings.Cluster.IsDistributed)
            RequireShared(settings);
        return settings;
    }

    // Each front end would make its own otherwise, and a key of one would be a forgery to the next.
    private static void RequireShared(GatewaySettings settings)
    {
        if (settings.AdminToken is null)
            throw new StartupException("LLMTR_ADMIN_TOKEN is not set: every front end of a cluster must be given the same.");
        if (settings.SigningSecret is null)
            throw new StartupException("LLMTR_SIGNING_SECRET is not set: every front end of a cluster must be given the same, of at least 32 characters.");
        if (settings.XaiApiKey is null && settings.XaiBaseUrl is null)
            throw new StartupException("XAI_API_KEY is not set: a cluster starts no simulator. Set it to the platform's key at xAI.");
    }

    private static string? Value(IConfiguration configuration, string name) => configuration[name] is { Length: > 0 } value ? value : null;

    private static string? ReadSecret(IConfiguration configuration, string name, int leastCharacters)
    {
        var value = Value(configuration, name);
        return value is null || value.Length >= leastCharacters
            ? value
            : throw new StartupException($"{name} must have at least {leastCharacters} characters; leave it unset to have one made and kept in the data folder.");
    }
}
