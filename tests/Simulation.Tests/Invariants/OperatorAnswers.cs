using LlmTr.Grains.Abstractions;

namespace LlmTr.Simulation.Tests.Invariants;

/// <summary>Whether what an operator was told was true.</summary>
internal sealed class OperatorAnswers(Findings findings)
{
    /// <summary>Of a credit or a debit, which are kept under ids with a prefix.</summary>
    public void Check(LedgerBook book, string id, long amount, OperatorOutcome told, long since)
    {
        var posted = book.Posted(id);
        findings.Require(told != OperatorOutcome.Done || posted == amount, Law.Durable, $"{id} was told {told}");
        findings.Require(told != OperatorOutcome.Conflict || (posted is not null && posted != amount), Law.Truth, $"{id} was told {told}");
        findings.Require(told != OperatorOutcome.InsufficientBalance || book.Sometime(since, state => state.Available < amount), Law.Truth, $"{id} was told {told}");
        findings.Require(told != OperatorOutcome.UnknownKey || since == 0, Law.Truth, $"{id} was told {told}");
    }

    public void Check(LedgerBook book, RevokeKey _, OperatorOutcome told) =>
        findings.Require(told != OperatorOutcome.Done || book.Terms.Revoked, Law.Durable, $"a revocation was told {told}");

    public void Check(LedgerBook book, RotateKey rotate, OperatorOutcome told)
    {
        findings.Require(told != OperatorOutcome.Revoked || book.Terms.Revoked, Law.Truth, $"a rotation was told {told}");
        findings.Require(told != OperatorOutcome.Done || book.HadSecret(rotate.Secret.ToHex()), Law.Durable, $"a rotation was told {told}");
    }

    public void Check(LedgerBook book, ChangeSettings change, OperatorOutcome told, long since)
    {
        findings.Require(told != OperatorOutcome.Revoked || book.Terms.Revoked, Law.Truth, $"a change was told {told}");
        findings.Require(
            told != OperatorOutcome.Done || book.Sometime(since, state => (change.Disabled is null || state.Terms.Disabled == change.Disabled)
                && (change.Limits is null || (state.Terms.MaxConcurrent, state.Terms.RequestsPerMinute) == (change.Limits.MaxConcurrent, change.Limits.RequestsPerMinute))),
            Law.Durable, $"a change was told {told}");
    }

    public void Check(LedgerBook book, ResolveCase resolve, ResolveCaseReply told, long since)
    {
        var record = book.Of(resolve.Id);
        var asAsked = resolve.Cost is { } cost ? record is { Settled: > 0 } && record.Cost == cost.Value : record is { Waived: > 0 } or { IsReleased: true };
        findings.Require(told.Outcome != ResolveOutcome.Done || asAsked, Law.Durable, $"{resolve} was told {told}");
        findings.Require(told.Outcome != ResolveOutcome.Conflict || (record is { Ended: > 0, IsCase: false } && !asAsked), Law.Truth, $"{resolve} was told {told}");
        findings.Require(told.Outcome != ResolveOutcome.UnknownCase || record is not { IsCase: true } || record.Ended > since, Law.Truth, $"{resolve} was told {told}");
    }
}
