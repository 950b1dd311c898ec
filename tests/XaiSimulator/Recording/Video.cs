using LlmTr.Money;

namespace LlmTr.XaiSimulator.Recording;

/// <summary>A video that the simulator was asked for and started, as it stands now.</summary>
/// <param name="RequestId">Its id, a UUID.</param>
/// <param name="Prompt">The prompt with its markers; empty where there was none.</param>
/// <param name="Model">The model that makes it.</param>
/// <param name="Started">When.</param>
/// <param name="State">How far it is.</param>
/// <param name="Looks">How many looks at it were answered, troubles that a test ordered included.</param>
/// <param name="Cost">What it costs at xAI, in ticks, if it ends as it is to: zero for one that fails.</param>
public sealed record Video(string RequestId, string Prompt, string Model, DateTimeOffset Started, VideoState State, long Looks, UsdTicks Cost);

/// <summary>How far a video is.</summary>
public enum VideoState
{
    /// <summary>Being made.</summary>
    Pending,

    /// <summary>There, with a file or at least billed as if there were one.</summary>
    Succeeded,

    /// <summary>Refused by moderation after it was made.</summary>
    Moderated,

    /// <summary>Failed, expired, or ended in a way that nobody knows.</summary>
    Failed,
}

/// <summary>All videos that were started, in sums. They count from the start or the last <see cref="Simulator.ResetBooks"/>, and no list is too short for them.</summary>
/// <param name="Started">How many.</param>
/// <param name="Pending">Those that are being made.</param>
/// <param name="Succeeded">Those that are there.</param>
/// <param name="Moderated">Those that moderation refused.</param>
/// <param name="Failed">The others that ended.</param>
/// <param name="SucceededTicks">What the ones that are there cost, in ticks.</param>
/// <param name="MostOfOnePrompt">How often the most frequent prompt was started: 1 where a test gives each job its own and the gateway never sends one twice.</param>
public sealed record VideoBooks(int Started, int Pending, int Succeeded, int Moderated, int Failed, UsdTicks SucceededTicks, int MostOfOnePrompt);
