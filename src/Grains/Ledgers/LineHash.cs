using System.Buffers.Binary;
using System.Security.Cryptography;

namespace LlmTr.Grains.Ledgers;

/// <summary>The SHA-256 of a ledger line, as four words: a journal makes one for every entry, and a text of it only where a line names it.</summary>
internal readonly record struct LineHash(ulong A, ulong B, ulong C, ulong D)
{
    /// <summary>What the first line names as the hash of the line before: zeros.</summary>
    public static LineHash Genesis => default;

    /// <summary>Hashes a line (without a line end).</summary>
    public static LineHash Of(ReadOnlySpan<byte> line)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(line, hash);
        return From(hash);
    }

    /// <summary>Reads 64 hexadecimal digits; false for anything else.</summary>
    public static bool TryParse(string? hex, out LineHash hash)
    {
        Span<byte> bytes = stackalloc byte[SHA256.HashSizeInBytes];
        var parsed = hex?.Length == 2 * bytes.Length && Convert.FromHexString(hex, bytes, out _, out _) == System.Buffers.OperationStatus.Done;
        hash = parsed ? From(bytes) : default;
        return parsed;
    }

    /// <summary>64 hexadecimal digits, lower case, as a line names them.</summary>
    public override string ToString()
    {
        Span<byte> bytes = stackalloc byte[SHA256.HashSizeInBytes];
        BinaryPrimitives.WriteUInt64BigEndian(bytes, A);
        BinaryPrimitives.WriteUInt64BigEndian(bytes[8..], B);
        BinaryPrimitives.WriteUInt64BigEndian(bytes[16..], C);
        BinaryPrimitives.WriteUInt64BigEndian(bytes[24..], D);
        return Convert.ToHexStringLower(bytes);
    }

    private static LineHash From(ReadOnlySpan<byte> bytes) => new(
        BinaryPrimitives.ReadUInt64BigEndian(bytes),
        BinaryPrimitives.ReadUInt64BigEndian(bytes[8..]),
        BinaryPrimitives.ReadUInt64BigEndian(bytes[16..]),
        BinaryPrimitives.ReadUInt64BigEndian(bytes[24..]));
}
