using System.Text.RegularExpressions;
using LlmTr.Cluster.Tests.Load;
using LlmTr.Money;
using LlmTr.XaiSimulator;

namespace LlmTr.Cluster.Tests.Audit;

/// <summary>What xAI billed, by the nonce of the request that it billed for.</summary>
internal sealed partial class XaiBook
{
    private readonly Dictionary<string, UsdTicks> _bills = [];
    private readonly HashSet<string> _sent = [];

    /// <param name="xai">Whose books.</param>
    /// <param name="calls">All that was sent, for the files that are remembered by their hash only.</param>
    public XaiBook(Simulator xai, IEnumerable<Call> calls)
    {
        var files = calls.Where(static call => call.Kind == CallKind.Transcription).ToDictionary(static call => Requests.FileHash(call.Nonce), static call => call.Nonce);
        var videos = xai.Videos.ToDictionary(static video => video.RequestId, static video => NonceOf(video.Prompt));
        foreach (var request in xai.Requests)
        {
            var nonce = request.Method == "GET" ? videos.GetValueOrDefault(request.Path[(request.Path.LastIndexOf('/') + 1)..])
                : request.Parts.FirstOrDefault(static part => part.Sha256 is not null)?.Sha256 is { } hash ? files.GetValueOrDefault(hash)
                : NonceOf(request.BodyText);
            if (request.Method == "POST" && nonce is not null && !_sent.Add(nonce))
                Findings.Add($"the request {nonce} was sent to xAI twice");
            if (!request.Billed.IsPositive)
                continue;
            Total += request.Billed;
            if (nonce is null)
                Findings.Add($"xAI billed a request that nobody made ({request.Method} {request.Path})");
            else if (!_bills.TryAdd(nonce, request.Billed))
                Findings.Add($"xAI billed the request {nonce} twice");
        }

        Videos = videos.Values.OfType<string>().ToHashSet();
        if (Total != xai.Books.Billed)
            Findings.Add($"xAI's books say {xai.Books.Billed.Value} ticks, its requests {Total.Value}");
    }

    /// <summary>What is wrong in xAI's books.</summary>
    public List<string> Findings { get; } = [];

    /// <summary>What each request was billed at; those without a bill are missing.</summary>
    public IReadOnlyDictionary<string, UsdTicks> Bills => _bills;

    /// <summary>The nonces of the videos that were started.</summary>
    public IReadOnlySet<string> Videos { get; }

    /// <summary>All bills.</summary>
    public UsdTicks Total { get; }

    private static string? NonceOf(string text) => Nonce().Match(text) is { Success: true } match ? match.Value : null;

    [GeneratedRegex(Requests.NoncePrefix + "[0-9a-f]{16}")]
    private static partial Regex Nonce();
}
