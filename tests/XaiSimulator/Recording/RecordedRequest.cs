using System.Collections.ObjectModel;
using System.Text;
using LlmTr.Money;

namespace LlmTr.XaiSimulator.Recording;

/// <summary>
/// One request as it came in, and what became of it. What came in never changes; status, bill and outcome fill in while it is served, and may be read
/// from any thread meanwhile. They are final once <see cref="Ended"/> has completed.
/// </summary>
public sealed class RecordedRequest
{
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile Bill _bill = new(0, null, UsdTicks.Zero);
    private volatile Outcome _outcome;
    private long _bytesSent;

    /// <summary>1 for the first request of this simulator.</summary>
    public required long Number { get; init; }

    /// <summary>The HTTP method.</summary>
    public required string Method { get; init; }

    /// <summary>The path, with <c>/v1</c> and with the query if there was one.</summary>
    public required string Path { get; init; }

    /// <summary>The headers in the order in which the server gives them.</summary>
    public required IReadOnlyList<KeyValuePair<string, string>> Headers { get; init; }

    /// <summary>The body, byte for byte. Of an upload, and of a body of more than 64 KiB that holds files, only <see cref="Parts"/> are remembered, and this is empty.</summary>
    public required ReadOnlyMemory<byte> Body { get; init; }

    /// <summary>The names of the body's top-level members, in order; empty where it is no JSON object.</summary>
    public required IReadOnlyList<string> Fields { get; init; }

    /// <summary>Those of <see cref="Fields"/> that xAI does not know: it ignores them and bills the call (xAI contract, section 1.4).</summary>
    public required IReadOnlyList<string> UnknownFields { get; init; }

    /// <summary>The model as the request names it; null where it names none.</summary>
    public required string? Model { get; init; }

    /// <summary>How many bytes the body had; of a form that came without a length, how many its parts had.</summary>
    public long BodyBytes { get; init; }

    /// <summary>The parts of a form in their order, or the images inside a body of JSON.</summary>
    public IReadOnlyList<RecordedPart> Parts { get; init; } = [];

    /// <summary>What the route found out: <c>characters</c> and <c>voice_used</c> of speech, <c>container</c> and <c>duration_ms</c> of a transcription.</summary>
    public IReadOnlyDictionary<string, string> Facts { get; init; } = ReadOnlyDictionary<string, string>.Empty;

    /// <summary>The body as text.</summary>
    public string BodyText => Encoding.UTF8.GetString(Body.Span);

    /// <summary>The status of the reply, sent or kept from being sent by a cut; 0 while none is decided.</summary>
    public int Status => _bill.Status;

    /// <summary>The <c>id</c> of the answer; null where none was generated.</summary>
    public string? ResponseId => _bill.ResponseId;

    /// <summary>
    /// What the simulator billed, in ticks: the cost of an answer that was generated, whether or not all of it was sent. Nobody knows whether xAI bills a
    /// stream that breaks (xAI contract, section 11); the simulator does.
    /// </summary>
    public UsdTicks Billed => _bill.Ticks;

    /// <summary>What became of it so far.</summary>
    public Outcome Outcome => _outcome;

    /// <summary>True when the client left before the reply was whole.</summary>
    public bool ClientAborted => _outcome == Outcome.Aborted;

    /// <summary>How many bytes of the reply's body were handed to the connection.</summary>
    public long BytesSent => Volatile.Read(ref _bytesSent);

    /// <summary>Completes when the request has ended, however that was.</summary>
    public Task Ended => _ended.Task;

    /// <summary>The value of a header, whatever the case of its name; null without it.</summary>
    public string? Header(string name)
    {
        foreach (var (key, value) in Headers)
        {
            if (key.Equals(name, StringComparison.OrdinalIgnoreCase))
                return value;
        }

        return null;
    }

    internal void Bills(int status, string? responseId, UsdTicks ticks) => _bill = new Bill(status, responseId, ticks);

    internal void Sent(int bytes) => Volatile.Write(ref _bytesSent, _bytesSent + bytes);

    internal void End(Outcome outcome)
    {
        _outcome = outcome;
        _ended.TrySetResult();
    }

    private sealed record Bill(int Status, string? ResponseId, UsdTicks Ticks);
}
