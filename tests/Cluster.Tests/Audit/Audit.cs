using System.Globalization;
using LlmTr.Cluster.Tests.Load;
using LlmTr.Cluster.Tests.Topology;
using LlmTr.Grains.Abstractions;
using LlmTr.Money;

namespace LlmTr.Cluster.Tests.Audit;

/// <summary>
/// Compares the ledgers with what the clients were told and with xAI's own books, once all is calm. Every tick that xAI billed must be charged, or belong to a case that says why not.
/// </summary>
internal sealed class Audit
{
    private const string VideoEndpoint = "/v1/video/generations";

    private readonly CallLog _log;
    private readonly XaiBook _xai;
    private readonly Dictionary<CustomerKey, KeyBook> _books;
    private UsdTicks _unexplained;

    private Audit(CallLog log, XaiBook xai, Dictionary<CustomerKey, KeyBook> books) => (_log, _xai, _books) = (log, xai, books);

    /// <summary>What is wrong; empty when every promise was kept.</summary>
    public List<string> Findings { get; } = [];

    /// <summary>What was billed and not charged as billed, each with its reason.</summary>
    public List<string> Explained { get; } = [];

    /// <summary>In one line.</summary>
    public string Summary { get; private set; } = "";

    /// <summary>Reads all ledgers and judges.</summary>
    public static async Task<Audit> OfAsync(TestCluster cluster, CallLog log, IReadOnlyList<CustomerKey> keys)
    {
        await cluster.Xai.WaitForIdleAsync();
        var books = new Dictionary<CustomerKey, KeyBook>();
        foreach (var key in keys)
            books.Add(key, await ReadAsync(cluster, key));
        var audit = new Audit(log, new XaiBook(cluster.Xai, log.Calls), books);
        audit.Judge();

        // The front end's own alarm: a cost came, and there was nothing to charge it to.
        audit.Findings.AddRange(cluster.Members.SelectMany(static member => member.Log
            .Where(static line => line.Contains("its account knows no open hold", StringComparison.Ordinal)).Select(line => $"{member.Name}: {line}")));
        return audit;
    }

    private static async Task<KeyBook> ReadAsync(TestCluster cluster, CustomerKey key)
    {
        var book = new KeyBook();
        for (string? from = "1"; from is not null;)
        {
            using var answer = await cluster.AdminAsync(HttpMethod.Get, $"/admin/v1/keys/{key.Id}/ledger?from_seq={from}&limit=1000", accept: "application/x-ndjson");
            var lines = (await answer.Content.ReadAsByteArrayAsync()).AsMemory();
            while (lines.Length > 0)
            {
                var end = lines.Span.IndexOf((byte)'\n');
                book.Add(lines.Span[..end]);
                lines = lines[(end + 1)..];
            }

            from = answer.Headers.TryGetValues("X-LLMTR-Next-Seq", out var next) ? next.Single() : null;
        }

        return book;
    }

    private void Judge()
    {
        Findings.AddRange(_xai.Findings);
        foreach (var (key, book) in _books)
        {
            Findings.AddRange(book.Findings.Select(finding => $"{key.Id}: {finding}"));
            if (book.OpenHolds > 0)
                Findings.Add($"{key.Id}: {book.OpenHolds} holds are open past their deadlines");
        }

        foreach (var (key, creditId) in _log.Credits)
        {
            if (!_books[key].Credits.Any(id => id.EndsWith(creditId, StringComparison.Ordinal)))
                Findings.Add($"{key.Id}: the acknowledged credit {creditId} is not in the ledger");
        }

        foreach (var call in _log.Calls.Where(static call => call is { IsMetered: true, CostTicks: not null }))
        {
            if (!_books[call.Key].Endings.TryGetValue(call.RequestId!, out var ending) || !ending.IsSettled || ending.Charged.Value != call.CostTicks)
                Findings.Add($"{call.Key.Id}: {call.Kind} {call.RequestId} was acknowledged at {call.CostTicks} ticks, the ledger says {ending}");
        }

        foreach (var (id, (key, _, status)) in _log.Jobs)
        {
            if (status is "queued" or "in_progress")
                Findings.Add($"{key.Id}: the acknowledged job {id} is not over ({status})");
        }

        foreach (var (key, book) in _books)
            Compare(key, book);
        var cost = Sum(_books.Values.SelectMany(static book => book.Endings.Values).Select(static ending => ending.Cost));
        if (cost + _unexplained != _xai.Total)
            Findings.Add($"the ledgers add up to {cost.Value} ticks and the cases to {_unexplained.Value}, xAI billed {_xai.Total.Value}");
        Summary = string.Create(
            CultureInfo.InvariantCulture,
            $"{_log.Calls.Count} calls, {_books.Values.Sum(static book => book.Lines)} ledger lines of {_books.Count} keys, {_log.Credits.Count} credits and {_log.Jobs.Count} video jobs acknowledged; xAI billed {_xai.Total.ToUsdString()} USD in {_xai.Bills.Count} requests, charged {cost.ToUsdString()}, in {Explained.Count} cases {_unexplained.ToUsdString()}");
    }

