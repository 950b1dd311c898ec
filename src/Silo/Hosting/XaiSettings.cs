using LlmTr.Silo.Media;
using LlmTr.Xai.Wire;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace LlmTr.Silo.Hosting;

/// <summary>How to reach xAI, for every program that does: from the environment. An empty value counts as unset.</summary>
public sealed record XaiSettings
{
    /// <summary>Where xAI answers unless told otherwise.</summary>
    public static readonly Uri DefaultBaseUrl = new("https://api.x.ai/v1");

    /// <summary><c>XAI_API_KEY</c>: the platform's own key at xAI.</summary>
    public string? ApiKey { get; init; }

    /// <summary><c>XAI_BASE_URL</c>: xAI's address, path included; null for its public one.</summary>
    public Uri? BaseUrl { get; init; }

    /// <summary>Reads and checks.</summary>
    /// <exception cref="StartupException">A value is wrong; the message names it.</exception>
    public static XaiSettings Read(IConfiguration configuration) => new()
    {
        ApiKey = ReadApiKey(configuration["XAI_API_KEY"]),
        BaseUrl = ReadBaseUrl(configuration["XAI_BASE_URL"]),
    };

    // The value is a secret: the sentence names the variable only.
    private static string? ReadApiKey(string? value) => string.IsNullOrEmpty(value) ? null
        : value.All(static c => c is > ' ' and <= '~') ? value
        : throw new StartupException("XAI_API_KEY must be printable ASCII without spaces, as it is sent in a header.");

    private static Uri? ReadBaseUrl(string? value)
    {
        if (string.IsNullOrEmpty(value))
            return null;
        return Uri.TryCreate(value, UriKind.Absolute, out var url) && (url.Scheme is "http" or "https") && url.Query.Length == 0 && url.UserInfo.Length == 0
            ? url
            : throw new StartupException($"XAI_BASE_URL is '{value}', but must be an absolute http or https URL such as {DefaultBaseUrl}.");
    }
}

/// <summary>The connection to xAI among a program's services.</summary>
public static class XaiServices
{
    /// <summary>Adds the client of xAI.</summary>
    /// <exception cref="StartupException">The address or the key cannot be used.</exception>
    public static void AddXai(this IServiceCollection services, Uri baseUrl, string? apiKey)
    {
        try
        {
            services.AddSingleton(new XaiClient(new XaiOptions { BaseUrl = baseUrl.ToString(), ApiKey = apiKey }));
        }
        catch (ArgumentException exception)
        {
            throw new StartupException(exception.Message, exception);
        }

        // An xAI that is reached by http is a simulator, whose files lie where it does.
        if (baseUrl.Scheme == Uri.UriSchemeHttp)
            services.PostConfigure<MediaOptions>(media => media.InsecureAuthority ??= baseUrl.Authority);
    }
}
