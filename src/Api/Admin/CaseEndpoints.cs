using System.Globalization;
using LlmTr.Api.Accounts;
using LlmTr.Api.Errors;
using LlmTr.Api.Keys;
using LlmTr.Api.Requests;
using LlmTr.Grains.Abstractions;
using LlmTr.Grains.Ledgers;

namespace LlmTr.Api.Admin;

/// <summary>What an operator must look at: losses, and requests whose cost nobody could learn.</summary>
internal static class CaseEndpoints
{
    private const int DefaultPage = 100, MaxPage = 1000;
    private const int MaxNoteChars = 1000;

    private static readonly ApiError UnknownCase = new(
        404, "not_found", "There is no open case of this id. It may be closed already: the key's ledger says how.");

    public static async Task OverrunsAsync(HttpContext http)
    {
        var (after, limit) = Paging(http);
        var accounts = http.Accounts();
        var page = await KeyWalk.RowsAsync<OverrunAnswer>(accounts, after, limit, static account => account.Overruns.IsPositive, async (id, account, place, most) =>
        {
            if (!long.TryParse(place ?? "0", NumberStyles.None, CultureInfo.InvariantCulture, out var behind) || behind == long.MaxValue)
                throw AdminCall.Invalid("after", "after is what the list before gave as next_after.");
            var rows = new List<OverrunAnswer>();
            var seen = behind;
            var ledger = new LedgerReading(accounts, id, account.LastSeq);
            await foreach (var entry in ledger.FromAsync(behind + 1, http.RequestAborted))
            {
                seen = entry.Seq;
                if (entry.Kind != LedgerEntryKind.Overrun)
                    continue;
                rows.Add(OverrunAnswer.Of(id, entry));
                if (rows.Count == most)
                    break;
            }

            return (rows, rows.Count == most || ledger.WasCut ? seen.ToString(CultureInfo.InvariantCulture) : null);
        }, http.RequestAborted);
        await http.AnswerAsync(page, AdminAnswerJson.Default.OverrunPage);
    }

    public static async Task UnreconciledAsync(HttpContext http)
    {
        var (after, limit) = Paging(http);
        var accounts = http.Accounts();
        var page = await KeyWalk.RowsAsync(accounts, after, limit, static account => account.OpenCases > 0, async (id, _, place, most) =>
        {
            var (told, cases) = await accounts.ReadCasesAsync(id, Place(place), most, http.RequestAborted);
            if (!told)
                throw new AccountUnavailableException();
            return ((IReadOnlyList<CaseAnswer>)[.. cases?.Cases.Select(open => CaseAnswer.Of(id, open)) ?? []], cases?.Next?.ToString());
        }, http.RequestAborted);
        await http.AnswerAsync(page, AdminAnswerJson.Default.Cases);
    }

    public static async Task ResolveAsync(HttpContext http)
    {
        RequestQuery.Of(http);
        var request = await http.BodyAsync(AdminRequestJson.Default.ResolveRequest);
        AdminCall.RequireText("note", request.Note, MaxNoteChars);
        if (request.SettleUsd is null == request.Waive is not true || request.Waive is false)
            throw AdminCall.Invalid("settle_usd", "Give either settle_usd, the true cost, or waive: true.");
        if (request.SettleUsd is { IsPositive: false })
            throw AdminCall.Invalid("settle_usd", "settle_usd must be above zero; a case that costs nothing is waived.");

        // The list's id names the key. The request's alone does too, in the end: then every key with an open case is asked.
        var text = http.Request.RouteValues["id"] as string ?? "";
        var parts = text.Split('.', 2);
        if (!RequestId.TryParse(parts[^1], out var id) || (parts.Length == 2 && !KeyFormat.IsKeyId(parts[0])))
            throw new RefusedException(UnknownCase);
        var command = new ResolveCase { Id = id, Cost = request.SettleUsd, Note = request.Note, Actor = http.Actor() };
        if (parts.Length == 2)
        {
            await AnswerAsync(http, parts[0], command, await ResolveAsync(http, parts[0], command));
            return;
        }

        string? after = null;
        var passedOver = new List<string>();
        do
        {
            var found = await KeyWalk.RowsAsync(
                http.Accounts(), after, MaxPage, static account => account.OpenCases > 0,
                static (key, _, _, _) => Task.FromResult<(IReadOnlyList<string>, string?)>(([key], null)), http.RequestAborted);
            foreach (var key in found.Data)
            {
                var reply = await ResolveAsync(http, key, command);
                if (reply.Outcome is ResolveOutcome.UnknownCase or ResolveOutcome.UnknownKey)
                    continue;
                await AnswerAsync(http, key, command, reply);
                return;
            }

            passedOver.AddRange(found.BrokenLedgers?.Select(static broken => broken.Key) ?? []);
            after = found.NextAfter;
        }
        while (after is not null);

        throw new RefusedException(passedOver.Count == 0 ? UnknownCase : new ApiError(
            500, "internal_error", $"No other key has an open case of this id, and the ledgers of these are broken: {string.Join(", ", passedOver)}."));
    }

    /// <summary>A place in a list of holds or cases: the request's id.</summary>
    /// <exception cref="RefusedException">400: it is not one.</exception>
    public static RequestId? Place(string? text)
    {
        if (text is null)
            return null;
        return RequestId.TryParse(text, out var id) ? id : throw AdminCall.Invalid("after", "after is what the list before gave as next_after.");
    }

    private static (string? After, int Limit) Paging(HttpContext http)
    {
        var query = RequestQuery.Of(http, "after", "limit");
        return (query.Text("after"), (int)query.Number("limit", DefaultPage, 1, MaxPage));
    }

    private static async Task<ResolveCaseReply> ResolveAsync(HttpContext http, string key, ResolveCase command)
    {
        try
        {
            return await http.CommandAsync(key, command, static (account, command) => account.ResolveCase(command));
        }
        catch (ArgumentException)
        {
            throw AdminCall.Invalid("settle_usd", "With this cost the sum of the key's overruns would pass the largest amount that can be written.");
        }
    }

    private static Task AnswerAsync(HttpContext http, string key, ResolveCase command, ResolveCaseReply reply) => reply.Outcome switch
    {
        ResolveOutcome.Done => http.AnswerAsync(
            new ResolvedAnswer(
                $"{key}.{command.Id}", key, command.Id.ToString(), command.Cost is null ? "waived" : "settled",
                reply.Charged.ToUsdString(), reply.Charged.Value, reply.Overrun.ToUsdString(), reply.Overrun.Value, reply.Available.ToUsdString()),
            AdminAnswerJson.Default.ResolvedAnswer),
        ResolveOutcome.Conflict => throw new RefusedException(new ApiError(
            409, "idempotency_conflict", "This case was closed in another way. The key's ledger says how.")),
        _ => throw new RefusedException(UnknownCase),
    };
}