    /// <summary>Request by request: what xAI billed against how it ended.</summary>
    private void Compare(CustomerKey key, KeyBook book)
    {
        var calls = _log.Calls.Where(call => call.Key == key).ToArray();
        var known = calls.Where(static call => call is { IsMetered: true, RequestId: not null }).ToDictionary(static call => call.RequestId!);
        foreach (var (id, call) in known)
            CompareKnown(key, book, id, call);

        // Of those whose answer never came, and of video jobs, nobody was told the id: their ends must fit the bills that are left, as many times as there are.
        var isVideo = calls.Where(static call => call.Kind == CallKind.Video).Select(static call => call.Nonce).ToHashSet();
        var nameless = calls.Where(static call => call is { IsMetered: true, RequestId: null }).Select(static call => call.Nonce).Concat(isVideo).Where(_xai.Bills.ContainsKey).ToArray();
        var ends = book.Endings.Where(end => !known.ContainsKey(end.Key)).Select(static end => end.Value).ToList();
        foreach (var nonce in nameless)
        {
            var bill = _xai.Bills[nonce];
            var end = ends.Find(end => end.IsSettled && end.Cost == bill && (end.Endpoint == VideoEndpoint) == isVideo.Contains(nonce))
                ?? ends.Find(static end => end.IsCase || end.Source == CostSource.Estimate);
            if (end is null)
            {
                Findings.Add($"{key.Id}: xAI billed {bill.Value} ticks for {nonce}, and no end of a hold fits it");
                continue;
            }

            ends.Remove(end);
            if (end.Cost != bill)
                Explain(key, nonce, bill, end);
        }

        foreach (var end in ends.Where(static end => end.IsSettled))
            Findings.Add($"{key.Id}: {end.Cost.Value} ticks were charged ({end.Endpoint}) that xAI did not bill");
    }

    private void CompareKnown(CustomerKey key, KeyBook book, string id, Call call)
    {
        var end = book.Endings.GetValueOrDefault(id);
        if (!_xai.Bills.TryGetValue(call.Nonce, out var bill))
        {
            if (end is { IsSettled: true })
                Findings.Add($"{key.Id}: {call.Kind} {id} was charged {end.Cost.Value} ticks that xAI did not bill");
        }
        else if (end is { IsCase: true } or { IsSettled: true, Source: CostSource.Estimate })
        {
            Explain(key, id, bill, end);
        }
        else if (end is not { IsSettled: true } || end.Cost != bill)
        {
            Findings.Add($"{key.Id}: xAI billed {bill.Value} ticks for {call.Kind} {id} ({call.End}, {call.Why}), the ledger says {end}");
        }
    }

    private void Explain(CustomerKey key, string what, UsdTicks bill, Ending end)
    {
        Explained.Add($"{key.Id}: {what} was billed {bill.Value} ticks and ended as {end.Kind} at {end.Cost.Value}");
        _unexplained += bill - end.Cost;
    }

    private static UsdTicks Sum(IEnumerable<UsdTicks> amounts) => amounts.Aggregate(UsdTicks.Zero, static (sum, amount) => sum + amount);
}
