using System.Buffers.Binary;
using LlmTr.Grains.Abstractions;
using LlmTr.Grains.Ledgers;
using LlmTr.Money;

namespace LlmTr.Api.Tests.Running;

/// <summary>
/// Answers reads of one key as an account of years would: two entries for each of very many requests, a hold and its settlement, made when they are asked for. Counts what
/// was read.
/// </summary>
public sealed class SyntheticLedger : IIncomingGrainCallFilter
{
    private readonly Dictionary<long, LedgerEntry> _others = [];
    private readonly List<HoldView> _openHolds = [];
    private readonly List<CaseView> _openCases = [];
    private int _lines;
    private int _pages;

    /// <summary>Whose reads are answered; null: nobody's.</summary>
    public string? KeyId { get; set; }

    public long Requests { get; init; }

    /// <summary>When the first request was.</summary>
    public DateTimeOffset Start { get; init; }

    /// <summary>From one request to the next.</summary>
    public TimeSpan Step { get; init; }

    public UsdTicks Overruns { get; set; }

    /// <summary>Lines, and calls that asked for some, since the last look.</summary>
    public (int Lines, int Pages) TakeCount() => (Interlocked.Exchange(ref _lines, 0), Interlocked.Exchange(ref _pages, 0));

    /// <summary>The id of a request, 0 the first.</summary>
    public RequestId IdOf(long request)
    {
        Span<byte> bytes = stackalloc byte[16];
        BinaryPrimitives.WriteInt64BigEndian(bytes, AtOf(request).ToUnixTimeMilliseconds() << 16);
        bytes[6] = 0x70;
        BinaryPrimitives.WriteInt64BigEndian(bytes[8..], request | (1L << 63));
        return new RequestId(new Guid(bytes, bigEndian: true));
    }

    public DateTimeOffset AtOf(long request) => Start + (request * Step);

    /// <summary>The sequence number of the entry that ends a request.</summary>
    public static long EndOf(long request) => (2 * request) + 2;

    /// <summary>Puts another entry in the place of one; its number, time and sums stay.</summary>
    public void Replace(long seq, Func<LedgerEntry, LedgerEntry> with) => _others[seq] = with(Entry(seq));

    /// <summary>Lets the hold of a request be open still.</summary>
    public void LeaveOpen(long request)
    {
        Replace(EndOf(request), static end => end with { Kind = LedgerEntryKind.Credited, RequestId = null });
        _openHolds.Add(new HoldView { Id = IdOf(request), Amount = new UsdTicks(10), PlacedAt = AtOf(request), Deadline = AtOf(request), Model = "", Endpoint = "" });
    }

    /// <summary>Lets a request have ended unreconciled; open still, unless a settlement further on closes the case.</summary>
    public void LeaveUnreconciled(long request, long? settledWith = null, long cost = 0)
    {
        Replace(EndOf(request), static end => end with { Kind = LedgerEntryKind.Unreconciled, StatusCode = 504 });
        if (settledWith is { } other)
            Replace(EndOf(other), end => end with { RequestId = IdOf(request), Cost = new UsdTicks(cost), Amount = new UsdTicks(cost), Hold = null });
        else
            _openCases.Add(new CaseView { Id = IdOf(request), Hold = new UsdTicks(10), PlacedAt = AtOf(request), OpenedAt = AtOf(request), Reason = "", Model = "", Endpoint = "" });
    }

    public Task Invoke(IIncomingGrainCallContext context)
    {
        if (context.Grain is not IApiKeyGrain || KeyId is null || context.TargetId.Key.ToString() != KeyId)
            return context.Invoke();
        context.Result = context.MethodName switch
        {
            nameof(IApiKeyGrain.Read) or nameof(IApiKeyGrain.ReadAs) => new AccountView { Prefix = "llmtr-prefix", Label = "long", LastSeq = 2 * Requests, Overruns = Overruns },
            nameof(IApiKeyGrain.ReadHolds) => new HoldPage { Holds = _openHolds },
            nameof(IApiKeyGrain.ReadCases) => new CasePage { Cases = _openCases },
            nameof(IApiKeyGrain.ReadLedger) => Page((long)context.Request.GetArgument(0)!, (int)context.Request.GetArgument(1)!),
            _ => throw new NotSupportedException(context.MethodName),
        };
        return Task.CompletedTask;
    }

    private LedgerPage Page(long fromSeq, int limit)
    {
        var count = (int)Math.Min(limit, (2 * Requests) - fromSeq + 1);
        Interlocked.Add(ref _lines, count);
        Interlocked.Increment(ref _pages);
        var lines = new byte[count][];
        for (var i = 0; i < count; i++)
            lines[i] = LedgerLine.Encode(_others.GetValueOrDefault(fromSeq + i) ?? Entry(fromSeq + i), LedgerLine.GenesisHash);
        return new LedgerPage { Lines = lines };
    }

    private LedgerEntry Entry(long seq)
    {
        var request = (seq - 1) / 2;
        var hold = new LedgerEntry
        {
            Seq = seq,
            At = AtOf(request),
            Kind = LedgerEntryKind.HoldPlaced,
            RequestId = IdOf(request),
            Amount = new UsdTicks(10),
            Balance = new UsdTicks(1_000_000),
            Held = UsdTicks.Zero,
            Model = "xai/grok-4.3",
            Endpoint = "/v1/responses",
        };
        return seq % 2 == 1 ? hold : hold with { Kind = LedgerEntryKind.HoldSettled, Hold = new UsdTicks(10), Cost = new UsdTicks(10), InputTokens = 2, OutputTokens = 3 };
    }
}
