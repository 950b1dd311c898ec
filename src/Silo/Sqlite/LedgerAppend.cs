using LlmTr.Grains.Accounts;

namespace LlmTr.Silo.Sqlite;

/// <summary>An append on its way to the disk: one row.</summary>
/// <param name="Account">The account.</param>
/// <param name="Position">Where its ledger must end for the append to go in.</param>
/// <param name="Lines">Its lines with a line end between two, as <see cref="Join"/> makes them.</param>
/// <param name="Count">How many lines there are; at least 1.</param>
internal sealed record LedgerAppend(string Account, LedgerPosition Position, byte[] Lines, int Count)
{
    /// <summary>The number of its first line.</summary>
    public long FirstSeq => Position.Offset + 1;

    /// <summary>The number of its last line.</summary>
    public long LastSeq => Position.Offset + Count;

    /// <summary>Whether it followed the account's last line, and so was written; known when its transaction has ended.</summary>
    public bool Fits { get; set; }

    /// <summary>Told when it is on the disk, or is not.</summary>
    public TaskCompletionSource<LedgerPosition> Done { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Lines as a row holds them.</summary>
    /// <exception cref="ArgumentException">One is none.</exception>
    public static byte[] Join(IReadOnlyList<byte[]> lines)
    {
        var length = lines.Count - 1;
        foreach (var line in lines)
        {
            // Rows are split at line ends again: such a line would come back as two, and every sequence number behind it would be wrong.
            if (line.Length == 0 || line.AsSpan().Contains((byte)'\n'))
                throw new ArgumentException("A ledger line is not empty and holds no line end.", nameof(lines));
            length += line.Length;
        }

        var joined = new byte[length];
        var at = 0;
        foreach (var line in lines)
        {
            if (at > 0)
                joined[at++] = (byte)'\n';
            line.CopyTo(joined, at);
            at += line.Length;
        }

        return joined;
    }
}
