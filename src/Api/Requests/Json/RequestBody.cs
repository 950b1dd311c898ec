using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Unicode;

using LlmTr.Api.Errors;

namespace LlmTr.Api.Requests.Json;

/// <summary>
/// A body that is known to be one valid JSON object in valid Unicode, with known fields only and none of them twice, and where each field's
/// value stands in it. Nothing is copied: the bytes must stay untouched as long as this lives.
/// </summary>
internal sealed class RequestBody<TField>
    where TField : struct, Enum
{
    private readonly ReadOnlyMemory<byte> _json;
    private FieldValues _values;
    private ulong _seen;
    private ulong _fileReferences;

    private RequestBody(ReadOnlyMemory<byte> json) => _json = json;

    /// <summary>Reads the body once, from end to end.</summary>
    /// <param name="json">The whole body, UTF-8 without byte order mark.</param>
    /// <param name="body">The fields; meaningless when an error is returned.</param>
    /// <returns>The refusal, or null.</returns>
    public static ApiError? Read(ReadOnlyMemory<byte> json, out RequestBody<TField> body)
    {
        body = new RequestBody<TField>(json);
        if (json.IsEmpty)
            return ApiError.InvalidRequest("The body is empty; send a JSON object.");
        if (!Utf8.IsValid(json.Span))
            return ApiError.InvalidRequest("The body is not valid UTF-8.");
        try
        {
            return body.ReadFields(json.Span);
        }
        catch (JsonException e)
        {
            return ApiError.InvalidRequest(
                $"The body is not valid JSON, or nested deeper than {StrictJson.MostDepth} levels, at line {e.LineNumber + 1}, byte {e.BytePositionInLine + 1}.");
        }
    }

    /// <summary>True when the field is there and not null.</summary>
    public bool Has(TField field) => _values[FieldNames<TField>.Index(field)].Length > 0;

    /// <summary>The field's value as it stands in the body; empty when it is absent.</summary>
    public ReadOnlySpan<byte> Raw(TField field) => _json.Span.Slice(_values[FieldNames<TField>.Index(field)].Start, _values[FieldNames<TField>.Index(field)].Length);

    /// <summary>The same, to be kept as long as the body.</summary>
    public ReadOnlyMemory<byte> RawMemory(TField field) => _json.Slice(_values[FieldNames<TField>.Index(field)].Start, _values[FieldNames<TField>.Index(field)].Length);

    /// <summary>UTF-8 bytes of the field's value with escapes undone and the blanks between its tokens left out.</summary>
    public int TextBytes(TField field) => _values[FieldNames<TField>.Index(field)].TextBytes;

    /// <summary>True when, at any depth of the field, there is a <c>file_id</c> or something of type <c>input_file</c>.</summary>
    public bool HasFileReference(TField field) => (_fileReferences & Bit(field)) != 0;

    /// <summary>What the field's value begins with, told by its first byte: a text may be megabytes long. The field must be there.</summary>
    public JsonTokenType KindOf(TField field) => Raw(field)[0] switch
    {
        (byte)'"' => JsonTokenType.String,
        (byte)'{' => JsonTokenType.StartObject,
        (byte)'[' => JsonTokenType.StartArray,
        (byte)'t' => JsonTokenType.True,
        (byte)'f' => JsonTokenType.False,
        _ => JsonTokenType.Number,
    };

    /// <summary>A reader that stands on the field's value, which must be there.</summary>
    public Utf8JsonReader Open(TField field) => StrictJson.Open(Raw(field));

    /// <summary>This body's values as fields of another endpoint; what is not named is absent there. Nothing is copied.</summary>
    /// <param name="names">Which field stands for which.</param>
    public RequestBody<TOther> As<TOther>(ReadOnlySpan<(TField From, TOther To)> names)
        where TOther : struct, Enum
    {
        var other = new RequestBody<TOther>(_json);
        foreach (var (from, to) in names)
            other.Take(to, _values[FieldNames<TField>.Index(from)], HasFileReference(from));
        return other;
    }

    private void Take(TField field, FieldValue value, bool hasFileReference)
    {
        _values[FieldNames<TField>.Index(field)] = value;
        _fileReferences |= hasFileReference ? Bit(field) : 0;
    }

    private ApiError? ReadFields(ReadOnlySpan<byte> json)
    {
        var reader = new Utf8JsonReader(json, StrictJson.Options);
        reader.Read();
        if (reader.TokenType != JsonTokenType.StartObject)
            return ApiError.InvalidRequest("The body must be a JSON object.");

        Span<char> buffer = stackalloc char[JsonText.LongestWord];
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (JsonText.DecodedBytes(reader) == JsonText.NotUnicode)
                return HalfSurrogatePair();
            var known = FieldNames<TField>.TryFind(JsonText.Word(reader, buffer), out var field);
            var name = known ? field.Name() : JsonText.Shown(reader);
            if (known && (_seen & Bit(field)) != 0)
                return ApiError.InvalidRequest($"The field '{name}' is there twice.", name);
            _seen |= known ? Bit(field) : 0;

            reader.Read();
            if (reader.TokenType == JsonTokenType.Null)
                continue;
            if (!known)
                return ApiError.InvalidRequest($"Unknown field '{name}'. Nothing was sent; remove it or check its spelling.", name);
            if (!ReadValue(ref reader, field))
                return HalfSurrogatePair();
        }

        // One more step, which throws when anything but blanks follows the object.
        reader.Read();
        return null;
    }

    private bool ReadValue(ref Utf8JsonReader reader, TField field)
    {
        var start = (int)reader.TokenStartIndex;
        var depth = reader.CurrentDepth;
        var textBytes = 0;
        var name = Member.Other;
        do
        {
            // No text may be compared before it is known to be valid Unicode: the reader throws on the rest.
            var isText = reader.TokenType is JsonTokenType.PropertyName or JsonTokenType.String;
            var bytes = isText ? JsonText.DecodedBytes(reader) : reader.ValueSpan.Length;
            if (bytes == JsonText.NotUnicode)
                return false;
            textBytes += isText ? bytes + 2 : bytes;
            if (IsFileReference(name, reader))
                _fileReferences |= Bit(field);
            name = reader.TokenType == JsonTokenType.PropertyName ? MemberWalk.Named(reader) : Member.Other;
        }
        while ((reader.CurrentDepth > depth || reader.TokenType is JsonTokenType.StartObject or JsonTokenType.StartArray) && reader.Read());

        _values[FieldNames<TField>.Index(field)] = new FieldValue(start, (int)reader.BytesConsumed - start, textBytes);
        return true;
    }

    private static bool IsFileReference(Member name, in Utf8JsonReader value) => name switch
    {
        Member.FileId => value.TokenType != JsonTokenType.Null,
        Member.Type => value.TokenType == JsonTokenType.String && value.ValueTextEquals("input_file"u8),
        _ => false,
    };

    private static ApiError HalfSurrogatePair() => ApiError.InvalidRequest("The body holds a \\u escape that is half of a surrogate pair.");

    private static ulong Bit(TField field) => 1UL << FieldNames<TField>.Index(field);

    [InlineArray(FieldNames<TField>.Most)]
    private struct FieldValues
    {
        private FieldValue _first;
    }
}

/// <summary>Where a field's value stands in its body, in bytes, and how long it is with escapes undone and without blanks between tokens.</summary>
internal readonly record struct FieldValue(int Start, int Length, int TextBytes);
