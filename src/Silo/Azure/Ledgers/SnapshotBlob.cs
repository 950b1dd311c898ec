using System.Buffers.Binary;
using System.IO.Hashing;

namespace LlmTr.Silo.Azure.Ledgers;

/// <summary>
/// A snapshot as a blob: in front of what the account made of itself the entry that it is of, and a place at or before that entry's line, so that a load finds it without
/// a search. The head has a checksum of its own, because a load trusts it before anybody has looked at the rest.
/// </summary>
internal static class SnapshotBlob
{
    // Entry, then the place's entry (0 for none), segment and offset; each 8 bytes, then XXH64 of these.
    private const int Fields = 4 * sizeof(long);
    private const int HeadBytes = Fields + sizeof(ulong);

    public static byte[] Encode(long seq, LedgerPlace? place, ReadOnlySpan<byte> state)
    {
        var blob = new byte[HeadBytes + state.Length];
        long[] fields = [seq, place?.Seq ?? 0, place?.Segment ?? 0, place?.Offset ?? 0];
        for (var i = 0; i < fields.Length; i++)
            BinaryPrimitives.WriteInt64LittleEndian(blob.AsSpan(i * sizeof(long)), fields[i]);
        BinaryPrimitives.WriteUInt64LittleEndian(blob.AsSpan(Fields), XxHash64.HashToUInt64(blob.AsSpan(0, Fields)));
        state.CopyTo(blob.AsSpan(HeadBytes));
        return blob;
    }

    /// <summary>Null for a blob whose head is damaged.</summary>
    public static FoundSnapshot? Decode(ReadOnlySpan<byte> blob)
    {
        if (blob.Length < HeadBytes || XxHash64.HashToUInt64(blob[..Fields]) != BinaryPrimitives.ReadUInt64LittleEndian(blob[Fields..]))
            return null;
        var placeSeq = Field(blob, 1);
        return new FoundSnapshot(Field(blob, 0), placeSeq == 0 ? null : new LedgerPlace(placeSeq, Field(blob, 2), Field(blob, 3)), blob[HeadBytes..].ToArray());
    }

    private static long Field(ReadOnlySpan<byte> blob, int index) => BinaryPrimitives.ReadInt64LittleEndian(blob[(index * sizeof(long))..]);
}

/// <summary>A snapshot that was found.</summary>
/// <param name="Seq">The entry that it is of.</param>
/// <param name="Place">A place at or before that entry's line, not checked; null where none was known.</param>
/// <param name="State">What the account made of itself.</param>
internal sealed record FoundSnapshot(long Seq, LedgerPlace? Place, byte[] State);
