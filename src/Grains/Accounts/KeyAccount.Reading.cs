using LlmTr.Grains.Abstractions;
using LlmTr.Grains.Limits;

namespace LlmTr.Grains.Accounts;

/// <content>What can be seen of an account.</content>
public sealed partial class KeyAccount
{
    /// <summary>The account in numbers as of its last entry; null before the key is issued.</summary>
    public AccountView? View() => View(LastEntryAt);

    /// <summary>The account in numbers; null before the key is issued.</summary>
    /// <param name="now">Not before the last entry.</param>
    public AccountView? View(DateTimeOffset now) => _prefix is null ? null : new AccountView
    {
        Prefix = _prefix,
        Label = _settings.Label,
        Balance = Balance,
        Held = Held,
        OpenHolds = _holds.Count,
        OpenCases = _cases.Count,
        SettledRequests = _settledRequests,
        Charged = _charged,
        Overruns = _overruns,
        CreatedAt = _createdAt,
        LastSeq = Seq,
        Status = Status(now),
        Limits = _settings.Limits,
        ExpiresAt = _settings.ExpiresAt,
        Disabled = _settings.Disabled,
        Debited = _debited,
        BudgetUsed = _settings.Limits.Budget is { } budget ? _budgetUse.Used(budget.Period, now) : null,
        BudgetResetsAt = _settings.Limits.Budget is { } limit ? BudgetUse.EndOf(limit.Period, now) : null,
        Rate = _rates.Status(_settings.Limits, now),
        OldSecretGoodUntil = now < _oldSecretGoodUntil ? _oldSecretGoodUntil : null,
    };

    /// <summary>Open holds behind an id, in the order of their ids; null before the key is issued.</summary>
    public HoldPage? Holds(RequestId? after, int limit)
    {
        if (!Exists)
            return null;
        var page = PageOf(_holds, after, limit, static (id, hold) => new HoldView
        {
            Id = id,
            Amount = hold.Amount,
            PlacedAt = hold.PlacedAt,
            Deadline = hold.Deadline,
            Model = hold.Model,
            Endpoint = hold.Endpoint,
        });
        return new HoldPage { Holds = page, Next = page.Length == limit ? page[^1].Id : null };
    }

    /// <summary>Open cases behind an id, in the order of their ids; null before the key is issued.</summary>
    public CasePage? Cases(RequestId? after, int limit)
    {
        if (!Exists)
            return null;
        var page = PageOf(_cases, after, limit, static (id, open) => new CaseView
        {
            Id = id,
            Hold = open.Hold,
            PlacedAt = open.PlacedAt,
            OpenedAt = open.OpenedAt,
            Reason = open.Reason,
            Model = open.Model,
            Endpoint = open.Endpoint,
        });
        return new CasePage { Cases = page, Next = page.Length == limit ? page[^1].Id : null };
    }

    private static TView[] PageOf<TItem, TView>(Dictionary<RequestId, TItem> items, RequestId? after, int limit, Func<RequestId, TItem, TView> view) =>
    [
        .. items
            .Where(item => after is null || item.Key.Value.CompareTo(after.Value.Value) > 0)
            .OrderBy(static item => item.Key.Value)
            .Take(limit)
            .Select(item => view(item.Key, item.Value)),
    ];
}
