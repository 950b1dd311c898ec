using System.Globalization;
using System.Text.RegularExpressions;
using LlmTr.Money;

namespace LlmTr.Cluster.Tests.Load;

/// <summary>What an answer says of its cost, and whether it is one.</summary>
internal static partial class Answers
{
    /// <summary>Null for a whole and good answer; else what is wrong with it.</summary>
    public static string? Problem(CallKind kind, HttpResponseMessage answer, string body)
    {
        if (!answer.IsSuccessStatusCode)
            return $"{(int)answer.StatusCode} {ErrorType().Match(body) switch { { Success: true } type => type.Groups[1].Value, _ => "?" }}";
        return kind == CallKind.Stream && !body.Contains("event: response.completed", StringComparison.Ordinal)
            ? $"stream without its end ({ErrorType().Match(body) switch { { Success: true } type => type.Groups[1].Value, _ => "cut" }})"
            : null;
    }

    /// <summary>The cost that the answer acknowledges, ticks; null where it names none, or its settlement is pending.</summary>
    public static long? Cost(HttpResponseMessage answer, string body)
    {
        if (answer.Headers.Contains("X-LLMTR-Settlement"))
            return null;
        if (answer.Headers.TryGetValues("X-LLMTR-Cost-USD", out var header) && UsdTicks.TryParseUsd(header.Single(), out var cost))
            return cost.Value;
        return CostMember().Matches(body) is { Count: > 0 } costs ? long.Parse(costs[^1].Groups[1].ValueSpan, CultureInfo.InvariantCulture) : null;
    }

    [GeneratedRegex("\"type\":\"([a-z_]+)\",\"param\"")]
    private static partial Regex ErrorType();

    [GeneratedRegex("\"cost_in_usd_ticks\":([0-9]+)")]
    private static partial Regex CostMember();
}
