using LlmTr.Grains.Abstractions;
using LlmTr.Grains.Abstractions.Video;
using LlmTr.Money;
using LlmTr.Xai.Video;

namespace LlmTr.Grains.Video;

/// <summary>Where a job stands. The names are written into stores: they are never renamed.</summary>
public enum JobPhase
{
    /// <summary>It is recorded; its money was not asked for, or the account has not answered.</summary>
    Queued,

    /// <summary>Its money is held, and nothing was sent.</summary>
    Holding,

    /// <summary>One attempt, named by its nonce, may send it; only that one.</summary>
    Submitting,

    /// <summary>xAI has it.</summary>
    Polling,

    /// <summary>It is known how its hold ends; the account has not been told, or has not answered.</summary>
    Settling,

    /// <summary>Its money is done with; the file is being copied.</summary>
    Copying,

    /// <summary>Over: there is a video.</summary>
    Succeeded,

    /// <summary>Over: there is none.</summary>
    Failed,

    /// <summary>Over: nobody waits for it any longer.</summary>
    Expired,

    /// <summary>No job: written where an open marker had none, so that a late writer of that time cannot begin one unseen.</summary>
    Tombstone,
}

/// <summary>What is to be done next for a job.</summary>
public enum JobAction
{
    /// <summary>Ask the account for the hold.</summary>
    PlaceHold,

    /// <summary>The account has refused, but an earlier ask may be on its way: release what that one gets, then leave nothing behind.</summary>
    Withdraw,

    /// <summary>Write down that this attempt submits, then submit.</summary>
    Submit,

    /// <summary>Another attempt may be submitting: wait until it cannot be any more.</summary>
    AwaitSubmission,

    /// <summary>Ask xAI.</summary>
    Poll,

    /// <summary>Tell the account how the hold ends.</summary>
    EndHold,

    /// <summary>Copy the file.</summary>
    Copy,

    /// <summary>Nothing: only its open marker is left to close.</summary>
    Close,
}

/// <summary>
/// A video job as a pure state machine: something happened, and a job comes out that is written down before anything is done about it. No clock, no I/O, no
/// Orleans. An event that does not fit (a late answer, a repeat) changes nothing: the same object comes back.
/// <code>
/// queued ─► holding ─► submitting ─► polling ─► settling ─► copying ─► succeeded
///   │          ▲  never sent │           │          │
///   └ refused: └─────────────┘           └──────────┴────────────────► failed | expired
///     no job
/// </code>
/// </summary>
public sealed partial record VideoJob
{
    /// <summary>The version of what is written.</summary>
    public const int CurrentSchema = 1;

    /// <summary>The version that this was written as.</summary>
    public int Schema { get; init; } = CurrentSchema;

    /// <summary>Where it stands.</summary>
    public required JobPhase Phase { get; init; }

    /// <summary>Which open marker is this job's: only that one is closed with it.</summary>
    public string? Marker { get; init; }

    /// <summary>The account that pays.</summary>
    public required string KeyId { get; init; }

    /// <summary>The hold's id: the id of the request that began the job.</summary>
    public required RequestId HoldId { get; init; }

    /// <summary>Of the body that it was begun with, as <see cref="Fingerprint.ToString"/> writes it.</summary>
    public required string Body { get; init; }

    /// <summary>When it was begun.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>The public model id.</summary>
    public required string Model { get; init; }

    /// <summary>Seconds that were asked for.</summary>
    public required int DurationSeconds { get; init; }

    /// <summary>What it costs by the catalogue.</summary>
    public required UsdTicks Price { get; init; }

    /// <summary>The hash of the caller's secret, until its money is held or refused for good.</summary>
    public string? SecretSha256 { get; init; }

    /// <summary>Of a queued job: since when an ask for the hold may be on its way whose answer nobody has; null while there is none.</summary>
    public DateTimeOffset? HoldAskedAgainAt { get; init; }

    /// <summary>What to make, with the prompt; null as soon as it was sent or never will be.</summary>
    public VideoOrder? Order { get; init; }

    /// <summary>Names the one attempt that may send it.</summary>
    public string? Nonce { get; init; }

    /// <summary>When that attempt was written down.</summary>
    public DateTimeOffset? SubmittingAt { get; init; }

    /// <summary>xAI's id.</summary>
    public string? ProviderId { get; init; }

