using LlmTr.Money;

namespace LlmTr.XaiSimulator.Recording;

/// <summary>What the simulator has billed in all, to be compared with a gateway's ledger. Amounts are ticks.</summary>
/// <param name="Requests">Requests that came in.</param>
/// <param name="Answered">Those with a whole reply of a status below 400.</param>
/// <param name="Refused">Those with a whole reply of a status of 400 or more.</param>
/// <param name="Cut">Those whose connection the simulator broke.</param>
/// <param name="Aborted">Those whose client left first.</param>
/// <param name="Billed">The cost of every answer that was generated, sent whole or not.</param>
/// <param name="Delivered">The part of <paramref name="Billed"/> whose replies were sent whole, so that a reader could learn it.</param>
public sealed record Books(long Requests, long Answered, long Refused, long Cut, long Aborted, UsdTicks Billed, UsdTicks Delivered)
{
    /// <summary>Nothing yet.</summary>
    public static Books Empty { get; } = new(0, 0, 0, 0, 0, UsdTicks.Zero, UsdTicks.Zero);

    /// <summary>The requests that have not ended.</summary>
    public long Open => Requests - Answered - Refused - Cut - Aborted;

    internal Books WithRequest() => this with { Requests = Requests + 1 };

    internal Books WithBill(UsdTicks ticks) => this with { Billed = Billed + ticks };

    internal Books WithEnd(Outcome outcome, UsdTicks billed) => outcome switch
    {
        Outcome.Answered => this with { Answered = Answered + 1, Delivered = Delivered + billed },
        Outcome.Refused => this with { Refused = Refused + 1, Delivered = Delivered + billed },
        Outcome.Cut => this with { Cut = Cut + 1 },
        Outcome.Aborted => this with { Aborted = Aborted + 1 },
        _ => this,
    };
}
