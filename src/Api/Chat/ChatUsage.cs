using System.Buffers;
using System.Text.Json;
using LlmTr.Api.Metering;
using LlmTr.Api.Responses;
using LlmTr.Xai.Responses;

namespace LlmTr.Api.Chat;

/// <summary>
/// The <c>usage</c> of a chat completion. As at OpenAI, <c>completion_tokens</c> hold the reasoning; xAI's own chat completions leave it out (xAI contract,
/// section 2). A count that xAI did not tell is left out: it is not known, which is not the same as zero.
/// </summary>
internal static class ChatUsage
{
    /// <summary>Writes the object.</summary>
    /// <param name="usage">What xAI reported.</param>
    /// <param name="charge">What the key pays; null where nothing is charged.</param>
    /// <param name="output">Where to.</param>
    public static void Write(in ReportedUsage usage, MeasuredCost? charge, IBufferWriter<byte> output)
    {
        using var json = new Utf8JsonWriter(output);
        json.WriteStartObject();
        if (usage.InputTokens is { } input)
            json.WriteNumber("prompt_tokens"u8, input);
        if (usage.OutputTokens is { } written)
            json.WriteNumber("completion_tokens"u8, written);
        if (usage is { InputTokens: { } read, OutputTokens: { } answered })
            json.WriteNumber("total_tokens"u8, unchecked((ulong)read + (ulong)answered));
        WriteDetail(json, "prompt_tokens_details"u8, "cached_tokens"u8, usage.CachedTokens);
        WriteDetail(json, "completion_tokens_details"u8, "reasoning_tokens"u8, usage.ReasoningTokens);
        if (charge is { } paid)
            CostShown.WriteMembers(json, paid.Cost, paid.Source);
        json.WriteEndObject();
    }

    private static void WriteDetail(Utf8JsonWriter json, ReadOnlySpan<byte> details, ReadOnlySpan<byte> name, long? count)
    {
        if (count is null)
            return;
        json.WriteStartObject(details);
        json.WriteNumber(name, count.Value);
        json.WriteEndObject();
    }
}
