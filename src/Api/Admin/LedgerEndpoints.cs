using LlmTr.Api.Accounts;
using LlmTr.Api.Requests;
using LlmTr.Api.Usage;
using LlmTr.Grains.Abstractions;

namespace LlmTr.Api.Admin;

/// <summary>What a key's ledger says: its lines, its open holds, its usage in groups.</summary>
internal static class LedgerEndpoints
{
    private const int DefaultPage = 100, MaxPage = 1000;

    public static async Task ReadAsync(HttpContext http)
    {
        var id = http.KeyId();
        var query = RequestQuery.Of(http, "from_seq", "limit");
        var fromSeq = query.Number("from_seq", 1, 1, long.MaxValue - MaxPage);
        var limit = (int)query.Number("limit", DefaultPage, 1, MaxPage);
        var page = await http.Accounts().ReadLedgerAsync(id, fromSeq, limit, http.RequestAborted) ?? throw new AccountUnavailableException();

        // No lines: behind the end, or no such key.
        if (page is { Lines.Count: 0, Broken: null })
            await http.AccountAsync(id);
        await LedgerWriter.WriteAsync(http, page);
    }

    public static async Task HoldsAsync(HttpContext http)
    {
        var id = http.KeyId();
        var query = RequestQuery.Of(http, "after", "limit");
        var limit = (int)query.Number("limit", DefaultPage, 1, MaxPage);
        var after = CaseEndpoints.Place(query.Text("after"));
        var (told, page) = await http.Accounts().ReadHoldsAsync(id, after, limit, http.RequestAborted);
        if (page is null)
            throw told ? new Errors.RefusedException(AdminCall.UnknownKey) : new AccountUnavailableException();
        await http.AnswerAsync(
            new Page<HoldAnswer>([.. page.Holds.Select(HoldAnswer.Of)], page.Next?.ToString()), AdminAnswerJson.Default.Holds);
    }

    public static async Task UsageAsync(HttpContext http)
    {
        var query = RequestQuery.Of(http, "group_by", "from", "to");
        var groupBy = query.Text("group_by") ?? "day";
        if (!UsageGroups.Names.Contains(groupBy))
            throw AdminCall.Invalid("group_by", $"group_by is one of {string.Join(", ", UsageGroups.Names)}.");
        var (from, until) = query.Time(http.RequestServices.GetRequiredService<TimeProvider>().GetUtcNow());
        var id = http.KeyId();
        var account = await http.AccountAsync(id);
        var (groups, unfinished) = await UsageGroups.SumAsync(
            new LedgerReading(http.Accounts(), id, account.LastSeq), groupBy, from, until, http.RequestAborted);
        await http.AnswerAsync(
            new UsageGroupsAnswer(groupBy, unfinished, [.. groups.Select(static group => UsageGroupAnswer.Of(group.Key, group.Value))]),
            AdminAnswerJson.Default.UsageGroupsAnswer);
    }
}
