using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;

namespace LlmTr.Grains.Abstractions;

/// <summary>
/// The first 128 bits of a SHA-256: tells two of a customer's own texts apart without keeping either. A collision could hurt only the customer who
/// looked for it.
/// </summary>
[GenerateSerializer, Immutable, Alias("llmtr.Fingerprint")]
public readonly record struct Fingerprint([property: Id(0)] ulong High, [property: Id(1)] ulong Low)
{
    /// <summary>The fingerprint of some bytes.</summary>
    public static Fingerprint Of(ReadOnlySpan<byte> bytes)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(bytes, hash);
        return new(BinaryPrimitives.ReadUInt64BigEndian(hash), BinaryPrimitives.ReadUInt64BigEndian(hash[8..]));
    }

    /// <summary>Reads what <see cref="ToString"/> writes.</summary>
    /// <exception cref="FormatException">The text is not 32 hexadecimal digits.</exception>
    public static Fingerprint Parse(string text) =>
        text is { Length: 32 }
        && ulong.TryParse(text.AsSpan(0, 16), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var high)
        && ulong.TryParse(text.AsSpan(16), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var low)
            ? new(high, low)
            : throw new FormatException("A fingerprint is 32 hexadecimal digits.");

    /// <summary>32 hexadecimal digits, as the ledger keeps it.</summary>
    public override string ToString() => $"{High:x16}{Low:x16}";
}
