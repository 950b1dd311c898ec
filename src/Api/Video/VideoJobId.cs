using System.Buffers;
using System.Security.Cryptography;
using System.Text;
using LlmTr.Grains.Abstractions;

namespace LlmTr.Api.Video;

/// <summary>The ids of video jobs: <c>videogen_</c> and 32 hexadecimal digits.</summary>
internal static class VideoJobId
{
    private const string Prefix = "videogen_";
    private const int Digits = 32;

    private static readonly SearchValues<char> Hexadecimal = SearchValues.Create("0123456789abcdef");

    /// <summary>
    /// The id of a request. With an <c>Idempotency-Key</c> it comes from that and from who sent it, so that the same request finds the same job from any front end, and
    /// nobody finds another's.
    /// </summary>
    public static string Of(string keyId, Fingerprint? idempotencyKey, RequestId request) => idempotencyKey is { } key
        ? Prefix + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{keyId}\n{key}")).AsSpan(0, Digits / 2))
        : Prefix + request.Value.ToString("N");

    /// <summary>True for a text of that form: nothing else is a grain's key or a file's name.</summary>
    public static bool IsOne(string? text) =>
        text?.Length == Prefix.Length + Digits && text.StartsWith(Prefix, StringComparison.Ordinal) && text.AsSpan(Prefix.Length).IndexOfAnyExcept(Hexadecimal) < 0;
}
