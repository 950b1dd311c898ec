using System.Globalization;

namespace LlmTr.Api.Hosting;

/// <summary>What the environment says. An empty value counts as unset.</summary>
public sealed record GatewaySettings
{
    /// <summary>Where xAI answers unless told otherwise.</summary>
    public static readonly Uri DefaultXaiBaseUrl = new("https://api.x.ai/v1");

    /// <summary><c>PORT</c>: the port on 127.0.0.1; 0 lets the system pick one.</summary>
    public int Port { get; init; } = 8080;

    /// <summary><c>XAI_API_KEY</c>: the platform's own key at xAI.</summary>
    public string? XaiApiKey { get; init; }

    /// <summary><c>XAI_BASE_URL</c>: xAI's address, path included; null for its public one.</summary>
    public Uri? XaiBaseUrl { get; init; }

    /// <summary><c>LLMTR_DATA</c>: the folder of everything that must not be lost.</summary>
    public string DataPath { get; init; } = "data";

    /// <summary><c>LLMTR_ADMIN_TOKEN</c>: opens <c>/admin</c>; made and kept in the data folder when absent.</summary>
    public string? AdminToken { get; init; }

    /// <summary><c>LLMTR_SIGNING_SECRET</c>: signs customers' keys; made and kept in the data folder when absent.</summary>
    public string? SigningSecret { get; init; }

    /// <summary><c>LLMTR_SIGNING_SECRET_PREVIOUS</c>: keys signed with this one stay good.</summary>
    public string? PreviousSigningSecret { get; init; }

    /// <summary><c>LLMTR_MODELS</c>: the catalogue; null for the one that ships with the program.</summary>
    public string? CataloguePath { get; init; }

    /// <summary>How often the catalogue's file is looked at. Not from the environment: tests make it short.</summary>
    public TimeSpan CatalogueInterval { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>True when nothing says which xAI to use: the simulator answers then, and a demo key is made.</summary>
    public bool IsDemo => XaiApiKey is null && XaiBaseUrl is null;

    /// <summary>Reads and checks.</summary>
    /// <exception cref="StartupException">A value is wrong; the message names it.</exception>
    public static GatewaySettings Read(IConfiguration configuration) => new()
    {
        Port = ReadPort(Value(configuration, "PORT")),
        XaiApiKey = ReadXaiApiKey(Value(configuration, "XAI_API_KEY")),
        XaiBaseUrl = ReadXaiBaseUrl(Value(configuration, "XAI_BASE_URL")),
        DataPath = Value(configuration, "LLMTR_DATA") ?? "data",
        AdminToken = Value(configuration, "LLMTR_ADMIN_TOKEN"),
        SigningSecret = ReadSecret(configuration, "LLMTR_SIGNING_SECRET", leastCharacters: 32),
        PreviousSigningSecret = ReadSecret(configuration, "LLMTR_SIGNING_SECRET_PREVIOUS", leastCharacters: 32),
        CataloguePath = Value(configuration, "LLMTR_MODELS"),
    };

    private static string? Value(IConfiguration configuration, string name) => configuration[name] is { Length: > 0 } value ? value : null;

    private static int ReadPort(string? value)
    {
        if (value is null)
            return 8080;
        return int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var port) && port <= 65535
            ? port
            : throw new StartupException($"PORT is '{value}', but must be a whole number from 0 to 65535 (0 lets the system pick a free port).");
    }

    private static Uri? ReadXaiBaseUrl(string? value)
    {
        if (value is null)
            return null;
        return Uri.TryCreate(value, UriKind.Absolute, out var url) && (url.Scheme is "http" or "https") && url.Query.Length == 0 && url.UserInfo.Length == 0
            ? url
            : throw new StartupException($"XAI_BASE_URL is '{value}', but must be an absolute http or https URL such as {DefaultXaiBaseUrl}.");
    }

    // The value is a secret: the sentence names the variable only.
    private static string? ReadXaiApiKey(string? value) => value is null || value.All(static c => c is > ' ' and <= '~')
        ? value
        : throw new StartupException("XAI_API_KEY must be printable ASCII without spaces, as it is sent in a header.");

    private static string? ReadSecret(IConfiguration configuration, string name, int leastCharacters)
    {
        var value = Value(configuration, name);
        return value is null || value.Length >= leastCharacters
            ? value
            : throw new StartupException($"{name} must have at least {leastCharacters} characters; leave it unset to have one made and kept in the data folder.");
    }
}
