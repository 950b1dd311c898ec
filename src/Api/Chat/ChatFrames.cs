using System.Buffers;
using System.Buffers.Text;
using LlmTr.Api.Errors;
using LlmTr.Api.Responses;
using LlmTr.Xai.Responses;
using LlmTr.Xai.Streaming;

namespace LlmTr.Api.Chat;

/// <summary>
/// Writes the events of a response as the chunks of a chat completion: a pure function of the frames so far. A piece is one copy between two constant
/// texts; nothing is kept of it but the head of a call until its arguments come.
/// </summary>
/// <param name="identity">Whose answer it is.</param>
/// <param name="includesUsage">True when a chunk before the last tells the usage; then all others have a null in its place, as at OpenAI.</param>
internal sealed class ChatFrames(ChatIdentity identity, bool includesUsage) : ITextFrames
{
    private readonly byte[] _head = Head(identity, includesUsage);
    private List<Call>? _calls;
    private int _callsTold;
    private bool _hasBegun;
    private bool _hasEnded;

    public void WritePiece(in SseFrame frame, IBufferWriter<byte> output)
    {
        if (_hasEnded)
            return;
        if (frame.Kind == SseFrameKind.Comment)
        {
            output.Write(frame.Bytes);
            return;
        }

        Begin(output);
        using var data = frame.ReadData();
        var piece = OutputEvent.Read(frame, data.Span);
        switch (piece.Kind)
        {
            case OutputEventKind.Text:
                WriteDelta("\"content\":"u8, piece.Delta, output);
                break;
            case OutputEventKind.Refusal:
                WriteDelta("\"refusal\":"u8, piece.Delta, output);
                break;
            case OutputEventKind.Reasoning:
                WriteDelta("\"reasoning_content\":"u8, piece.Delta, output);
                break;
            case OutputEventKind.CallBegun:
                BeginCall(piece);
                break;
            case OutputEventKind.CallArguments:
                WriteArguments(Find(piece.OutputIndex), piece.Delta, output);
                break;
            case OutputEventKind.CallDone:
                FinishCall(piece, output);
                break;
        }
    }

    public void WriteEnd(in SseFrame frame, MeasuredCost? charge, IBufferWriter<byte> output)
    {
        Begin(output);
        TellUntoldCalls(output);
        ResponseReading.TryReadFrame(frame, out var reading);

        // The event's own name is the surer word on how the answer ended.
        var isCut = frame.Kind == SseFrameKind.Incomplete && reading.Status != ResponseStatus.Incomplete;
        output.Write(_head);
        output.Write("[{\"index\":0,\"delta\":{},\"logprobs\":null,\"finish_reason\":\""u8);
        output.Write(isCut ? "length"u8 : ChatFinish.Of(reading, _calls is not null));
        output.Write("\"}]}\n\n"u8);
        if (includesUsage)
        {
            output.Write("data: "u8);
            identity.Write("chat.completion.chunk"u8, output);
            output.Write("\"choices\":[],\"usage\":"u8);
            ChatUsage.Write(reading.Usage, charge, output);
            output.Write("}\n\n"u8);
        }

        output.Write("data: [DONE]\n\n"u8);
        _hasEnded = true;
    }

    public void WriteError(ApiError error, string requestId, long sequenceNumber, IBufferWriter<byte> output)
    {
        ErrorWriter.WriteChunk(output, error, requestId);
        _hasEnded = true;
    }

    private static byte[] Head(ChatIdentity identity, bool includesUsage)
    {
        var head = new ArrayBufferWriter<byte>();
        head.Write("data: "u8);
        identity.Write("chat.completion.chunk"u8, head);
        if (includesUsage)
            head.Write("\"usage\":null,"u8);
        head.Write("\"choices\":"u8);
        return head.WrittenSpan.ToArray();
    }

    private void Begin(IBufferWriter<byte> output)
    {
        if (_hasBegun)
            return;
        _hasBegun = true;
        WriteDelta("\"role\":\"assistant\",\"content\":"u8, "\"\""u8, output);
    }

    private void WriteDelta(ReadOnlySpan<byte> name, ReadOnlySpan<byte> text, IBufferWriter<byte> output)
    {
        BeginDelta(output);
        output.Write(name);
        output.Write(text);
        EndDelta(output);
    }

    private void BeginCall(in OutputEvent piece)
    {
        var head = new ArrayBufferWriter<byte>();
        ChatCall.WriteHead(piece.Call, head);
        _calls ??= [];
        _calls.Add(new Call(piece.OutputIndex, head.WrittenSpan.ToArray()));
    }

    // The first arguments bring the head along. xAI was seen to send all of them in one delta, so a call is one chunk, as in xAI's own chat completions: xAI's
    // clients take every chunk for a whole call. The calls are numbered as they are told, since OpenAI's clients expect no number before a smaller one.
    private void WriteArguments(int number, ReadOnlySpan<byte> arguments, IBufferWriter<byte> output)
    {
        // Without its call nobody could tell whose arguments they are; the whole call comes once more when it is done.
        if (number < 0)
            return;
        var call = _calls![number];
        BeginDelta(output);
        if (call.Index is { } index)
        {
            WriteCallIndex(index, output);
            output.Write("\"function\":{\"arguments\":"u8);
        }
        else
        {
            call.Index = _callsTold++;
            WriteCallIndex(call.Index.Value, output);
            output.Write(call.Head);
        }

        output.Write(arguments);
        output.Write("}}]"u8);
        EndDelta(output);
    }

    // Should xAI send no arguments, or not begin the call, the end of the call tells all of it.
    private void FinishCall(in OutputEvent piece, IBufferWriter<byte> output)
    {
        var number = Find(piece.OutputIndex);
        if (number < 0)
        {
            BeginCall(piece);
            number = _calls!.Count - 1;
        }

        if (_calls![number].Index is null)
            WriteArguments(number, piece.Call.Arguments.IsEmpty ? "\"\""u8 : piece.Call.Arguments, output);
    }

    private void TellUntoldCalls(IBufferWriter<byte> output)
    {
        for (var number = 0; number < _calls?.Count; number++)
        {
            if (_calls[number].Index is null)
                WriteArguments(number, "\"\""u8, output);
        }
    }

    // An event that does not tell whose it is belongs to the last one.
    private int Find(long? outputIndex)
    {
        var call = (_calls?.Count ?? 0) - 1;
        while (call >= 0 && outputIndex is not null && _calls![call].OutputIndex != outputIndex)
            call--;
        return call;
    }

    private void BeginDelta(IBufferWriter<byte> output)
    {
        output.Write(_head);
        output.Write("[{\"index\":0,\"delta\":{"u8);
    }

    private static void EndDelta(IBufferWriter<byte> output) => output.Write("},\"logprobs\":null,\"finish_reason\":null}]}\n\n"u8);

    private static void WriteCallIndex(int index, IBufferWriter<byte> output)
    {
        output.Write("\"tool_calls\":[{\"index\":"u8);
        var span = output.GetSpan(16);
        Utf8Formatter.TryFormat(index, span, out var written);
        output.Advance(written);
        output.Write(","u8);
    }

    /// <summary>A call that xAI has begun.</summary>
    private sealed class Call(long? outputIndex, byte[] head)
    {
        public long? OutputIndex => outputIndex;

        /// <summary>What its first chunk says before the arguments.</summary>
        public byte[] Head => head;

        /// <summary>Its number among the calls that were told; null before.</summary>
        public int? Index { get; set; }
    }
}
