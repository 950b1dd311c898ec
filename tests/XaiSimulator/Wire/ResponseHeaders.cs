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
    private const string TextRequestsPerMinute = "1800";
    private const string MediaRequestsPerMinute = "300";

    /// <summary>Sets status, type and all headers of a reply.</summary>
    public static void Apply(HttpResponse response, Reply reply)
    {
        response.StatusCode = reply.Status;
        var headers = response.Headers;
        if (reply.Length > 0 || reply.Parts.Any(part => !part.IsEmpty))
            headers.ContentType = reply.ContentType;
        if (reply.Length is { } length)
            headers.ContentLength = length;
        else if (reply is { Headers: HeaderSet.Plain, Status: >= 400 })
            headers.ContentLength = reply.Parts.Sum(part => part.Length);
        if (reply.RetryAfter is { } seconds)
            headers.RetryAfter = seconds.ToString(CultureInfo.InvariantCulture);

        headers.Connection = "keep-alive";
        headers.SetCookie = $"__cf_bm={Ids.Hex(16)}; path=/; domain=.x.ai; HttpOnly; Secure; SameSite=None";
        headers.Server = "cloudflare";
        headers["Cf-Ray"] = $"{Ids.Hex(8)}-IST";
        headers["Cf-Cache-Status"] = reply.Headers == HeaderSet.File ? "MISS" : "DYNAMIC";
        foreach (var (name, value) in reply.Extra)
            headers[name] = value;
        if (reply.Headers == HeaderSet.File)
            return;

        headers.StrictTransportSecurity = "max-age=31536000";
        headers.Vary = "origin, access-control-request-method, access-control-request-headers";
        headers.AccessControlAllowOrigin = "*";
        headers.AccessControlExposeHeaders = "*";
        AddOfRoute(headers, reply);
    }

    private static void AddOfRoute(IHeaderDictionary headers, Reply reply)
    {
        switch (reply.Headers)
        {
            case HeaderSet.TextJson:
                AddTextLimits(headers);
                AddTrace(headers);
                AddRetention(headers);
                AddTextMetrics(headers, reply.OutputTokens);
                break;
            case HeaderSet.TextStream:
                AddTextLimits(headers);
                AddTrace(headers);
                AddRetention(headers);
                headers.CacheControl = "no-cache";
                break;
            case HeaderSet.Image:
                AddRequestLimit(headers, MediaRequestsPerMinute);
                AddTrace(headers);
                AddRetention(headers);
                // The captured latency, whatever the simulator itself took.
                headers["X-Metrics-E2e-Ms"] = "4608.6";
                break;
            case HeaderSet.VideoStart:
                AddRequestLimit(headers, MediaRequestsPerMinute);
                AddTrace(headers);
                break;
            case HeaderSet.VideoPoll:
                AddRetention(headers);
                break;
            case HeaderSet.Voice:
                headers["X-Trace-Id"] = Ids.Uuid();
                break;
        }
    }

    private static void AddTextLimits(IHeaderDictionary headers)
    {
        headers["X-Ratelimit-Limit-Tokens"] = TokensPerMinute;
        headers["X-Ratelimit-Remaining-Tokens"] = TokensPerMinute;
        AddRequestLimit(headers, TextRequestsPerMinute);
    }

    private static void AddRequestLimit(IHeaderDictionary headers, string perMinute)
    {
        headers["X-Ratelimit-Limit-Requests"] = perMinute;
        headers["X-Ratelimit-Remaining-Requests"] = perMinute;
    }

    private static void AddTrace(IHeaderDictionary headers)
    {
        headers["X-Request-Id"] = Ids.Uuid();
        headers.TraceParent = $"00-{Ids.Hex(16)}-{Ids.Hex(8)}-01";
    }

    private static void AddRetention(IHeaderDictionary headers)
    {
        headers["X-Zero-Data-Retention"] = "false";
        headers["X-Data-Retention"] = "general";
    }

    /// <summary>The metrics of a model that starts after 250 ms and takes 6 ms for a token, whatever the simulator itself took.</summary>
    private static void AddTextMetrics(IHeaderDictionary headers, long outputTokens)
    {
        const double firstToken = 250;
        const double perToken = 6;
        headers["X-Metrics-Ttft-Ms"] = Milliseconds(firstToken);
        headers["X-Metrics-Mean-Itl-Ms"] = Milliseconds(perToken);
        headers["X-Metrics-E2e-Ms"] = Milliseconds(firstToken + (perToken * outputTokens));
    }

    private static StringValues Milliseconds(double value) => value.ToString("F1", CultureInfo.InvariantCulture);
}
