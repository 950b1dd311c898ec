using System.Globalization;
using System.Text;
using LlmTr.Grains.Ledgers;
using LlmTr.Grains.Snapshots;
using LlmTr.Silo.Tests.Measuring;

namespace LlmTr.Silo.Tests.Ledgers;

/// <summary>Lines for tests of stores.</summary>
public abstract class LedgerLines
{
    /// <summary>A sound ledger, and snapshots of it.</summary>
    private protected static (byte[][] Lines, LedgerSnapshot[] Snapshots) Ledger(int entries, params int[] cutAt)
    {
        var history = new SyntheticHistory(TimeSpan.FromSeconds(1));
        var (lines, snapshots, hash) = (new List<byte[]>(), new List<LedgerSnapshot>(), LineHash.Genesis);
        foreach (var entry in history.Entries(entries))
        {
            lines.Add(LedgerLine.Encode(entry, hash.ToString()));
            hash = LineHash.Of(lines[^1]);
            if (cutAt.Contains((int)entry.Seq))
                snapshots.Add(new LedgerSnapshot(history.Account.Capture(), hash));
        }

        return ([.. lines], [.. snapshots]);
    }

    /// <summary>A line begins with its sequence number, as every entry of a ledger does; the rest is nothing to a store.</summary>
    protected static byte[] Line(string text, int seq = 1) => Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{{\"seq\":{seq},\"text\":\"{text}\"}}"));

    protected static byte[][] Lines(int from, int count) => Named("line", from, count);

    protected static byte[][] Named(string name, int from, int count) => [.. Enumerable.Range(from, count).Select(seq => Line(name, seq))];

    // Compared as text: FluentAssertions compares nested arrays byte by byte, and slowly.
    protected static void ShouldBe(IReadOnlyList<byte[]> lines, IReadOnlyList<byte[]> expected) =>
        lines.Select(Convert.ToBase64String).SequenceEqual(expected.Select(Convert.ToBase64String)).Should().BeTrue(
            "the lines must be the {0} expected, and are {1}", expected.Count, lines.Count);
}
