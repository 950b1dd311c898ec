using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using LlmTr.Grains.Accounts;
using LlmTr.Grains.Ledgers;

namespace LlmTr.Grains.Snapshots;

/// <summary>
/// An account after one of its entries, which spares an activation the lines up to there. Only ever a shortcut: a snapshot that cannot be read, was made by another
/// schema or does not agree with the ledger is passed over.
/// </summary>
public sealed class LedgerSnapshot
{
    /// <summary>What the state means. Goes up with every change of <see cref="AccountState"/> and of what an entry does to an account.</summary>
    internal const int Schema = 4;

    private static readonly byte[] Start = Encoding.UTF8.GetBytes($"{{\"schema\":{Schema},");

    private readonly AccountState _state;

    internal LedgerSnapshot(AccountState state, LineHash hash)
    {
        _state = state;
        Hash = hash;
    }

    /// <summary>The entry after which it was cut.</summary>
    public long Seq => _state.Seq;

    /// <summary>The hash of that entry's line.</summary>
    internal LineHash Hash { get; }

    /// <summary>
    /// The snapshot as it is stored: 32 bytes of SHA-256, then the JSON that they are of. The work of a moment where many holds have ended lately; may be done on any
    /// thread, at any time.
    /// </summary>
    public byte[] Encode()
    {
        var document = new SnapshotDocument { Schema = Schema, Hash = Hash.ToString(), State = _state };
        var json = JsonSerializer.SerializeToUtf8Bytes(document, SnapshotJson.Default.SnapshotDocument);
        return [.. SHA256.HashData(json), .. json];
    }

    /// <summary>Reads what <see cref="Encode"/> wrote; false for damaged bytes and for another schema.</summary>
    internal static bool TryDecode(ReadOnlySpan<byte> bytes, [NotNullWhen(true)] out LedgerReplay? replay)
    {
        replay = null;
        if (bytes.Length <= SHA256.HashSizeInBytes)
            return false;
        var json = bytes[SHA256.HashSizeInBytes..];
        if (!SHA256.HashData(json).AsSpan().SequenceEqual(bytes[..SHA256.HashSizeInBytes]))
            return false;

        // The schema is written first, and looked at before anything else: what follows may mean something else in another one.
        if (!json.StartsWith(Start))
            return false;
        try
        {
            var document = JsonSerializer.Deserialize(json, SnapshotJson.Default.SnapshotDocument)!;
            if (!LineHash.TryParse(document.Hash, out var hash))
                return false;
            replay = new LedgerReplay(KeyAccount.Restore(document.State), hash);
            return true;
        }
        catch (Exception exception) when (exception is JsonException or FormatException or ArgumentException)
        {
            return false;
        }
    }
}

/// <summary>What is written of a snapshot.</summary>
internal sealed record SnapshotDocument
{
    public required int Schema { get; init; }

    public required string Hash { get; init; }

    public required AccountState State { get; init; }
}

[JsonSourceGenerationOptions(
    Converters = [typeof(UsdTicksJsonConverter), typeof(RequestIdConverter)],
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow)]
[JsonSerializable(typeof(SnapshotDocument))]
[SuppressMessage("Performance", "CA1812", Justification = "The JSON source generator makes its instance.")]
internal sealed partial class SnapshotJson : JsonSerializerContext;
