using System.Buffers;
using System.Text.Json;
using LlmTr.Api.Errors;
using LlmTr.Xai.Responses;
using LlmTr.Xai.Streaming;

namespace LlmTr.Api.Responses;

/// <summary>The face of <c>/v1/responses</c>: xAI's own words, byte for byte but for the model's name, and without ids and keys where they tell of an error.</summary>
internal sealed class ResponsesFace(ResponsesRequest request) : ITextFace, ITextFrames
{
    private readonly JsonEncodedText _publicId = JsonEncodedText.Encode(request.Model.Id);

    public string Endpoint => ResponsesRequest.Endpoint;

    public IReadOnlyList<string> IgnoredFields => request.IgnoredFields;

    public bool ShowsFailedResponses => true;

    public void Write(HttpResponse response, ReadOnlySpan<byte> body, in ResponseReading reading, MeasuredCost? charge)
    {
        response.ContentType = "application/json";
        if (reading.HasError)
        {
            var shown = new ArrayBufferWriter<byte>(body.Length);
            FailureRewrite.WriteBody(body, _publicId, shown);
            response.ContentLength = shown.WrittenCount;
            response.BodyWriter.Write(shown.WrittenSpan);
            return;
        }

        response.ContentLength = body.Length - reading.Model.Length + (reading.Model.IsPresent ? _publicId.EncodedUtf8Bytes.Length + 2 : 0);
        ModelRewrite.WriteBody(body, reading, _publicId, response.BodyWriter);
    }

    public ITextFrames OpenStream() => this;

    public void WritePiece(in SseFrame frame, IBufferWriter<byte> output)
    {
        if (frame.Kind == SseFrameKind.ResponseSnapshot)
            WriteWithModel(frame, output);
        else
            output.Write(frame.Bytes);
    }

    public void WriteEnd(in SseFrame frame, MeasuredCost? charge, IBufferWriter<byte> output) => WriteWithModel(frame, output);

    public void WriteError(ApiError error, string requestId, long sequenceNumber, IBufferWriter<byte> output) =>
        ErrorWriter.WriteFrame(output, error, requestId, sequenceNumber);

    private void WriteWithModel(in SseFrame frame, IBufferWriter<byte> output)
    {
        if (ResponseReading.TryReadFrame(frame, out var reading) && reading.HasError)
            FailureRewrite.WriteFrame(frame, _publicId, output);
        else
            ModelRewrite.WriteFrame(frame, reading, _publicId, output);
    }
}
