using System.Globalization;
using Microsoft.Extensions.Primitives;

namespace LlmTr.XaiSimulator.Wire;

/// <summary>
/// The headers of replies as captured (xAI contract, section 1.2, and the recorded exchanges, which show <c>Traceparent</c> on streams too).
/// Ids and the edge's cookie differ in every reply. No reply has <c>Retry-After</c> or rate-limit resets by itself.
/// </summary>
internal static class ResponseHeaders
{
    private const string TokensPerMinute = "10000000";
    private const string RequestsPerMinute = "1800";

    /// <summary>Sets status, type and all headers of a reply.</summary>
    public static void Apply(HttpResponse response, Reply reply)
    {
        response.StatusCode = reply.Status;
        var headers = response.Headers;
        if (reply.Parts.Any(part => !part.IsEmpty))
            headers.ContentType = reply.ContentType;
        if (reply is { Headers: HeaderSet.Plain, Status: >= 400 })
            headers.ContentLength = reply.Parts.Sum(part => part.Length);
        if (reply.RetryAfter is { } seconds)
            headers.RetryAfter = seconds.ToString(CultureInfo.InvariantCulture);

        headers.Connection = "keep-alive";
        headers.StrictTransportSecurity = "max-age=31536000";
        headers.Vary = "origin, access-control-request-method, access-control-request-headers";
        headers.AccessControlAllowOrigin = "*";
        headers.AccessControlExposeHeaders = "*";
        headers["Cf-Cache-Status"] = "DYNAMIC";
        headers.SetCookie = $"__cf_bm={Ids.Hex(16)}; path=/; domain=.x.ai; HttpOnly; Secure; SameSite=None";
        headers.Server = "cloudflare";
        headers["Cf-Ray"] = $"{Ids.Hex(8)}-IST";
        if (reply.Headers != HeaderSet.Plain)
            AddGenerated(headers, reply);
    }

    private static void AddGenerated(IHeaderDictionary headers, Reply reply)
    {
        headers["X-Ratelimit-Limit-Tokens"] = TokensPerMinute;
        headers["X-Ratelimit-Remaining-Tokens"] = TokensPerMinute;
        headers["X-Ratelimit-Limit-Requests"] = RequestsPerMinute;
        headers["X-Ratelimit-Remaining-Requests"] = RequestsPerMinute;
        headers["X-Request-Id"] = Ids.Uuid();
        headers.TraceParent = $"00-{Ids.Hex(16)}-{Ids.Hex(8)}-01";
        headers["X-Zero-Data-Retention"] = "false";
        headers["X-Data-Retention"] = "general";
        if (reply.Headers == HeaderSet.TextStream)
        {
            headers.CacheControl = "no-cache";
            return;
        }

        // The metrics of a model that starts after 250 ms and takes 6 ms for a token, whatever the simulator itself took.
        const double firstToken = 250;
        const double perToken = 6;
        headers["X-Metrics-Ttft-Ms"] = Milliseconds(firstToken);
        headers["X-Metrics-Mean-Itl-Ms"] = Milliseconds(perToken);
        headers["X-Metrics-E2e-Ms"] = Milliseconds(firstToken + (perToken * reply.OutputTokens));
    }

    private static StringValues Milliseconds(double value) => value.ToString("F1", CultureInfo.InvariantCulture);
}
