using System.Collections.Concurrent;
using LlmTr.Api.Accounts;
using LlmTr.Grains.Abstractions;

namespace LlmTr.Api.Metering;

/// <summary>
/// The ends of holds: settle, release, unreconciled. An end is repeated with the same id until the account has taken it or the hold's deadline
/// has passed; the caller waits for it only so long and then goes on without it.
/// </summary>
internal sealed partial class Endings(AccountClient accounts, MeteringOptions options, TimeProvider clock, ILogger<Endings> logger)
{
    private readonly ConcurrentDictionary<RequestId, Task> _open = new();

    /// <summary>How many ends the accounts have not taken yet.</summary>
    public int Open => _open.Count;

    /// <summary>Charges the true cost; null while the account has not taken it, which goes on in the background.</summary>
    public async Task<SettleReply?> SettleAsync(string keyId, Settle command, TimeSpan untilDeadline)
    {
        var reply = await WithinPatienceAsync(command.Id, accounts.RepeatAsync(
            keyId, command, static (account, command) => account.Settle(command), untilDeadline, CancellationToken.None), told =>
        {
            if (told is null)
                LogNeverSettled(command.Id, keyId, command.Cost.Value);
            else if (told.Outcome != SettleOutcome.Settled)
                LogSettledWithoutHold(command.Id, keyId, command.Cost.Value, told.Outcome);
        });
        return reply;
    }

    /// <summary>Ends a hold without a charge.</summary>
    public Task ReleaseAsync(string keyId, Release command, TimeSpan untilDeadline) =>
        EndAsync(keyId, command.Id, command, static (account, command) => account.Release(command), untilDeadline);

    /// <summary>Ends a hold whose outcome nobody could learn.</summary>
    public Task ReportUnreconciledAsync(string keyId, ReportUnreconciled command, TimeSpan untilDeadline)
    {
        LogUnreconciled(command.Id, keyId, command.Reason);
        return EndAsync(keyId, command.Id, command, static (account, command) => account.ReportUnreconciled(command), untilDeadline);
    }

    /// <summary>Waits until no end is open, for a shutdown; what is open at its limit is logged, and ends at its hold's deadline.</summary>
    public async Task DrainAsync(CancellationToken cancellation)
    {
        try
        {
            await Task.WhenAll(_open.Values).WaitAsync(cancellation);
        }
        catch (OperationCanceledException)
        {
            foreach (var id in _open.Keys)
                LogLeftOpen(id);
        }
    }

    private async Task EndAsync<TCommand>(
        string keyId, RequestId id, TCommand command, Func<IApiKeyGrain, TCommand, Task<EndHoldOutcome>> call, TimeSpan untilDeadline)
    {
        await WithinPatienceAsync(id, accounts.RepeatAsync(
            keyId, (command, call), static async (account, end) => new Ended(await end.call(account, end.command)), untilDeadline, CancellationToken.None, typeof(TCommand).Name), told =>
        {
            if (told is null)
                LogNeverEnded(id, keyId);
        });
    }

    private async Task<TReply?> WithinPatienceAsync<TReply>(RequestId id, Task<TReply?> repeating, Action<TReply?> whenOver)
        where TReply : class
    {
        if (repeating.IsCompletedSuccessfully)
        {
            var told = await repeating;
            whenOver(told);
            return told;
        }

        var over = FinishAsync(id, repeating, whenOver);
        _open[id] = over;
        try
        {
            await over.WaitAsync(options.SettlePatience, clock);

            // It may have been over in the moment before it was noted above.
            _open.TryRemove(id, out _);
            return await repeating;
        }
        catch (TimeoutException)
        {
            LogPending(id);
            return null;
        }
    }

    private async Task FinishAsync<TReply>(RequestId id, Task<TReply?> repeating, Action<TReply?> whenOver)
        where TReply : class
    {
        try
        {
            whenOver(await repeating);
        }
        catch (ArgumentException)
        {
            // The account refuses the command itself: no repeat will help, and what is lost must be in the log.
            whenOver(null);
            throw;
        }
        finally
        {
            _open.TryRemove(id, out _);
        }
    }

    [LoggerMessage(LogLevel.Critical, "Request {Id} of {KeyId} cost {CostTicks} ticks, which its account could not be told before the hold's deadline: it ends unreconciled.")]
    private partial void LogNeverSettled(RequestId id, string keyId, long costTicks);

    [LoggerMessage(LogLevel.Critical, "Request {Id} of {KeyId} cost {CostTicks} ticks, but its account knows no open hold ({Outcome}): nothing was charged.")]
    private partial void LogSettledWithoutHold(RequestId id, string keyId, long costTicks, SettleOutcome outcome);

    [LoggerMessage(LogLevel.Error, "Request {Id} of {KeyId}: its account could not be told of the end before the hold's deadline: it ends unreconciled.")]
    private partial void LogNeverEnded(RequestId id, string keyId);

    [LoggerMessage(LogLevel.Warning, "Request {Id} of {KeyId} is unreconciled: {Reason}.")]
    private partial void LogUnreconciled(RequestId id, string keyId, string reason);

    [LoggerMessage(LogLevel.Warning, "Request {Id}: the account has not taken its end yet; the answer goes out, the trying goes on.")]
    private partial void LogPending(RequestId id);

    [LoggerMessage(LogLevel.Critical, "Request {Id}: the gateway stops before its account has taken its end; it ends unreconciled at the hold's deadline.")]
    private partial void LogLeftOpen(RequestId id);

    private sealed record Ended(EndHoldOutcome Outcome);
}
