using System.Buffers;
using LlmTr.Api.Errors;
using LlmTr.Api.Metering;
using LlmTr.Xai.Responses;
using LlmTr.Xai.Streaming;

namespace LlmTr.Api.Responses;

/// <summary>
/// How a request for text looks to its client: under which path it came and in which words it is answered. Holding, forwarding and measuring are the same
/// for every face.
/// </summary>
internal interface ITextFace
{
    /// <summary>The gateway's path.</summary>
    string Endpoint { get; }

    /// <summary>Names of the fields in the body that were ignored.</summary>
    IReadOnlyList<string> IgnoredFields { get; }

    /// <summary>
    /// True when a response that failed is shown as a response, unless it speaks of the platform (<see cref="RefusalMapping.SpeaksOfThePlatform"/>); false when it is told as an error.
    /// </summary>
    bool ShowsFailedResponses { get; }

    /// <summary>Begins a whole answer: sets its headers and writes its body.</summary>
    /// <param name="response">The client's, not started yet.</param>
    /// <param name="body">xAI's answer.</param>
    /// <param name="reading">What was read from it.</param>
    /// <param name="charge">What the key pays; null where nothing is charged.</param>
    void Write(HttpResponse response, ReadOnlySpan<byte> body, in ResponseReading reading, MeasuredCost? charge);

    /// <summary>Begins a stream.</summary>
    ITextFrames OpenStream();
}

/// <summary>The frames of one stream as its client sees them.</summary>
internal interface ITextFrames
{
    /// <summary>Writes what a frame says that does not end the answer.</summary>
    void WritePiece(in SseFrame frame, IBufferWriter<byte> output);

    /// <summary>Writes what the frame says that ends the answer. By then the charge is durable.</summary>
    /// <param name="frame">xAI's last frame.</param>
    /// <param name="charge">What the key pays; null where nothing is charged.</param>
    /// <param name="output">Where to.</param>
    void WriteEnd(in SseFrame frame, MeasuredCost? charge, IBufferWriter<byte> output);

    /// <summary>Writes an error in place of the answer's end.</summary>
    /// <param name="error">What went wrong.</param>
    /// <param name="requestId">The request's id.</param>
    /// <param name="sequenceNumber">The number of the frame in xAI's stream.</param>
    /// <param name="output">Where to.</param>
    void WriteError(ApiError error, string requestId, long sequenceNumber, IBufferWriter<byte> output);
}
