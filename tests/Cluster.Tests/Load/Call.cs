namespace LlmTr.Cluster.Tests.Load;

/// <summary>What a call asks for.</summary>
internal enum CallKind
{
    Text,
    Stream,
    Image,
    Speech,
    Transcription,
    Video,
    VideoPoll,
    Credit,
    Balance,
}

/// <summary>What became of a call.</summary>
internal enum CallEnd
{
    /// <summary>Answered as it should be.</summary>
    Good,

    /// <summary>Answered with an error.</summary>
    Refused,

    /// <summary>Sent, and the connection broke or the time was over.</summary>
    Broken,

    /// <summary>No front end took it.</summary>
    NotSent,
}

/// <summary>One call, as its client saw it. Times count from the start of the load.</summary>
/// <param name="Kind">What it asked for.</param>
/// <param name="Key">Whose it was.</param>
/// <param name="Nonce">In its prompt, text or file, so that the simulator's books can be compared.</param>
/// <param name="Began">When it was sent.</param>
/// <param name="Ended">When the last byte of the answer was there.</param>
/// <param name="End">What became of it.</param>
/// <param name="Why">What went wrong; empty where nothing did.</param>
/// <param name="RequestId">As the gateway's headers say; null where none came.</param>
/// <param name="CostTicks">What the answer says that it cost, where it does and the settlement is not pending.</param>
internal sealed record Call(CallKind Kind, CustomerKey Key, string Nonce, TimeSpan Began, TimeSpan Ended, CallEnd End, string Why, string? RequestId, long? CostTicks)
{
    public bool IsGood => End == CallEnd.Good;

    /// <summary>True for calls that xAI bills.</summary>
    public bool IsMetered => Kind is CallKind.Text or CallKind.Stream or CallKind.Image or CallKind.Speech or CallKind.Transcription;
}

/// <summary>A customer's key.</summary>
/// <param name="Id">Its public id.</param>
/// <param name="Text">The secret that opens it.</param>
internal sealed record CustomerKey(string Id, string Text);
