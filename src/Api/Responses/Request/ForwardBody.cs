using System.Buffers;
using System.Buffers.Text;
using System.Text;

using LlmTr.Api.Requests.Json;
using LlmTr.Xai.Catalogue;

namespace LlmTr.Api.Responses;

/// <summary>
/// Writes what xAI gets: an allow-list, because xAI ignores what it does not know and bills the call. Values are copied as they stand in
/// the body; only renamed or rewritten fields are made anew.
/// </summary>
internal static class ForwardBody
{
    private static readonly BodyField[] Verbatim =
    [
        BodyField.Instructions, BodyField.ParallelToolCalls, BodyField.Temperature, BodyField.TopP, BodyField.Stop,
        BodyField.Include, BodyField.PromptCacheKey, BodyField.User, BodyField.SafetyIdentifier, BodyField.Stream,
    ];

    // Each with its quotes and punctuation, so that writing a field is two copies.
    private static readonly byte[][] VerbatimNames = [.. Verbatim.Select(field => Encoding.UTF8.GetBytes($",\"{field.Name()}\":"))];

    /// <summary>Writes the whole body.</summary>
    /// <param name="body">The checked request.</param>
    /// <param name="tools">How functions are written in it.</param>
    /// <param name="model">The model, whose upstream name is sent.</param>
    /// <param name="effort">The effort to send, or null for none.</param>
    /// <param name="maxOutputTokens">The cap that the hold covers.</param>
    /// <param name="writer">Where to.</param>
    public static void Write(
        RequestBody<BodyField> body, ToolForm tools, TextModel model, EffortLevel? effort, int maxOutputTokens, IBufferWriter<byte> writer)
    {
        writer.Write("{\"model\":\""u8);
        Ascii(model.UpstreamModel, writer);
        writer.Write("\",\"input\":"u8);
        if (body.Has(BodyField.Input))
            writer.Write(body.Raw(BodyField.Input));
        else
            ChatConversion.Write(body.Raw(BodyField.Messages), writer);

        for (var i = 0; i < Verbatim.Length; i++)
        {
            if (!body.Has(Verbatim[i]))
                continue;
            writer.Write(VerbatimNames[i]);
            writer.Write(body.Raw(Verbatim[i]));
        }

        Tools(body, tools, writer);
        if (effort is not null || body.Has(BodyField.Reasoning))
            Reasoning(body, effort, writer);
        if (TextFormat.IsThere(body))
        {
            writer.Write(",\"text\":"u8);
            TextFormat.Write(body, writer);
        }

        writer.Write(",\"store\":false,\"max_output_tokens\":"u8);
        var digits = writer.GetSpan(16);
        Utf8Formatter.TryFormat(maxOutputTokens, digits, out var length);
        writer.Advance(length);
        writer.Write("}"u8);
    }

    private static void Tools(RequestBody<BodyField> body, ToolForm form, IBufferWriter<byte> writer)
    {
        if (body.Has(BodyField.Tools))
        {
            writer.Write(",\"tools\":"u8);
            if (form == ToolForm.Nested)
                ChatTools.WriteList(body.Raw(BodyField.Tools), writer);
            else
                writer.Write(body.Raw(BodyField.Tools));
        }

        if (body.Has(BodyField.ToolChoice))
        {
            writer.Write(",\"tool_choice\":"u8);
            if (form == ToolForm.Nested)
                ChatTools.WriteChoice(body.Raw(BodyField.ToolChoice), writer);
            else
                writer.Write(body.Raw(BodyField.ToolChoice));
        }
    }

    private static void Reasoning(RequestBody<BodyField> body, EffortLevel? effort, IBufferWriter<byte> writer)
    {
        writer.Write(",\"reasoning\":{"u8);
        if (effort is { } level)
        {
            writer.Write("\"effort\":\""u8);
            Ascii(level.ToWord(), writer);
            writer.Write("\""u8);
        }

        if (body.Has(BodyField.Reasoning))
            JsonCopy.Members(body.Raw(BodyField.Reasoning), Member.Effort, isFirst: effort is null, writer);
        writer.Write("}"u8);
    }

    // Effort words and upstream names, which the catalogue holds to letters that JSON needs no escape for.
    private static void Ascii(string text, IBufferWriter<byte> writer)
    {
        var span = writer.GetSpan(text.Length);
        Encoding.ASCII.GetBytes(text, span);
        writer.Advance(text.Length);
    }
}
