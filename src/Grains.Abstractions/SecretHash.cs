using System.Buffers.Binary;
using System.Security.Cryptography;

namespace LlmTr.Grains.Abstractions;

/// <summary>
/// The SHA-256 of a key's secret: all that the grain keeps and all that crosses the wire. Four words and not an array, so that a
/// hold allocates nothing for it.
/// </summary>
[GenerateSerializer, Immutable, Alias("llmtr.SecretHash")]
public readonly struct SecretHash
{
    [Id(0)] private readonly ulong _a;
    [Id(1)] private readonly ulong _b;
    [Id(2)] private readonly ulong _c;
    [Id(3)] private readonly ulong _d;

    private SecretHash(ReadOnlySpan<byte> sha256)
    {
        _a = BinaryPrimitives.ReadUInt64BigEndian(sha256);
        _b = BinaryPrimitives.ReadUInt64BigEndian(sha256[8..]);
        _c = BinaryPrimitives.ReadUInt64BigEndian(sha256[16..]);
        _d = BinaryPrimitives.ReadUInt64BigEndian(sha256[24..]);
    }

    /// <summary>Hashes a secret.</summary>
    public static SecretHash Of(ReadOnlySpan<byte> secret)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(secret, hash);
        return new SecretHash(hash);
    }

    /// <summary>Reads 64 hexadecimal digits.</summary>
    /// <exception cref="FormatException">The text is not 64 hexadecimal digits.</exception>
    public static SecretHash FromHex(string hex)
    {
        var bytes = Convert.FromHexString(hex);
        return bytes.Length == SHA256.HashSizeInBytes ? new SecretHash(bytes) : throw new FormatException("A secret's hash is 64 hexadecimal digits.");
    }

    /// <summary>Compares in a time that does not depend on where the two differ.</summary>
    public bool Matches(SecretHash other) => ((_a ^ other._a) | (_b ^ other._b) | (_c ^ other._c) | (_d ^ other._d)) == 0;

    /// <summary>64 hexadecimal digits, as the ledger keeps it.</summary>
    public string ToHex() => $"{_a:x16}{_b:x16}{_c:x16}{_d:x16}";
}
