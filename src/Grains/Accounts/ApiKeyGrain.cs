using LlmTr.Grains.Abstractions;
using LlmTr.Grains.Telemetry;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Orleans.Concurrency;
using Orleans.Placement;

namespace LlmTr.Grains.Accounts;

/// <summary>
/// Hosts one key's <see cref="DurableAccount"/>. Reentrant, so that commands which arrive during an append are decided at once and share the
/// next one. Placed at random, because Orleans' default puts most grains on an idle silo.
/// </summary>
[Reentrant, RandomPlacement]
public sealed class ApiKeyGrain(ILedgerStore store, TimeProvider clock, IOptions<AccountOptions> options, ILogger<ApiKeyGrain> logger, AccountMetrics? metrics = null)
    : Grain, IApiKeyGrain
{
    /// <summary>The most lines of the ledger that one call returns.</summary>
    public const int MaxLedgerPage = 1000;

    /// <summary>The most holds or cases that one call returns.</summary>
    public const int MaxPage = 1000;

    private DurableAccount? _account;

    private DurableAccount Account => _account ??= new DurableAccount(this.GetPrimaryKeyString(), store, clock, options.Value, logger, metrics);

    /// <inheritdoc/>
    public Task<OperatorReply> Issue(IssueKey command) => AsOperator(command, static (account, command, now, entries) => account.Issue(command, now, entries));

    /// <inheritdoc/>
    public Task<OperatorReply> Credit(Credit command) => AsOperator(command, static (account, command, now, entries) => account.Credit(command, now, entries));

    /// <inheritdoc/>
    public Task<OperatorReply> Debit(Debit command) => AsOperator(command, static (account, command, now, entries) => account.Debit(command, now, entries));

    /// <inheritdoc/>
    public Task<OperatorReply> ChangeSettings(ChangeSettings command) =>
        AsOperator(command, static (account, command, now, entries) => account.ChangeSettings(command, now, entries));

    /// <inheritdoc/>
    public Task<OperatorReply> Rotate(RotateKey command) => AsOperator(command, static (account, command, now, entries) => account.Rotate(command, now, entries));

    /// <inheritdoc/>
    public Task<OperatorReply> Revoke(RevokeKey command) => AsOperator(command, static (account, command, now, entries) => account.Revoke(command, now, entries));

    /// <inheritdoc/>
    public Task<ResolveCaseReply> ResolveCase(ResolveCase command) =>
        Execute(command, static (account, command, now, entries) => account.ResolveCase(command, now, entries));

    /// <inheritdoc/>
    public Task<PlaceHoldReply> PlaceHold(PlaceHold command) => Execute(command, static (account, command, now, entries) => account.PlaceHold(command, now, entries));

    /// <inheritdoc/>
    public Task<SettleReply> Settle(Settle command) => Execute(command, static (account, command, now, entries) => account.Settle(command, now, entries));

    /// <inheritdoc/>
    public Task<EndHoldOutcome> Release(Release command) => Execute(command, static (account, command, now, entries) => account.Release(command, now, entries));

    /// <inheritdoc/>
    public Task<EndHoldOutcome> ReportUnreconciled(ReportUnreconciled command) =>
        Execute(command, static (account, command, now, entries) => account.ReportUnreconciled(command, now, entries));

    /// <inheritdoc/>
    public Task<AccountView?> Read(CancellationToken cancellation = default) => Answer(Account.Read(0, static (account, _, now, _) => account.View(now)));

    /// <inheritdoc/>
    public Task<HoldPage?> ReadHolds(RequestId? after, int limit, CancellationToken cancellation = default) => Answer(
        Account.Read((after, limit), static (account, page, _, _) => account.Holds(page.after, Math.Clamp(page.limit, 1, MaxPage))));

    /// <inheritdoc/>
    public Task<CasePage?> ReadCases(RequestId? after, int limit, CancellationToken cancellation = default) => Answer(
        Account.Read((after, limit), static (account, page, _, _) => account.Cases(page.after, Math.Clamp(page.limit, 1, MaxPage))));

    /// <inheritdoc/>
    public Task<AccountView?> ReadAs(SecretHash secret, CancellationToken cancellation = default) =>
        Answer(Account.Read(secret, static (account, secret, now, _) => account.Authenticates(secret, now) ? account.View(now) : null));

    /// <inheritdoc/>
    public Task<LedgerPage> ReadLedger(long fromSeq, int limit, CancellationToken cancellation = default) =>
        Answer(Account.ReadLedger(Math.Max(1, fromSeq), Math.Clamp(limit, 1, MaxLedgerPage), cancellation));

    /// <inheritdoc/>
    public override Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        _account?.Leave();
        return Task.CompletedTask;
    }

    private async Task<OperatorReply> AsOperator<TCommand>(TCommand command, Decision<TCommand, OperatorOutcome> decide)
    {
        var outcome = await Execute(command, decide);
        return new OperatorReply { Outcome = outcome, Account = await Read() };
    }

    private Task<TReply> Execute<TCommand, TReply>(TCommand command, Decision<TCommand, TReply> decide) => Answer(Account.Execute(command, decide));

    private async Task<TReply> Answer<TReply>(Task<TReply> answer)
    {
        try
        {
            return await answer;
        }
        finally
        {
            // Two activations of one key fence each other off for ever unless one of them goes.
            if (Account.SawAnotherWriter)
                DeactivateOnIdle();
        }
    }
}
