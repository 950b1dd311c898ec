namespace LlmTr.Simulation.Tests.Invariants;

/// <summary>The invariants, by the names that a failing seed and docs/testing.md use.</summary>
internal static class Law
{
    public const string Chain = "the ledger's chain of hashes, sequence and time holds";
    public const string NeverBelowZero = "posted - held >= 0";
    public const string AddsUp = "the entries add up to balance and held";
    public const string EndsOnce = "every hold ends once";
    public const string HoldFirst = "a cost is taken from the hold first, then from what is available, and the rest is an overrun";
    public const string Deadline = "no hold outlives its deadline";
    public const string RepeatChangesNothing = "a repeated command changes nothing";
    public const string Durable = "what was acknowledged is in the ledger";
    public const string Truth = "an answer was true at some moment while it was asked for";
    public const string HoldBeforeXai = "nothing goes to xAI before its hold is durable, nor after it has ended";
    public const string EveryTick = "settled at xAI's cost + what unreconciled and estimated requests really cost = xAI's bill";
    public const string Answered = "once the faults have stopped, everyone is answered";
    public const string SnapshotIsDurable = "a snapshot holds nothing that is not in the ledger";
    public const string GoodSnapshotUsed = "a snapshot that the ledger agrees with is used";
    public const string DebitLeavesHolds = "a debit takes no held money";
    public const string Limits = "a hold is placed only where status, secret, model and every limit of the key allow it";
    public const string ChargedOnce = "an Idempotency-Key is charged once";
    public const string OneWriter = "who has met another writer's lines goes, and nobody else";
    public const string GoesBack = "a hold that is not used goes back at once";
    public const string StoreTellsTrue = "an append that the store calls done is there once, one that it refuses is not, now or ever";
    public const string StoreShowsAll = "a store gives the lines as they are, and none is missing that was durable when it was asked";
    public const string ReadAsWritten = "an account follows from its ledger";
}
