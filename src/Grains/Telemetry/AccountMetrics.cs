using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using LlmTr.Grains.Abstractions;
using LlmTr.Grains.Accounts;
using LlmTr.Grains.Ledgers;

namespace LlmTr.Grains.Telemetry;

/// <summary>
/// What the accounts of one silo do. Entries count when they are durable, each by the host that sent it; no label ever names a key.
/// Money is counted in ticks (1e-10 USD).
/// </summary>
public sealed class AccountMetrics
{
    private readonly ConcurrentDictionary<HoldsOfAccount, byte> _accounts = new();
    private readonly TimeProvider _clock;
    private readonly KindCounts<LedgerEntryKind> _entries;
    private readonly KindCounts<CostSource> _settlements;
    private readonly KindCounts<CostSource> _charged;
    private readonly KindCounts<LoadResult> _loads;
    private readonly KindCounts<DropReason> _drops;
    private long _overruns;

    /// <summary>Makes the instruments.</summary>
    /// <param name="meters">Makes the meter.</param>
    /// <param name="clock">Tells how old holds are.</param>
    public AccountMetrics(IMeterFactory meters, TimeProvider clock)
    {
        _clock = clock;
        var meter = meters.Create(GatewayTelemetry.Name);
        _entries = new(meter, "llmtr.ledger.entries", "{entry}", "kind", "Ledger entries that became durable.");
        _settlements = new(meter, "llmtr.settlements", "{settlement}", "cost_source", "Holds and cases that were charged.");
        _charged = new(meter, "llmtr.charged.ticks", "{tick}", "cost_source", "What keys paid; 10,000,000,000 ticks are 1 USD.");
        _loads = new(meter, "llmtr.account.loads", "{load}", "result", "Accounts that were read from their ledgers.");
        _drops = new(meter, "llmtr.account.drops", "{drop}", "reason", "Accounts that forgot what they had in memory, as it may differ from the ledger.");
        meter.CreateObservableCounter("llmtr.overrun.ticks", () => Interlocked.Read(ref _overruns), "{tick}", "Costs that no key could cover: the operator's loss.");
        meter.CreateObservableUpDownCounter("llmtr.accounts.active", () => (long)_accounts.Count, "{account}", "Accounts in memory.");
        meter.CreateObservableUpDownCounter("llmtr.accounts.overdue", Overdue, "{account}", "Accounts in memory with a hold past its deadline, which nobody has asked since.");
        meter.CreateObservableUpDownCounter("llmtr.holds.open", Open, "{hold}", "Open holds of the accounts in memory.");
        meter.CreateObservableGauge("llmtr.hold.oldest.age", OldestSeconds, "s", "Age of the oldest open hold of the accounts in memory; 0 without one.");
    }

    /// <summary>Counts an account among those in memory.</summary>
    public HoldsOfAccount Enter()
    {
        var holds = new HoldsOfAccount();
        _accounts[holds] = 0;
        return holds;
    }

    /// <summary>Counts it no longer.</summary>
    public void Leave(HoldsOfAccount holds) => _accounts.TryRemove(holds, out _);

    /// <summary>Counts an entry that is in the ledger.</summary>
    public void Written(LedgerEntry entry)
    {
        _entries.Add(entry.Kind);
        if (entry is { Kind: LedgerEntryKind.HoldSettled, CostSource: { } source })
        {
            _settlements.Add(source);
            _charged.Add(source, entry.Amount.Value);
        }
        else if (entry.Kind == LedgerEntryKind.Overrun)
        {
            Interlocked.Add(ref _overruns, entry.Amount.Value);
        }
    }

    /// <summary>Counts a read of a whole account.</summary>
    public void Loaded(bool succeeded) => _loads.Add(succeeded ? LoadResult.Ok : LoadResult.Failed);

    /// <summary>Counts an account that goes back to its ledger.</summary>
    public void Dropped(Exception why) => _drops.Add(why switch
    {
        LedgerConflictException => DropReason.Conflict,
        TimeoutException => DropReason.Timeout,
        _ => DropReason.Failed,
    });

    private long Open()
    {
        var open = 0L;
        foreach (var (account, _) in _accounts)
            open += account.Open;
        return open;
    }

    private long OldestSeconds()
    {
        var oldest = long.MaxValue;
        foreach (var (account, _) in _accounts)
            oldest = Math.Min(oldest, account.OldestPlacedAt);
        return oldest == long.MaxValue ? 0 : Math.Max(0, Now - oldest) / 1000;
    }

    private long Overdue()
    {
        var (overdue, now) = (0L, Now);
        foreach (var (account, _) in _accounts)
            overdue += account.EarliestDeadline < now ? 1 : 0;
        return overdue;
    }

    private long Now => _clock.GetUtcNow().ToUnixTimeMilliseconds();

    private enum LoadResult
    {
        Ok,
        Failed,
    }

    private enum DropReason
    {
        Conflict,
        Timeout,
        Failed,
    }
}
