using Orleans.CodeGeneration;

namespace LlmTr.Grains.Abstractions;

/// <summary>
/// The account of one API key. The grain's key is the key's id, which is no secret. Every answer waits until what it says is
/// durable. Any call may throw <see cref="AccountUnavailableException"/> or time out: the outcome is then unknown, and the caller repeats with the same
/// ids until it is told. Commands take no cancellation token: to stop waiting is the caller's affair, and what was decided is written all the same.
/// </summary>
[Alias("llmtr.IApiKeyGrain"), Version(1)]
public interface IApiKeyGrain : IGrainWithStringKey
{
    /// <summary>
    /// Past this a call that somebody waits for is taken for lost and repeated: above the 2 s within which an append succeeds or has failed, and so far below the patience
    /// of a caller (8 s) that a silo which has died, found out in 2 to 3 s, leaves room for two more tries.
    /// </summary>
    const string CallerResponseTimeout = "00:00:03";

    /// <summary>Opens the account of a new key.</summary>
    [Alias("Issue")]
    Task<OperatorReply> Issue(IssueKey command);

    /// <summary>Adds money.</summary>
    [Alias("Credit")]
    Task<OperatorReply> Credit(Credit command);

    /// <summary>Takes money.</summary>
    [Alias("Debit")]
    Task<OperatorReply> Debit(Debit command);

    /// <summary>Changes label, limits, expiry, or switches the key off or on.</summary>
    [Alias("ChangeSettings")]
    Task<OperatorReply> ChangeSettings(ChangeSettings command);

    /// <summary>Gives the key a new secret.</summary>
    [Alias("Rotate")]
    Task<OperatorReply> Rotate(RotateKey command);

    /// <summary>Ends the key for ever.</summary>
    [Alias("Revoke")]
    Task<OperatorReply> Revoke(RevokeKey command);

    /// <summary>Closes an unreconciled case.</summary>
    [Alias("ResolveCase")]
    Task<ResolveCaseReply> ResolveCase(ResolveCase command);

    /// <summary>Takes a hold.</summary>
    [Alias("PlaceHold"), ResponseTimeout(CallerResponseTimeout)]
    Task<PlaceHoldReply> PlaceHold(PlaceHold command);

    /// <summary>Turns a hold into a charge.</summary>
    [Alias("Settle"), ResponseTimeout(CallerResponseTimeout)]
    Task<SettleReply> Settle(Settle command);

    /// <summary>Ends a hold without a charge.</summary>
    [Alias("Release"), ResponseTimeout(CallerResponseTimeout)]
    Task<EndHoldOutcome> Release(Release command);

    /// <summary>Ends a hold whose outcome nobody could learn.</summary>
    [Alias("ReportUnreconciled")]
    Task<EndHoldOutcome> ReportUnreconciled(ReportUnreconciled command);

    /// <summary>The account as it stands; null for an unknown key.</summary>
    [Alias("Read")]
    Task<AccountView?> Read(CancellationToken cancellation = default);

    /// <summary>Open holds behind an id (null: from the first on), at most 1,000; null for an unknown key.</summary>
    [Alias("ReadHolds")]
    Task<HoldPage?> ReadHolds(RequestId? after, int limit, CancellationToken cancellation = default);

    /// <summary>Open cases behind an id (null: from the first on), at most 1,000; null for an unknown key.</summary>
    [Alias("ReadCases")]
    Task<CasePage?> ReadCases(RequestId? after, int limit, CancellationToken cancellation = default);

    /// <summary>
    /// The same for the customer: null as well when the secret is another or the key is revoked. A key that is disabled or expired is shown: its
    /// <see cref="AccountView.Status"/> says so, and the caller refuses what needs an active one.
    /// </summary>
    [Alias("ReadAs"), ResponseTimeout(CallerResponseTimeout)]
    Task<AccountView?> ReadAs(SecretHash secret, CancellationToken cancellation = default);

    /// <summary>A part of the ledger, from a sequence number (1 is the first) on; at most 1,000 lines. Also of one that is broken, as <see cref="LedgerPage.Broken"/> then says.</summary>
    [Alias("ReadLedger")]
    Task<LedgerPage> ReadLedger(long fromSeq, int limit, CancellationToken cancellation = default);
}
