using System.Globalization;
using LlmTr.Grains.Abstractions;

namespace LlmTr.Api.Metering;

/// <summary>The <c>x-ratelimit-*</c> headers, which OpenAI's clients read.</summary>
internal static class RateHeaders
{
    /// <summary>Writes those of the limits that the key has.</summary>
    public static void Write(IHeaderDictionary headers, RateStatus? rate)
    {
        if (rate is { LimitRequests: { } requests })
            Write(headers, "requests", requests, rate.RemainingRequests, rate.ResetRequests);
        if (rate is { LimitTokens: { } tokens })
            Write(headers, "tokens", tokens, rate.RemainingTokens, rate.ResetTokens);
    }

    /// <summary>A duration as OpenAI writes it: <c>6m0s</c>, <c>1s</c>, <c>850ms</c>, <c>0s</c>; parts of a millisecond count as one.</summary>
    public static string Duration(TimeSpan time)
    {
        var milliseconds = (long)Math.Ceiling(time.TotalMilliseconds);
        if (milliseconds <= 0)
            return "0s";
        if (milliseconds < 1000)
            return string.Create(CultureInfo.InvariantCulture, $"{milliseconds}ms");
        var (minutes, rest) = Math.DivRem(milliseconds, 60_000);
        var seconds = rest % 1000 == 0
            ? string.Create(CultureInfo.InvariantCulture, $"{rest / 1000}s")
            : string.Create(CultureInfo.InvariantCulture, $"{rest / 1000}.{rest % 1000:000}").TrimEnd('0') + "s";
        var (hours, minute) = Math.DivRem(minutes, 60);
        return (hours, minute) switch
        {
            (0, 0) => seconds,
            (0, _) => string.Create(CultureInfo.InvariantCulture, $"{minute}m{seconds}"),
            _ => string.Create(CultureInfo.InvariantCulture, $"{hours}h{minute}m{seconds}"),
        };
    }

    /// <summary>Whole seconds for <c>Retry-After</c>, rounded up, at least 1.</summary>
    public static string Seconds(TimeSpan time) =>
        Math.Max(1, (long)Math.Ceiling(time.TotalSeconds)).ToString(CultureInfo.InvariantCulture);

    private static void Write(IHeaderDictionary headers, string what, long limit, long remaining, TimeSpan reset)
    {
        headers[$"x-ratelimit-limit-{what}"] = limit.ToString(CultureInfo.InvariantCulture);
        headers[$"x-ratelimit-remaining-{what}"] = remaining.ToString(CultureInfo.InvariantCulture);
        headers[$"x-ratelimit-reset-{what}"] = Duration(reset);
    }
}
