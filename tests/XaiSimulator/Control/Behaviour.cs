using LlmTr.XaiSimulator.Wire;

namespace LlmTr.XaiSimulator.Control;

/// <summary>
/// How one request is to be answered where that differs from a healthy xAI. The same words, in snake case, make the JSON of the control endpoint and
/// the markers in a prompt; README.md beside the project lists them. A request that xAI would refuse is refused whatever its behaviour says, but is
/// delayed, held, cut and paced by it like any other.
/// </summary>
public sealed record Behaviour
{
    /// <summary>A healthy xAI.</summary>
    public static Behaviour None { get; } = new();

    /// <summary>Answer with a row of the status table.</summary>
    public Fault? Fault { get; init; }

    /// <summary>The family of code words in an error body; null for the simulator's own.</summary>
    public ErrorFamily? Errors { get; init; }

    /// <summary>Answer with this status, 200 to 599; without <see cref="Body"/> with the usual body of that status.</summary>
    public int? Status { get; init; }

    /// <summary>Answer with exactly these bytes. Of an event stream, the frames are still told apart, so that it can be cut and paced.</summary>
    public ReadOnlyMemory<byte>? Body { get; init; }

    /// <summary>The type of <see cref="Body"/>; JSON by default.</summary>
    public string? ContentType { get; init; }

    /// <summary>Adds a <c>Retry-After</c> header of so many seconds (no capture has one).</summary>
    public int? RetryAfter { get; init; }

    /// <summary>The wait between reading the request and answering it.</summary>
    public TimeSpan Delay { get; init; }

    /// <summary>The pause before each frame; null for the simulator's own.</summary>
    public TimeSpan? Pace { get; init; }

    /// <summary>Each frame waits until the test lets one go (<see cref="FrameSteps"/>).</summary>
    public bool Step { get; init; }

    /// <summary>Where the connection is cut; null never.</summary>
    public BreakPoint? Cut { get; init; }

    /// <summary>Where the reply stops, with the connection open, until the client leaves; null never.</summary>
    public BreakPoint? Stall { get; init; }

    /// <summary>How many bytes (<see cref="BreakPoint.Body"/>) or frames (<see cref="BreakPoint.Stream"/>, <see cref="Ending"/>) are still sent.</summary>
    public int? After { get; init; }

    /// <summary>Cut with a TCP reset, which may also destroy bytes that the client has not read yet, rather than with an orderly close.</summary>
    public bool Reset { get; init; }

    /// <summary>The text of the answer.</summary>
    public string? Answer { get; init; }

    /// <summary>An answer of so many bytes of plain text.</summary>
    public int? AnswerBytes { get; init; }

    /// <summary>Stream the answer in exactly so many deltas; it is made longer when it has fewer characters.</summary>
    public int? Deltas { get; init; }

    /// <summary>Call the function of this name, whether or not the request offers it; <c>*</c> is the first one offered.</summary>
    public string? Call { get; init; }

    /// <summary>The arguments of that call, JSON in a string; made from the function's schema by default.</summary>
    public string? Arguments { get; init; }

    /// <summary>The <c>model</c> that the answer names, an alias for instance.</summary>
    public string? Model { get; init; }

    /// <summary>How the answer ends.</summary>
    public Ending End { get; init; }

    /// <summary>
    /// The reason of an incomplete answer: <c>max_output_tokens</c> (default), <c>max_prompt_tokens</c> or <c>max_time_limit</c>. Of a video that failed, the
    /// code: <c>internal_error</c> (default), <c>invalid_argument</c>, <c>permission_denied</c>, <c>failed_precondition</c>, <c>service_unavailable</c>.
    /// </summary>
    public string? Reason { get; init; }

    /// <summary>Send <c>data: [DONE]</c> after the last frame.</summary>
    public bool Done { get; init; }

    /// <summary>What <c>max_output_tokens</c> covers; null for what is said of the model.</summary>
    public Cap? Cap { get; init; }

    /// <summary>How the cost is reported; null truthfully.</summary>
    public CostSwitch? Cost { get; init; }

    /// <summary>Whether <c>usage</c> is reported at all.</summary>
    public UsageSwitch Usage { get; init; }

    /// <summary>Input tokens in place of the counted ones. Of a model with several agents, all the agents' together.</summary>
    public long? InputTokens { get; init; }

    /// <summary>Cached input tokens in place of the counted ones.</summary>
    public long? CachedTokens { get; init; }

    /// <summary>Output tokens, reasoning included, in place of the counted ones.</summary>
    public long? OutputTokens { get; init; }

    /// <summary>Reasoning tokens in place of the counted ones.</summary>
    public long? ReasoningTokens { get; init; }

    /// <summary>So many web searches, reported and billed although nobody may have allowed any.</summary>
    public int ServerTools { get; init; }

    /// <summary>How the lines of a stream end.</summary>
    public LineEnd LineEnd { get; init; }

    /// <summary>Spread each frame's data over two <c>data:</c> lines.</summary>
    public bool SplitData { get; init; }

    /// <summary>Send a comment before each frame.</summary>
    public bool Comments { get; init; }

    /// <summary>How the bytes of a reply are divided among writes.</summary>
    public Writes Writes { get; init; }

    /// <summary>Answer with a 302 to this address.</summary>
    public string? Redirect { get; init; }

    /// <summary>Send audio, or a file, in so many pieces, at least 1; null for pieces of 16 KiB. A piece is what <see cref="Pace"/>, <see cref="Step"/> and <see cref="BreakPoint.Stream"/> count.</summary>
    public int? Pieces { get; init; }

    /// <summary>The image is refused by moderation after it was made: 400, and billed.</summary>
    public bool Moderated { get; init; }

    /// <summary>The URL that the answer names in place of its own.</summary>
    public string? Url { get; init; }

    /// <summary>The files of this answer are gone so long after it; null never.</summary>
    public TimeSpan? Expires { get; init; }

    /// <summary>The status of a file that is gone: 403 (default) or 404.</summary>
    public int? Expired { get; init; }

    /// <summary>The files of this answer have so many bytes, by zeros behind what is shown; null for their own few.</summary>
    public long? FileBytes { get; init; }

    /// <summary>How a transcription reports <c>duration</c>; null truthfully.</summary>
    public DurationSwitch? Duration { get; init; }

    /// <summary>How a video ends.</summary>
    public VideoEnding Video { get; init; }

    /// <summary>So many looks find a video pending before its end; null for two, or as long as the simulator's own time.</summary>
    public int? Polls { get; init; }

    /// <summary>A video is at its end so long after its start, by the simulator's clock.</summary>
    public TimeSpan? Takes { get; init; }

    /// <summary>A pending video is answered by a 202 without a body.</summary>
    public bool EmptyPending { get; init; }

    /// <summary>The first so many looks at a video find a 404.</summary>
    public int? Grace { get; init; }

    /// <summary>So many looks at a video, after those of <see cref="Grace"/>, find <see cref="PollFault"/>.</summary>
    public int? PollFaults { get; init; }

    /// <summary>What they find; null for a plain 500.</summary>
    public Fault? PollFault { get; init; }

    /// <summary>How the cost of a video is reported from the second look at its end on; null as in the first. What is billed is what the first says.</summary>
    public CostSwitch? CostLater { get; init; }
}
