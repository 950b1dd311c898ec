using System.Text.Json;
using LlmTr.Xai.Responses;

namespace LlmTr.Xai.Streaming;

/// <summary>Which piece of an answer an event brings (xAI contract, section 3.7).</summary>
public enum OutputEventKind : byte
{
    /// <summary>None that is told apart here.</summary>
    Other,

    /// <summary><c>response.output_text.delta</c>.</summary>
    Text,

    /// <summary><c>response.refusal.delta</c>: OpenAI's; xAI was never seen to send one.</summary>
    Refusal,

    /// <summary><c>response.reasoning_summary_text.delta</c> or <c>response.reasoning_text.delta</c>.</summary>
    Reasoning,

    /// <summary><c>response.output_item.added</c> with a function call: its id and name; the arguments follow.</summary>
    CallBegun,

    /// <summary><c>response.function_call_arguments.delta</c>.</summary>
    CallArguments,

    /// <summary><c>response.output_item.done</c> with a function call: all of it.</summary>
    CallDone,
}

/// <summary>What an event of a stream adds to the answer, read in place. It lives no longer than the data that it was read from.</summary>
public readonly ref struct OutputEvent
{
    private OutputEvent(OutputEventKind kind) => Kind = kind;

    /// <summary>Which piece it is; <see cref="OutputEventKind.Other"/> also where the data lacks what the event should bring.</summary>
    public OutputEventKind Kind { get; private init; }

    /// <summary>The piece: a JSON string with its quotes. Empty for events of whole calls.</summary>
    public ReadOnlySpan<byte> Delta { get; private init; }

    /// <summary>The call; meaningless for deltas.</summary>
    public OutputItem Call { get; private init; }

    /// <summary>The <c>output_index</c> of the item that this is a part of; null where it is not told.</summary>
    public long? OutputIndex { get; private init; }

    /// <summary>Reads a frame. Nothing is thrown, whatever it holds.</summary>
    /// <param name="frame">The frame.</param>
    /// <param name="data">What its <see cref="SseFrame.ReadData"/> gives.</param>
    public static OutputEvent Read(in SseFrame frame, ReadOnlySpan<byte> data)
    {
        var name = frame.EventName;
        if (name.IsEmpty || name.SequenceEqual("message"u8))
            EventData.TryReadType(data, out name);
        var kind = Named(name);
        if (kind == OutputEventKind.Other)
            return default;
        try
        {
            return Read(kind, data);
        }
        catch (JsonException)
        {
            return default;
        }
    }

    private static OutputEventKind Named(ReadOnlySpan<byte> name) =>
        name.SequenceEqual("response.output_text.delta"u8) ? OutputEventKind.Text
        : name.SequenceEqual("response.reasoning_summary_text.delta"u8) ? OutputEventKind.Reasoning
        : name.SequenceEqual("response.reasoning_text.delta"u8) ? OutputEventKind.Reasoning
        : name.SequenceEqual("response.function_call_arguments.delta"u8) ? OutputEventKind.CallArguments
        : name.SequenceEqual("response.output_item.added"u8) ? OutputEventKind.CallBegun
        : name.SequenceEqual("response.output_item.done"u8) ? OutputEventKind.CallDone
        : name.SequenceEqual("response.refusal.delta"u8) ? OutputEventKind.Refusal
        : OutputEventKind.Other;

    private static OutputEvent Read(OutputEventKind kind, ReadOnlySpan<byte> data)
    {
        var reader = JsonPass.Over(data);
        if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
            return default;

        ReadOnlySpan<byte> delta = default;
        OutputItem item = default;
        long? index = null;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.IsNamed("delta"u8))
                delta = JsonPass.NextOf(JsonTokenType.String, data, ref reader);
            else if (reader.IsNamed("output_index"u8))
            {
                reader.Read();
                index = JsonPass.ReadCount(ref reader);
            }
            else if (reader.IsNamed("item"u8))
            {
                reader.Read();
                item = OutputItem.Read(data, ref reader);
            }
            else
                reader.Skip();
        }

        var isWhole = kind is OutputEventKind.CallBegun or OutputEventKind.CallDone ? item.IsFunctionCall : !delta.IsEmpty;
        return isWhole ? new OutputEvent(kind) { Delta = delta, Call = item, OutputIndex = index } : default;
    }
}
