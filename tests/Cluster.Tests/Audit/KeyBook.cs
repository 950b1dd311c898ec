using LlmTr.Grains.Abstractions;
using LlmTr.Grains.Ledgers;
using LlmTr.Money;

namespace LlmTr.Cluster.Tests.Audit;

/// <summary>How a request ended in the ledger.</summary>
/// <param name="Kind">The entry's kind: settled, released, or a case (expired, unreconciled).</param>
/// <param name="Cost">The true cost of a settlement.</param>
/// <param name="Charged">What of it the key paid.</param>
/// <param name="Source">Who told the cost.</param>
/// <param name="Endpoint">The public path.</param>
internal sealed record Ending(LedgerEntryKind Kind, UsdTicks Cost, UsdTicks Charged, CostSource? Source, string? Endpoint)
{
    public bool IsSettled => Kind == LedgerEntryKind.HoldSettled;

    /// <summary>Nobody could learn the cost: nothing was charged.</summary>
    public bool IsCase => Kind is LedgerEntryKind.HoldExpired or LedgerEntryKind.Unreconciled;
}

/// <summary>One key's ledger, read line by line and verified.</summary>
internal sealed class KeyBook
{
    private readonly LedgerVerifier _verifier = new();
    private readonly Dictionary<string, Ending> _endings = [];
    private readonly Dictionary<string, string?> _endpoints = [];
    private readonly HashSet<string> _credits = [];

    /// <summary>What is wrong with the ledger itself.</summary>
    public List<string> Findings { get; } = [];

    /// <summary>By the id of the request: how it ended at last.</summary>
    public IReadOnlyDictionary<string, Ending> Endings => _endings;

    /// <summary>The ids of the credits.</summary>
    public IReadOnlySet<string> Credits => _credits;

    public int OpenHolds => _verifier.Account.OpenHoldCount;

    public long Lines => _verifier.Lines;

    public void Add(ReadOnlySpan<byte> line)
    {
        if (!_verifier.Add(line))
        {
            if (Findings.Count == 0)
                Findings.Add($"the ledger does not verify at line {_verifier.Fault!.Line}: {_verifier.Fault.Reason}");
            return;
        }

        var entry = LedgerLine.Decode(line);
        if (entry.Balance.IsNegative || entry.Held.IsNegative || entry.Held > entry.Balance)
            Findings.Add($"entry {entry.Seq} leaves a balance of {entry.Balance.Value} ticks, of which {entry.Held.Value} are held");
        var id = entry.RequestId?.ToString() ?? "";
        switch (entry.Kind)
        {
            case LedgerEntryKind.Credited:
                _credits.Add(entry.CreditId!);
                break;
            case LedgerEntryKind.HoldPlaced:
                _endpoints[id] = entry.Endpoint;
                break;
            case LedgerEntryKind.HoldSettled:
                _endings[id] = new Ending(entry.Kind, entry.Cost!.Value, entry.Amount, entry.CostSource, _endpoints.GetValueOrDefault(id));
                break;
            case LedgerEntryKind.HoldReleased or LedgerEntryKind.HoldExpired or LedgerEntryKind.Unreconciled:
                _endings[id] = new Ending(entry.Kind, UsdTicks.Zero, UsdTicks.Zero, null, _endpoints.GetValueOrDefault(id));
                break;
        }
    }
}
