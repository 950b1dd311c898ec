using System.Text.Json;
using LlmTr.XaiSimulator.Control;
using LlmTr.XaiSimulator.Wire;

namespace LlmTr.XaiSimulator.Responses;

/// <summary>The frames of a streamed response in the captured order (xAI contract, sections 3.7 and 10.2).</summary>
internal sealed class EventStream
{
    private readonly Generation _generation;
    private readonly List<ReadOnlyMemory<byte>> _frames = [];

    private EventStream(Generation generation) => _generation = generation;

    /// <summary>All frames of a response.</summary>
    public static IReadOnlyList<ReadOnlyMemory<byte>> Of(Generation generation)
    {
        var stream = new EventStream(generation);
        stream.AddResponse("response.created", isFinal: false);
        stream.AddResponse("response.in_progress", isFinal: false);
        for (var i = 0; i < generation.Output.Count; i++)
            stream.AddItem(generation.Output[i], i);
        stream.AddEnd();
        return stream._frames;
    }

    private void AddItem(OutputItem item, int index)
    {
        Add("response.output_item.added", writer =>
        {
            writer.WritePropertyName("item");
            item.WriteStarted(writer);
            writer.WriteNumber("output_index", index);
        });
        switch (item)
        {
            case ReasoningItem reasoning:
                AddReasoning(reasoning, index);
                break;
            case MessageItem message:
                AddMessage(message, index);
                break;
            case FunctionCallItem call:
                AddFunctionCall(call, index);
                break;
        }

        Add("response.output_item.done", writer =>
        {
            writer.WritePropertyName("item");
            item.Write(writer);
            writer.WriteNumber("output_index", index);
        });
    }

    private void AddReasoning(ReasoningItem item, int index)
    {
        AddSummaryPart("response.reasoning_summary_part.added", item, index, "");
        foreach (var piece in Pieces.Of(item.Summary))
        {
            Add("response.reasoning_summary_text.delta", writer =>
            {
                writer.WriteString("delta", piece);
                writer.WriteString("item_id", item.Id);
                writer.WriteNumber("output_index", index);
                writer.WriteNumber("summary_index", 0);
            });
        }

        Add("response.reasoning_summary_text.done", writer =>
        {
            writer.WriteString("item_id", item.Id);
            writer.WriteNumber("output_index", index);
            writer.WriteNumber("summary_index", 0);
            writer.WriteString("text", item.Summary);
        });
        AddSummaryPart("response.reasoning_summary_part.done", item, index, item.Summary);
    }

    private void AddSummaryPart(string type, ReasoningItem item, int index, string text) => Add(type, writer =>
    {
        writer.WriteString("item_id", item.Id);
        writer.WriteNumber("output_index", index);
        writer.WritePropertyName("part");
        ReasoningItem.WritePart(writer, text);
        writer.WriteNumber("summary_index", 0);
    });

    private void AddMessage(MessageItem item, int index)
    {
        AddContentPart("response.content_part.added", item, index, "");
        foreach (var delta in _generation.Answer.Deltas)
        {
            Add("response.output_text.delta", writer =>
            {
                writer.WriteNumber("content_index", 0);
                writer.WriteString("delta", delta);
                writer.WriteString("item_id", item.Id);
                writer.WriteNumber("output_index", index);
                WriteNoLogprobs(writer);
            });
        }

        Add("response.output_text.done", writer =>
        {
            writer.WriteNumber("content_index", 0);
            writer.WriteString("item_id", item.Id);
            writer.WriteNumber("output_index", index);
            writer.WriteString("text", item.Text);
            WriteNoLogprobs(writer);
        });
        AddContentPart("response.content_part.done", item, index, item.Text);
    }

    private void AddContentPart(string type, MessageItem item, int index, string text) => Add(type, writer =>
    {
        writer.WriteNumber("content_index", 0);
        writer.WriteString("item_id", item.Id);
        writer.WriteNumber("output_index", index);
        writer.WritePropertyName("part");
        MessageItem.WritePart(writer, text);
    });

    /// <summary>All arguments in one delta, as captured; the order of these members follows that of the other events.</summary>
    private void AddFunctionCall(FunctionCallItem item, int index)
    {
        Add("response.function_call_arguments.delta", writer =>
        {
            writer.WriteString("delta", item.Arguments);
            writer.WriteString("item_id", item.Id);
            writer.WriteNumber("output_index", index);
        });
        Add("response.function_call_arguments.done", writer =>
        {
            writer.WriteString("arguments", item.Arguments);
            writer.WriteString("item_id", item.Id);
            writer.WriteNumber("output_index", index);
        });
    }

    private void AddEnd()
    {
        var behaviour = _generation.Behaviour;
        // With a cut or a stall, the number of frames is theirs.
        var takesPlaceOfTheRest = behaviour is { End: not Ending.Completed, Cut: null, Stall: null };
        if (takesPlaceOfTheRest && behaviour.After is { } after && after < _frames.Count)
            _frames.RemoveRange(after, _frames.Count - after);

        if (behaviour.End == Ending.Error)
            AddError();
        else if (behaviour.End == Ending.BareError)
            _frames.Add(Frames.Encode(null, Fault.NoModelResponse.Body(behaviour.Errors ?? ErrorFamily.Slugs), behaviour));
        else
            AddResponse($"response.{_generation.Status}", isFinal: true);
        if (behaviour.Done)
            _frames.Add(Frames.Encode(null, "[DONE]"u8, behaviour));
    }

    private void AddError() => Add("error", writer =>
    {
        writer.WriteNull("code");
        writer.WriteString("message", Fault.NoModelResponse.Text);
        writer.WriteNull("param");
    });

    private void AddResponse(string type, bool isFinal) => Add(type, writer =>
    {
        writer.WritePropertyName("response");
        ResponseObject.Write(writer, _generation, isStream: true, isFinal);
    });

    private void Add(string type, Action<Utf8JsonWriter> members)
    {
        var sequence = _frames.Count;
        var data = WireJson.Object(writer =>
        {
            writer.WriteNumber("sequence_number", sequence);
            writer.WriteString("type", type);
            members(writer);
        });
        _frames.Add(Frames.Encode(type, data, _generation.Behaviour));
    }

    private static void WriteNoLogprobs(Utf8JsonWriter writer)
    {
        writer.WriteStartArray("logprobs");
        writer.WriteEndArray();
    }
}
