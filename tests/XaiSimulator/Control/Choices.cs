namespace LlmTr.XaiSimulator.Control;

/// <summary>Where a reply is broken off.</summary>
public enum BreakPoint
{
    /// <summary>After the request was read, before the first byte of the answer.</summary>
    Before,

    /// <summary>After so many bytes of the body.</summary>
    Body,

    /// <summary>After so many frames of the stream.</summary>
    Stream,
}

/// <summary>How an answer ends. All but the first two replace the last frame, or cut in after <see cref="Behaviour.After"/> frames.</summary>
public enum Ending
{
    /// <summary><c>response.completed</c>, or <c>response.incomplete</c> where the cap was reached.</summary>
    Completed,

    /// <summary><c>response.incomplete</c>, with usage.</summary>
    Incomplete,

    /// <summary><c>response.failed</c> without usage; nothing is billed. Nobody has seen a real one (xAI contract, section 11).</summary>
    Failed,

    /// <summary><c>response.failed</c> with usage, and billed.</summary>
    FailedWithUsage,

    /// <summary>An <c>error</c> event, as observed; nothing is billed.</summary>
    Error,

    /// <summary>A bare data line <c>{"code","error"}</c> without an event name, as observed; nothing is billed.</summary>
    BareError,

    /// <summary>HTTP 200 with a JSON error body, also where a stream was asked for; nothing is billed.</summary>
    JsonError,
}

/// <summary>What <c>max_output_tokens</c> covers: the documentation and a measurement disagree (xAI contract, section 3.1).</summary>
public enum Cap
{
    /// <summary>Reasoning and answer, as documented.</summary>
    All,

    /// <summary>The answer only, as measured on grok-4.6.</summary>
    Answer,

    /// <summary>Nothing, as reported of the multi-agent model.</summary>
    Ignored,
}

/// <summary>Whether an answer carries <c>usage</c>.</summary>
public enum UsageSwitch
{
    /// <summary>It does.</summary>
    Present,

    /// <summary>The member is missing.</summary>
    Omit,

    /// <summary>The member is null.</summary>
    Null,
}

/// <summary>How the lines of a stream end.</summary>
public enum LineEnd
{
    /// <summary>As xAI ends them.</summary>
    Lf,

    /// <summary>As the standard also allows.</summary>
    Crlf,
}

/// <summary>How the bytes of a reply are divided among writes to the connection.</summary>
public enum Writes
{
    /// <summary>A frame, or a whole body, in each.</summary>
    Frame,

    /// <summary>One byte in each.</summary>
    Byte,

    /// <summary>All in one.</summary>
    Glued,
}
