namespace LlmTr.Api.Usage;

/// <summary>
/// Adds token counts. A ledger of an earlier version may hold counts that no request can have, as xAI or something in between once told them: the sum then stays at the largest number
/// (or the smallest), rather than to come out as another one or to fail the report.
/// </summary>
internal static class TokenSum
{
    /// <summary>Two counts; null counts nothing.</summary>
    public static long Of(long sum, long? more) => (long)Int128.Clamp((Int128)sum + (more ?? 0), long.MinValue, long.MaxValue);
}
