using System.Text.Json;

namespace LlmTr.Xai.Responses;

/// <summary>
/// The <c>usage</c> object of an answer (xAI contract, section 3.6), as far as money needs it. A count that is missing or no whole, non-negative
/// number is null: it is not known, which is not the same as zero.
/// </summary>
public readonly record struct ReportedUsage
{
    /// <summary>False when there was no usage object, or null in its place; everything else is then unset.</summary>
    public bool IsPresent { get; private init; }

    /// <summary>Tokens of the prompt, cached ones included.</summary>
    public long? InputTokens { get; private init; }

    /// <summary>Those tokens of the prompt that came from the cache.</summary>
    public long? CachedTokens { get; private init; }

    /// <summary>Tokens of the answer, reasoning included (so on <c>/v1/responses</c>; section 2).</summary>
    public long? OutputTokens { get; private init; }

    /// <summary>Those tokens of the answer that were reasoning.</summary>
    public long? ReasoningTokens { get; private init; }

    /// <summary>Server-side tools that ran. This gateway allows none, so anything above zero is a breach of its policy.</summary>
    public long? ServerSideToolsUsed { get; private init; }

    /// <summary>What xAI says the request cost.</summary>
    public ReportedCost Cost { get; private init; }

    /// <summary>Reads the value under the reader and leaves the reader at its end. Of a member that comes twice the last one counts.</summary>
    /// <exception cref="JsonException">The JSON is broken or ends too early.</exception>
    internal static ReportedUsage Read(ref Utf8JsonReader reader)
    {
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            reader.Skip();
            return default;
        }

        var usage = new ReportedUsage { IsPresent = true };
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.IsNamed("input_tokens"u8))
                usage = usage with { InputTokens = NextCount(ref reader) };
            else if (reader.IsNamed("output_tokens"u8))
                usage = usage with { OutputTokens = NextCount(ref reader) };
            else if (reader.IsNamed("input_tokens_details"u8))
                usage = usage with { CachedTokens = NextDetail(ref reader, "cached_tokens"u8) };
            else if (reader.IsNamed("output_tokens_details"u8))
                usage = usage with { ReasoningTokens = NextDetail(ref reader, "reasoning_tokens"u8) };
            else if (reader.IsNamed("num_server_side_tools_used"u8))
                usage = usage with { ServerSideToolsUsed = NextCount(ref reader) };
            else if (reader.IsNamed("cost_in_usd_ticks"u8))
            {
                reader.Read();
                usage = usage with { Cost = ReportedCost.Read(ref reader) };
            }
            else
                reader.Skip();
        }

        return usage;
    }

    private static long? NextCount(ref Utf8JsonReader reader)
    {
        reader.Read();
        return JsonPass.ReadCount(ref reader);
    }

    private static long? NextDetail(ref Utf8JsonReader reader, ReadOnlySpan<byte> name)
    {
        long? count = null;
        reader.Read();
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            reader.Skip();
            return null;
        }

        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.IsNamed(name))
                count = NextCount(ref reader);
            else
                reader.Skip();
        }

        return count;
    }
}
