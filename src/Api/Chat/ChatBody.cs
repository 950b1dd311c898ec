using System.Buffers;
using LlmTr.Api.Responses;
using LlmTr.Xai.Responses;

namespace LlmTr.Api.Chat;

/// <summary>Writes a whole response as a chat completion: a pure function of its bytes. Texts are copied as they stand, escapes and all.</summary>
internal static class ChatBody
{
    /// <summary>Writes the completion.</summary>
    /// <param name="response">xAI's body.</param>
    /// <param name="reading">What <see cref="ResponseReading.TryReadBody"/> read from this very body.</param>
    /// <param name="identity">Whose answer it is.</param>
    /// <param name="charge">What the key pays; null where nothing is charged.</param>
    /// <param name="output">Where to.</param>
    public static void Write(ReadOnlySpan<byte> response, in ResponseReading reading, ChatIdentity identity, MeasuredCost? charge, IBufferWriter<byte> output)
    {
        var has = Look(response);
        identity.Write("chat.completion"u8, output);
        output.Write("\"choices\":[{\"index\":0,\"message\":{\"role\":\"assistant\",\"content\":"u8);

        // A message that only calls functions says nothing; one that says nothing at all says it as a text, which may be sent back.
        if (has.Text || !(has.Call || has.Refusal))
            Joined(response, OutputPieceKind.Text, output);
        else
            output.Write("null"u8);
        output.Write(",\"refusal\":"u8);
        if (has.Refusal)
            Joined(response, OutputPieceKind.Refusal, output);
        else
            output.Write("null"u8);
        if (has.Reasoning)
        {
            output.Write(",\"reasoning_content\":"u8);
            Joined(response, OutputPieceKind.Reasoning, output);
        }

        if (has.Call)
            Calls(response, output);
        output.Write("},\"logprobs\":null,\"finish_reason\":\""u8);
        output.Write(ChatFinish.Of(reading, has.Call));
        output.Write("\"}],\"usage\":"u8);
        ChatUsage.Write(reading.Usage, charge, output);
        output.Write("}"u8);
    }

    private static (bool Text, bool Refusal, bool Reasoning, bool Call) Look(ReadOnlySpan<byte> response)
    {
        var (text, refusal, reasoning, call) = (false, false, false, false);
        var pieces = new OutputPieces(response);
        while (pieces.MoveNext())
        {
            text |= pieces.Kind == OutputPieceKind.Text;
            refusal |= pieces.Kind == OutputPieceKind.Refusal;
            reasoning |= pieces.Kind == OutputPieceKind.Reasoning;
            call |= pieces.Kind == OutputPieceKind.Call;
        }

        return (text, refusal, reasoning, call);
    }

    private static void Joined(ReadOnlySpan<byte> response, OutputPieceKind kind, IBufferWriter<byte> output)
    {
        output.Write("\""u8);
        var pieces = new OutputPieces(response);
        while (pieces.MoveNext())
        {
            if (pieces.Kind == kind)
                output.Write(pieces.Text[1..^1]);
        }

        output.Write("\""u8);
    }

    private static void Calls(ReadOnlySpan<byte> response, IBufferWriter<byte> output)
    {
        var before = ",\"tool_calls\":[{"u8;
        var pieces = new OutputPieces(response);
        while (pieces.MoveNext())
        {
            if (pieces.Kind != OutputPieceKind.Call)
                continue;
            output.Write(before);
            before = ",{"u8;
            ChatCall.Write(pieces.Call, pieces.Call.Arguments, output);
        }

        output.Write("]"u8);
    }
}
