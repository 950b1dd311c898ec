using System.Security.Cryptography;
using LlmTr.Grains.Abstractions;

namespace LlmTr.Api.Keys;

/// <summary>
/// What a customer's key looks like: <c>llmtr-</c> and base 62 of id (8 bytes), secret (24 bytes) and a keyed checksum over both (6 bytes). The
/// checksum is read without any I/O, so that a forged key costs the cluster nothing.
/// </summary>
/// <param name="current">Signs new keys; at least 32 bytes.</param>
/// <param name="previous">Still accepted while the signing secret is being changed; empty for none.</param>
public sealed class KeyFormat(byte[] current, byte[] previous)
{
    /// <summary>How many characters of a key may be shown.</summary>
    public const int PrefixLength = 12;

    /// <summary>How a key's id begins.</summary>
    internal const string IdStart = "key_";

    private const string Start = "llmtr-";
    private const int IdBytes = 8, SecretBytes = 24, ChecksumBytes = 6;
    private const int IdChars = 11, SecretChars = 33, ChecksumChars = 9;
    private const int KeyChars = 6 + IdChars + SecretChars + ChecksumChars;

    /// <summary>Makes a new key.</summary>
    public IssuedKey New()
    {
        Span<byte> id = stackalloc byte[IdBytes];
        RandomNumberGenerator.Fill(id);
        return Make(id);
    }

    /// <summary>Makes a new secret for a key that exists: another text with the same id and prefix.</summary>
    /// <exception cref="ArgumentException">The text is not of the form of a key's id.</exception>
    public IssuedKey Renew(string keyId)
    {
        ArgumentNullException.ThrowIfNull(keyId);
        Span<byte> id = stackalloc byte[IdBytes];
        return IsKeyId(keyId) && Base62.TryDecode(keyId.AsSpan(IdStart.Length), id)
            ? Make(id)
            : throw new ArgumentException("Not the id of a key.", nameof(keyId));
    }

    /// <summary>Reads a key; false when it is malformed or was not signed by this gateway. Says nothing about whether the key is still good.</summary>
    public bool TryRead(ReadOnlySpan<char> text, out PresentedKey key)
    {
        key = default;
        if (text.Length != KeyChars || !text.StartsWith(Start, StringComparison.Ordinal))
            return false;

        Span<byte> bytes = stackalloc byte[IdBytes + SecretBytes + ChecksumBytes];
        if (!Base62.TryDecode(text.Slice(Start.Length, IdChars), bytes[..IdBytes])
            || !Base62.TryDecode(text.Slice(Start.Length + IdChars, SecretChars), bytes.Slice(IdBytes, SecretBytes))
            || !Base62.TryDecode(text[(Start.Length + IdChars + SecretChars)..], bytes[(IdBytes + SecretBytes)..]))
        {
            return false;
        }

        var signed = bytes[..(IdBytes + SecretBytes)];
        var checksum = bytes[(IdBytes + SecretBytes)..];
        if (!IsSigned(current, signed, checksum) && !(previous.Length > 0 && IsSigned(previous, signed, checksum)))
            return false;
        key = new PresentedKey(KeyId(text), SecretHash.Of(bytes.Slice(IdBytes, SecretBytes)));
        return true;
    }

    /// <summary>True for a text of the form of a key's id; says nothing about whether there is such a key.</summary>
    public static bool IsKeyId(string text) =>
        text.Length == IdStart.Length + IdChars
        && text.StartsWith(IdStart, StringComparison.Ordinal)
        && Base62.TryDecode(text.AsSpan(IdStart.Length), stackalloc byte[IdBytes]);

    private IssuedKey Make(ReadOnlySpan<byte> id)
    {
        Span<byte> bytes = stackalloc byte[IdBytes + SecretBytes + ChecksumBytes];
        id.CopyTo(bytes);
        RandomNumberGenerator.Fill(bytes.Slice(IdBytes, SecretBytes));
        Checksum(current, bytes[..(IdBytes + SecretBytes)], bytes[(IdBytes + SecretBytes)..]);

        Span<char> text = stackalloc char[KeyChars];
        Start.CopyTo(text);
        Base62.Encode(bytes[..IdBytes], text.Slice(Start.Length, IdChars));
        Base62.Encode(bytes.Slice(IdBytes, SecretBytes), text.Slice(Start.Length + IdChars, SecretChars));
        Base62.Encode(bytes[(IdBytes + SecretBytes)..], text[(Start.Length + IdChars + SecretChars)..]);
        return new IssuedKey(KeyId(text), new string(text), SecretHash.Of(bytes.Slice(IdBytes, SecretBytes)));
    }

    private static string KeyId(ReadOnlySpan<char> text) => string.Concat(IdStart, text.Slice(Start.Length, IdChars));

    private static bool IsSigned(byte[] secret, ReadOnlySpan<byte> signed, ReadOnlySpan<byte> checksum)
    {
        Span<byte> expected = stackalloc byte[ChecksumBytes];
        Checksum(secret, signed, expected);
        return CryptographicOperations.FixedTimeEquals(expected, checksum);
    }

    private static void Checksum(byte[] secret, ReadOnlySpan<byte> signed, Span<byte> checksum)
    {
        Span<byte> mac = stackalloc byte[HMACSHA256.HashSizeInBytes];
        HMACSHA256.HashData(secret, signed, mac);
        mac[..ChecksumBytes].CopyTo(checksum);
    }
}

/// <summary>A key at the moment it is made: the only time that its text exists on our side.</summary>
/// <param name="KeyId">Names the account; no secret.</param>
/// <param name="Text">What the customer gets, shown once.</param>
/// <param name="Secret">What the account keeps.</param>
public sealed record IssuedKey(string KeyId, string Text, SecretHash Secret)
{
    /// <summary>The first 12 characters, which may be shown.</summary>
    public string Prefix => Text[..KeyFormat.PrefixLength];
}

/// <summary>A key that a caller presented and this gateway signed.</summary>
/// <param name="KeyId">Names the account.</param>
/// <param name="Secret">To be compared by the account.</param>
public readonly record struct PresentedKey(string KeyId, SecretHash Secret);
