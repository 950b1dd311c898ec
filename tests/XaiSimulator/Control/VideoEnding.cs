namespace LlmTr.XaiSimulator.Control;

/// <summary>How a video ends (xAI contract, sections 6.2 and 10.5).</summary>
public enum VideoEnding
{
    /// <summary>With a file, and billed.</summary>
    Done,

    /// <summary>With a file and billed, but the answer has neither <c>status</c> nor <c>usage</c>.</summary>
    DoneWithoutStatus,

    /// <summary>Done and billed, but the URL is empty although moderation has nothing against it.</summary>
    EmptyUrl,

    /// <summary>Moderated as documented: done, no URL, <c>respect_moderation</c> false; the cost is reported and billed. That it is reported is a guess.</summary>
    Flagged,

    /// <summary>Moderated as observed: 400 without a cost. A reseller says that it is billed all the same, and here it is.</summary>
    Moderated,

    /// <summary><c>failed</c>, with <see cref="Behaviour.Reason"/> as its code; not billed.</summary>
    Failed,

    /// <summary><c>expired</c>; not billed.</summary>
    Expired,

    /// <summary>A status that nobody has documented; not billed.</summary>
    UnknownStatus,

    /// <summary>Never: it is pending until a test says otherwise (<see cref="Simulator.FinishVideos"/>), and then it is done.</summary>
    Never,
}
