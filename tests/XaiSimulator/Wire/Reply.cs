using System.Net.Mime;
using LlmTr.Money;

namespace LlmTr.XaiSimulator.Wire;

/// <summary>Which headers a reply carries (xAI contract, section 1.2).</summary>
internal enum HeaderSet
{
    /// <summary>Only those of every reply: errors and listings.</summary>
    Plain,

    /// <summary>Those of a text answer in JSON: rate limits, trace, retention and metrics.</summary>
    TextJson,

    /// <summary>Those of a streamed text answer: the same without metrics.</summary>
    TextStream,

    /// <summary>Those of generated images.</summary>
    Image,

    /// <summary>Those of a video that was started.</summary>
    VideoStart,

    /// <summary>Those of a look at a video.</summary>
    VideoPoll,

    /// <summary>Those of speech and transcriptions.</summary>
    Voice,

    /// <summary>Those of a generated file: the ones of the store behind the edge.</summary>
    File,
}

/// <summary>A reply that was decided but not yet sent.</summary>
/// <param name="Status">The HTTP status.</param>
/// <param name="ContentType">The type of the body.</param>
/// <param name="Parts">The body: one part, or one per frame of a stream or per piece of a file.</param>
internal sealed record Reply(int Status, string ContentType, IReadOnlyList<ReadOnlyMemory<byte>> Parts)
{
    /// <summary>The type of a stream.</summary>
    public const string EventStream = "text/event-stream";

    /// <summary>The headers it carries. Those of <see cref="HeaderSet.Plain"/> with an error status have a length; all others are chunked.</summary>
    public HeaderSet Headers { get; init; }

    /// <summary>The id of the generated answer, or null.</summary>
    public string? ResponseId { get; init; }

    /// <summary>What it costs.</summary>
    public UsdTicks Billed { get; init; }

    /// <summary>The tokens that were generated; the metrics in the headers follow from them.</summary>
    public long OutputTokens { get; init; }

    /// <summary>The seconds of a <c>Retry-After</c>, or null.</summary>
    public int? RetryAfter { get; init; }

    /// <summary>The length in bytes that the headers tell; null leaves it to the server.</summary>
    public long? Length { get; init; }

    /// <summary>Headers of this reply alone.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Extra { get; init; } = [];

    /// <summary>A refusal.</summary>
    public static Reply Of(Fault fault, ErrorFamily family) =>
        new(fault.Status, fault.ContentType, [fault.Body(family)]) { Billed = fault.Cost };

    /// <summary>An answer in JSON.</summary>
    public static Reply Json(byte[] body, HeaderSet headers) => new(200, MediaTypeNames.Application.Json, [body]) { Headers = headers };

    /// <summary>A streamed answer.</summary>
    public static Reply Stream(IReadOnlyList<ReadOnlyMemory<byte>> frames) => new(200, EventStream, frames) { Headers = HeaderSet.TextStream };
}
