using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using LlmTr.Grains.Abstractions.Video;
using LlmTr.Grains.Video;

namespace LlmTr.Api.Video;

/// <summary>Addresses that open a finished video without a key, for a time: signed, so that nobody can make one up.</summary>
/// <param name="secret">The gateway's own; at least 32 bytes.</param>
/// <param name="options">Where the gateway is reached.</param>
/// <param name="clock">The time.</param>
internal sealed class VideoLinks(byte[] secret, VideoLinkOptions options, TimeProvider clock)
{
    /// <summary>The query of a signed address: until when it opens, Unix seconds.</summary>
    public const string Expires = "expires";

    /// <summary>The query of a signed address: the proof.</summary>
    public const string Signature = "signature";

    // The same secret signs keys: what it signs here cannot be taken for one.
    private readonly byte[] _key = HMACSHA256.HashData(secret, "llmtr video content"u8);

    /// <summary>Where a finished video is, and until when, in Unix seconds; null without one.</summary>
    public (string Url, long ExpiresAt)? Of(HttpRequest request, VideoJobView job)
    {
        if (job.File is { } file)
        {
            var until = clock.GetUtcNow() + options.LinkLifetime;
            var expires = (until < file.KeptUntil ? until : file.KeptUntil).ToUnixTimeSeconds();
            var root = options.PublicBaseUrl?.TrimEnd('/') ?? $"{request.Scheme}://{request.Host}";
            return ($"{root}{VideoJobOptions.Endpoint}/{job.Id}/content?{Expires}={expires}&{Signature}={Sign(job.Id, expires)}", expires);
        }

        // xAI's own lives for a day (xAI contract, section 6.3).
        return job.ProviderUrl is { } url ? (url, (job.CompletedAt!.Value + TimeSpan.FromDays(1)).ToUnixTimeSeconds()) : null;
    }

    /// <summary>True for a signature of this gateway's whose time is not over.</summary>
    public bool Opens(string jobId, string? expires, string? signature) =>
        long.TryParse(expires, NumberStyles.None, CultureInfo.InvariantCulture, out var until)
        && until >= clock.GetUtcNow().ToUnixTimeSeconds()
        && signature is not null
        && CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(Sign(jobId, until)), Encoding.UTF8.GetBytes(signature));

    private string Sign(string jobId, long expires) =>
        Convert.ToHexStringLower(HMACSHA256.HashData(_key, Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{jobId}\n{expires}"))));
}

/// <summary>How finished videos are handed out: section <c>Video</c> of the configuration.</summary>
public sealed class VideoLinkOptions
{
    /// <summary>What <see cref="IsValid"/> asks for, as a sentence for who configured it.</summary>
    public const string Requirement = "Video:PublicBaseUrl must be an absolute http or https URL without a query, and Video:LinkLifetime from 1 minute to 30 days.";

    /// <summary>Where customers reach the gateway, such as <c>https://llm.example</c>; null takes the address that each request came to.</summary>
    public string? PublicBaseUrl { get; set; }

    /// <summary>How long an address opens without a key.</summary>
    public TimeSpan LinkLifetime { get; set; } = TimeSpan.FromHours(24);

    /// <summary>True when both are in their ranges.</summary>
    public bool IsValid =>
        LinkLifetime >= TimeSpan.FromMinutes(1) && LinkLifetime <= TimeSpan.FromDays(30)
        && (PublicBaseUrl is null || (Uri.TryCreate(PublicBaseUrl, UriKind.Absolute, out var url) && url.Scheme is "http" or "https" && url.Query.Length == 0));
}
