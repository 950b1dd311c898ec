using LlmTr.Api.Accounts;
using LlmTr.Api.Keys;
using LlmTr.Grains.Abstractions;

namespace LlmTr.Api.Admin;

/// <summary>
/// Lists over all keys. The ledger store says which keys there are and each account what it comes to, so that a list can never disagree with the
/// ledgers; the price is a grain call for each key, and an activation for each that sleeps. A ledger that is broken is named and passed over: it must not hide the others.
/// </summary>
internal static class KeyWalk
{
    private const int KeysAtOnce = 100;

    // Keeps one call far below a client's patience, however many keys have nothing to list.
    private const int MostKeysPerCall = 2000;

    /// <summary>Keys whose ids begin with a prefix, behind one of them; and whether there are more.</summary>
    /// <exception cref="AccountUnavailableException">Nobody could tell.</exception>
    public static async Task<(IReadOnlyList<WalkedKey> Keys, bool More)> PageAsync(
        AccountClient accounts, string idPrefix, string? after, int limit, CancellationToken cancellation)
    {
        // The prefix itself is no id, so it stands right before the first id that begins with it.
        var from = string.CompareOrdinal(after, idPrefix) > 0 ? after : idPrefix;
        var ids = await accounts.ListKeysAsync(from, limit + 1, cancellation) ?? throw new AccountUnavailableException();
        var page = ids.Where(KeyFormat.IsKeyId).TakeWhile(id => id.StartsWith(idPrefix, StringComparison.Ordinal)).ToArray();
        var keys = await Task.WhenAll(page.Take(limit).Select(async id =>
        {
            try
            {
                var (_, account) = await accounts.ReadAsync(id, cancellation);
                return new WalkedKey(id, account ?? throw new AccountUnavailableException(), null);
            }
            catch (AccountUnavailableException unavailable) when (unavailable.BrokenLedger is not null)
            {
                return new WalkedKey(id, null, unavailable.BrokenLedger);
            }
        }));
        return (keys, page.Length > limit);
    }

    /// <summary>
    /// What the keys have of something, key after key. A place in the walk is <c>key_…</c> (behind all that this key has) or <c>key_….place</c> (behind one of its rows).
    /// </summary>
    /// <param name="accounts">The accounts.</param>
    /// <param name="after">Where the part before ended; null for the first.</param>
    /// <param name="limit">The most rows.</param>
    /// <param name="has">Tells keys that have any.</param>
    /// <param name="read">Reads at most so many of a key's rows behind a place (null: the first), and says where the next ones are (null: no more).</param>
    /// <param name="cancellation">Ends the walk.</param>
    /// <exception cref="AccountUnavailableException">Nobody could tell.</exception>
    public static async Task<Page<T>> RowsAsync<T>(
        AccountClient accounts,
        string? after,
        int limit,
        Func<AccountView, bool> has,
        Func<string, AccountView, string?, int, Task<(IReadOnlyList<T> Rows, string? Next)>> read,
        CancellationToken cancellation)
    {
        var rows = new List<T>();
        List<BrokenLedgerAnswer>? broken = null;
        var (behind, place) = Split(after);
        if (behind is not null && place is not null && await UnlessBrokenAsync(behind, () => AddRestAsync(behind, place)) is { } rest)
            return Part(rest);

        for (var visited = 0; visited < MostKeysPerCall; visited += KeysAtOnce)
        {
            var (keys, more) = await PageAsync(accounts, KeyFormat.IdStart, behind, KeysAtOnce, cancellation);
            foreach (var (id, account, why) in keys)
            {
                if (why is not null)
                {
                    (broken ??= []).Add(new BrokenLedgerAnswer(id, why));
                }
                else if (has(account!))
                {
                    if (rows.Count == limit)
                        return Part(behind);
                    if (await UnlessBrokenAsync(id, () => AddAsync(id, account!, null)) is { } next)
                        return Part(next);
                }

                behind = id;
            }

            if (!more)
                return Part(null);
        }

        return Part(behind);

        Page<T> Part(string? next) => new(rows, next) { BrokenLedgers = broken };

        async Task<string?> AddRestAsync(string id, string from)
        {
            var (told, account) = await accounts.ReadAsync(id, cancellation);
            if (!told)
                throw new AccountUnavailableException();
            return account is null ? null : await AddAsync(id, account, from);
        }

        // An account that was read from a snapshot may yet have broken lines before it.
        async Task<string?> UnlessBrokenAsync(string id, Func<Task<string?>> work)
        {
            try
            {
                return await work();
            }
            catch (AccountUnavailableException unavailable) when (unavailable.BrokenLedger is not null)
            {
                (broken ??= []).Add(new BrokenLedgerAnswer(id, unavailable.BrokenLedger));
                return null;
            }
        }

        async Task<string?> AddAsync(string id, AccountView account, string? from)
        {
            var (found, next) = await read(id, account, from, limit - rows.Count);
            rows.AddRange(found);
            return next is null ? null : $"{id}.{next}";
        }
    }

    /// <summary>A key on the way: its account, or why its ledger is broken.</summary>
    public sealed record WalkedKey(string Id, AccountView? Account, string? Broken);

    private static (string? Key, string? Place) Split(string? after)
    {
        var parts = after?.Split('.', 2);
        if (parts is not null && !KeyFormat.IsKeyId(parts[0]))
            throw AdminCall.Invalid("after", "after is what the list before gave as next_after.");
        return (parts?[0], parts is { Length: 2 } ? parts[1] : null);
    }
}