    /// <summary>When xAI's id came.</summary>
    public DateTimeOffset? SubmittedAt { get; init; }

    /// <summary>Percent, as xAI told it last.</summary>
    public int Progress { get; init; }

    /// <summary>Since when xAI says that it does not know the job, without a break; null while it does.</summary>
    public DateTimeOffset? UnknownSince { get; init; }

    /// <summary>How the hold ends; null as long as nobody knows.</summary>
    public HoldEnd? End { get; init; }

    /// <summary>What it becomes when its money is done with.</summary>
    public JobPhase? Result { get; init; }

    /// <summary>What went wrong.</summary>
    public JobError? Error { get; init; }

    /// <summary>Where xAI keeps the file.</summary>
    public string? ProviderUrl { get; init; }

    /// <summary>Seconds that were made.</summary>
    public int? SecondsGenerated { get; init; }

    /// <summary>The copy in the media store.</summary>
    public VideoFile? File { get; init; }

    /// <summary>When it was over.</summary>
    public DateTimeOffset? CompletedAt { get; init; }

    /// <summary>True once nothing is left to do but to close the open marker.</summary>
    public bool IsOver => Phase >= JobPhase.Succeeded;

    /// <summary>What is to be done next.</summary>
    /// <param name="nonce">The nonce of the attempt that asks, if it has one and has not sent yet.</param>
    public JobAction Next(string? nonce) => Phase switch
    {
        JobPhase.Queued => End is null ? JobAction.PlaceHold : JobAction.Withdraw,
        JobPhase.Holding => JobAction.Submit,
        JobPhase.Submitting => nonce is not null && nonce == Nonce ? JobAction.Submit : JobAction.AwaitSubmission,
        JobPhase.Polling => JobAction.Poll,
        JobPhase.Settling => JobAction.EndHold,
        JobPhase.Copying => JobAction.Copy,
        _ => JobAction.Close,
    };

    /// <summary>The job as its customer is told it.</summary>
    public VideoJobView View(string id, DateTimeOffset now) => new()
    {
        Id = id,
        KeyId = KeyId,
        HoldId = HoldId,
        Status = Phase switch
        {
            JobPhase.Queued or JobPhase.Holding => VideoJobStatus.Queued,
            JobPhase.Succeeded => VideoJobStatus.Succeeded,
            JobPhase.Failed => VideoJobStatus.Failed,
            JobPhase.Expired => VideoJobStatus.Expired,
            _ => VideoJobStatus.InProgress,
        },
        Model = Model,
        Progress = Phase == JobPhase.Succeeded ? 100 : Progress,
        DurationSeconds = DurationSeconds,
        CreatedAt = CreatedAt,
        CompletedAt = CompletedAt,
        SecondsGenerated = SecondsGenerated,
        Cost = End is { Kind: HoldEndKind.Settle } ? End.Cost : null,
        CostSource = End?.Source ?? CostSource.Provider,
        Charged = End?.Charged,
        Available = End?.Available,
        ErrorType = IsOver ? Error?.Type : null,
        ErrorMessage = IsOver ? Error?.Message : null,
        File = IsOver && File?.KeptUntil > now ? File : null,
        ProviderUrl = IsOver && File is null ? ProviderUrl : null,
    };
}

/// <summary>What went wrong, as the customer is told it.</summary>
/// <param name="Type">The machine-readable word.</param>
/// <param name="Message">A sentence; never a prompt.</param>
public sealed record JobError(string Type, string Message);

/// <summary>The ways in which a hold ends. The names are written into stores.</summary>
public enum HoldEndKind
{
    /// <summary>With a charge.</summary>
    Settle,

    /// <summary>Without one.</summary>
    Release,

    /// <summary>As a case for the operator.</summary>
    Unreconciled,
}

/// <summary>How a job's hold ends.</summary>
public sealed record HoldEnd
{
    /// <summary>The way.</summary>
    public required HoldEndKind Kind { get; init; }

    /// <summary>The true cost, where it is settled.</summary>
    public UsdTicks Cost { get; init; }

    /// <summary>Who said so.</summary>
    public CostSource Source { get; init; }

    /// <summary>Why, in a few words for the ledger.</summary>
    public required string Reason { get; init; }

    /// <summary>What the key paid; null until the account has said so.</summary>
    public UsdTicks? Charged { get; init; }

    /// <summary>The available balance after it.</summary>
    public UsdTicks? Available { get; init; }
}
