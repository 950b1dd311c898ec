using System.Buffers;
using LlmTr.Api.Accounts;
using LlmTr.Api.Requests;
using LlmTr.Api.Usage;
using LlmTr.Grains.Abstractions;

namespace LlmTr.Api.Customer;

/// <summary><c>GET /api/usage</c>: the key's own requests, oldest first, as JSON or CSV.</summary>
internal static class UsageEndpoint
{
    private const int DefaultPerPage = 50, MaxPerPage = 1000;
    private const long MaxPage = 1_000_000_000;
    private const string Csv = "text/csv";

    // Ids carry their time of making; this one is from the year 9994, and what is behind it is no moment that can be reckoned with.
    private const string FirstImpossibleId = "req_e6";

    public static async Task ReadAsync(HttpContext http)
    {
        var (keyId, account) = await CustomerRoutes.OwnAccountAsync(http);
        var query = RequestQuery.Of(http, "from", "to", "page", "perPage", "request_id");
        var page = query.Number("page", 1, 1, MaxPage);
        var perPage = (int)query.Number("perPage", DefaultPerPage, 1, MaxPerPage);
        var ledger = new LedgerReading(http.RequestServices.GetRequiredService<AccountClient>(), keyId, account.LastSeq);

        IReadOnlyList<RequestUsage> requests;
        long total;
        var byId = query.Text("request_id");
        if (byId is null)
        {
            var (from, until) = query.Time(http.RequestServices.GetRequiredService<TimeProvider>().GetUtcNow());
            (requests, total) = await UsageLog.PageAsync(ledger, from, until, (page - 1) * perPage, perPage, http.RequestAborted);
        }
        else
        {
            var found = RequestId.TryParse(byId, out var id) && string.CompareOrdinal(id.ToString(), FirstImpossibleId) < 0
                ? await UsageLog.FindAsync(ledger, id, http.RequestAborted)
                : null;
            var (from, until) = query.Time();
            var matches = found is not null && found.Hold.At >= from && found.Hold.At < until;
            total = matches ? 1 : 0;
            requests = matches && page == 1 ? [found!] : [];
        }

        var body = new ArrayBufferWriter<byte>(16 * 1024);
        if (http.Request.Headers.Accept.ToString().Contains(Csv, StringComparison.OrdinalIgnoreCase))
        {
            http.Response.ContentType = "text/csv; charset=utf-8";
            UsageWriter.WriteCsv(body, requests, account.Prefix);
        }
        else
        {
            http.Response.ContentType = "application/json; charset=utf-8";
            UsageWriter.WriteJson(body, requests, account.Prefix, page, perPage, total, withEntries: byId is not null);
        }

        http.Response.ContentLength = body.WrittenCount;
        await http.Response.BodyWriter.WriteAsync(body.WrittenMemory, http.RequestAborted);
    }
}
