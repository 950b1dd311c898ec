namespace LlmTr.XaiSimulator.Recording;

/// <summary>What became of a request.</summary>
public enum Outcome
{
    /// <summary>Not ended yet.</summary>
    Open,

    /// <summary>A whole reply with a status below 400 was written.</summary>
    Answered,

    /// <summary>A whole reply with a status of 400 or more was written.</summary>
    Refused,

    /// <summary>The simulator broke the connection, as it was asked to.</summary>
    Cut,

    /// <summary>The client left before the reply was whole, or the simulator was stopped.</summary>
    Aborted,
}
