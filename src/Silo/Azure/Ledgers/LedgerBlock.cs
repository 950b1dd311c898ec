using System.Buffers.Text;
using System.Globalization;
using System.Text;

namespace LlmTr.Silo.Azure.Ledgers;

/// <summary>
/// How lines lie in a blob: each with a line end behind it, all of one append in one block. A ledger line begins with its sequence number, so a place in a blob can be told
/// from the bytes there. The one line that is not the account's is the seal, the last of every blob but the last: it names the sequence number that goes on in the next blob.
/// </summary>
internal static class LedgerBlock
{
    /// <summary>The longest block, bytes: what every version of the blob service takes; what is longer is refused whole. Accounts send a quarter of it.</summary>
    public const int MostBytes = 4 * 1024 * 1024;

    /// <summary>Behind every line.</summary>
    public const byte LineEnd = (byte)'\n';

    /// <summary>Joins lines to a block.</summary>
    /// <exception cref="ArgumentException">There are no lines, too many, or one that is none or not the next.</exception>
    public static byte[] Encode(IReadOnlyList<byte[]> lines, bool seals, out long firstSeq)
    {
        if (lines.Count == 0 || !TryReadSeq(lines[0], out firstSeq))
            throw new ArgumentException("An append has at least one line, and a line begins with its sequence number.", nameof(lines));
        var seal = seals ? Seal(firstSeq + lines.Count) : [];
        var length = lines.Sum(static line => line.Length + 1L) + seal.Length;
        if (length > MostBytes)
            throw new ArgumentException(FormattableString.Invariant($"An append has at most {MostBytes} bytes, and these lines have {length}; nothing was written."), nameof(lines));

        var block = new byte[length];
        var written = 0;
        for (var i = 0; i < lines.Count; i++)
        {
            var line = lines[i].AsSpan();
            if (line.Contains(LineEnd) || !TryReadSeq(line, out var seq) || seq != firstSeq + i)
                throw new ArgumentException("A line holds no line end and begins with its sequence number, one more than the line before.", nameof(lines));
            line.CopyTo(block.AsSpan(written));
            written += line.Length;
            block[written++] = LineEnd;
        }

        seal.CopyTo(block.AsSpan(written));
        return block;
    }

    /// <summary>The sequence number that a ledger line begins with; false for any other line.</summary>
    public static bool TryReadSeq(ReadOnlySpan<byte> line, out long seq) => TryReadNumber(line, "{\"seq\":"u8, out seq);

    /// <summary>The sequence number that a seal names; false for any other line.</summary>
    public static bool TryReadSeal(ReadOnlySpan<byte> line, out long nextSeq) => TryReadNumber(line, "{\"rolled\":"u8, out nextSeq);

    /// <summary>Where the next line begins, counted from the start of some bytes; -1 where none of them ends a line.</summary>
    public static int NextLine(ReadOnlySpan<byte> bytes) => bytes.IndexOf(LineEnd) is var at and >= 0 ? at + 1 : -1;

    private static byte[] Seal(long nextSeq) => Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{{\"rolled\":{nextSeq}}}\n"));

    private static bool TryReadNumber(ReadOnlySpan<byte> line, ReadOnlySpan<byte> start, out long number)
    {
        number = 0;
        return line.StartsWith(start)
            && Utf8Parser.TryParse(line[start.Length..], out number, out var digits)
            && number > 0 && line.Length > start.Length + digits && line[start.Length + digits] is (byte)',' or (byte)'}';
    }
}
