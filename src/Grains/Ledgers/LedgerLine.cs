using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Serialization;
using LlmTr.Grains.Abstractions;
using LlmTr.Money;

namespace LlmTr.Grains.Ledgers;

/// <summary>
/// An entry as it is stored: one line of JSON that ends in the hash of the line before, so that no line can be changed, dropped or
/// put in without every later line showing it.
/// </summary>
public static class LedgerLine
{
    /// <summary>What the first line names as the hash of the line before.</summary>
    public const string GenesisHash = "0000000000000000000000000000000000000000000000000000000000000000";

    /// <summary>Writes the entry behind the line whose hash is given.</summary>
    public static byte[] Encode(LedgerEntry entry, string previousHash) => LedgerLineWriter.Write(entry, previousHash);

    /// <summary>Reads a line; its place in the chain is the caller's to check.</summary>
    /// <exception cref="JsonException">The line is not an entry.</exception>
    public static LedgerEntry Decode(ReadOnlySpan<byte> line) =>
        JsonSerializer.Deserialize(line, LedgerJson.Default.LedgerEntry) ?? throw new JsonException("A ledger line is an object, not null.");

    /// <summary>The SHA-256 of a line (without a line end), hexadecimal: what the next line names.</summary>
    public static string Hash(ReadOnlySpan<byte> line)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(line, hash);
        return Convert.ToHexStringLower(hash);
    }
}

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    AllowDuplicateProperties = false,
    UseStringEnumConverter = true)]
[JsonSerializable(typeof(LedgerEntry))]
[JsonSerializable(typeof(string))]
[SuppressMessage("Performance", "CA1812", Justification = "The JSON source generator makes its instance.")]
internal sealed partial class LedgerJson : JsonSerializerContext;

/// <summary>Ticks as a JSON integer.</summary>
internal sealed class UsdTicksJsonConverter : JsonConverter<UsdTicks>
{
    public override UsdTicks Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => new(reader.GetInt64());

    public override void Write(Utf8JsonWriter writer, UsdTicks value, JsonSerializerOptions options) => writer.WriteNumberValue(value.Value);
}

/// <summary>A request id as its text.</summary>
internal sealed class RequestIdConverter : JsonConverter<RequestId>
{
    public override RequestId Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        RequestId.TryParse(reader.GetString(), out var id) ? id : throw new JsonException("A request_id is 'req_' and 32 hexadecimal digits.");

    public override void Write(Utf8JsonWriter writer, RequestId value, JsonSerializerOptions options) => writer.WriteStringValue(value.ToString());
}

/// <summary>A moment in UTC with milliseconds, always of the same length.</summary>
internal sealed class UtcMillisecondsConverter : JsonConverter<DateTimeOffset>
{
    private const string Format = "yyyy-MM-dd'T'HH:mm:ss.fff'Z'";

    public override DateTimeOffset Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        DateTimeOffset.TryParseExact(reader.GetString(), Format, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var at)
            ? at
            : throw new JsonException($"A time in a ledger line has the form {Format}.");

    public override void Write(Utf8JsonWriter writer, DateTimeOffset value, JsonSerializerOptions options)
    {
        Span<char> text = stackalloc char[24];
        value.UtcDateTime.TryFormat(text, out var length, Format, CultureInfo.InvariantCulture);
        writer.WriteStringValue(text[..length]);
    }
}
