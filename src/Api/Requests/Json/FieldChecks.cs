using System.Globalization;
using System.Text;
using System.Text.Json;

using LlmTr.Api.Errors;
using LlmTr.Money;

namespace LlmTr.Api.Requests.Json;

/// <summary>Checks fields that are single values: their types and ranges. An absent field is always right.</summary>
internal static class FieldChecks
{
    /// <summary>True or false; false when it is absent.</summary>
    public static ApiError? Flag<TField>(this RequestBody<TField> body, TField field, out bool value)
        where TField : struct, Enum
    {
        value = false;
        if (!body.Has(field))
            return null;
        var type = body.KindOf(field);
        value = type == JsonTokenType.True;
        return type is JsonTokenType.True or JsonTokenType.False ? null : Wrong(field, "must be true or false");
    }

    /// <summary>A whole number within a range; the fallback when it is absent.</summary>
    public static ApiError? WholeNumber<TField>(this RequestBody<TField> body, TField field, int least, int most, int fallback, out int value)
        where TField : struct, Enum
    {
        value = fallback;
        if (!body.Has(field))
            return null;
        var reader = body.Open(field);
        return reader.TokenType == JsonTokenType.Number && reader.TryGetInt32(out value) && value >= least && value <= most
            ? null
            : Wrong(field, string.Create(CultureInfo.InvariantCulture, $"must be a whole number from {least} to {most}"));
    }

    /// <summary>A number within a range; it is forwarded as it stands.</summary>
    public static ApiError? Number<TField>(this RequestBody<TField> body, TField field, double least, double most)
        where TField : struct, Enum
    {
        if (!body.Has(field))
            return null;
        var reader = body.Open(field);
        return reader.TokenType == JsonTokenType.Number && reader.TryGetDouble(out var value) && value >= least && value <= most
            ? null
            : Wrong(field, string.Create(CultureInfo.InvariantCulture, $"must be a number from {least} to {most}"));
    }

    /// <summary>A string of any length; it is forwarded as it stands.</summary>
    public static ApiError? Text<TField>(this RequestBody<TField> body, TField field)
        where TField : struct, Enum =>
        body.Has(field) && body.KindOf(field) != JsonTokenType.String ? Wrong(field, "must be a string") : null;

    /// <summary>A string of at most so many characters, counted as Unicode scalar values.</summary>
    public static ApiError? Text<TField>(this RequestBody<TField> body, TField field, int mostCharacters)
        where TField : struct, Enum
    {
        if (!body.Has(field))
            return null;
        if (body.Text(field) is { } wrong)
            return wrong;
        var characters = JsonText.Characters(body.Raw(field)[1..^1]);
        return characters <= mostCharacters
            ? null
            : Wrong(field, string.Create(CultureInfo.InvariantCulture, $"has {characters} characters, but may have at most {mostCharacters}"));
    }

    /// <summary>One of some words, compared exactly; the fallback when it is absent.</summary>
    public static ApiError? Word<TField>(this RequestBody<TField> body, TField field, IReadOnlyList<string> words, string fallback, out string value)
        where TField : struct, Enum
    {
        value = fallback;
        if (!body.Has(field))
            return null;
        var said = body.Word(field, stackalloc char[JsonText.LongestWord]);
        foreach (var word in words)
        {
            if (!said.SequenceEqual(word))
                continue;
            value = word;
            return null;
        }

        return Wrong(field, $"must be one of {string.Join(", ", words)}");
    }

    /// <summary>The field's short text in the buffer's front; empty when it is absent, no string, or too long to be a word.</summary>
    public static ReadOnlySpan<char> Word<TField>(this RequestBody<TField> body, TField field, Span<char> buffer)
        where TField : struct, Enum
    {
        if (!body.Has(field))
            return [];
        var reader = body.Open(field);
        return reader.TokenType == JsonTokenType.String ? JsonText.Word(reader, buffer) : [];
    }

    /// <summary>The most that the caller wants to pay, exactly as written, as a number or a decimal string; null when there is no such limit.</summary>
    public static ApiError? Budget<TField>(this RequestBody<TField> body, TField field, out UsdTicks? budget)
        where TField : struct, Enum
    {
        budget = null;
        if (!body.Has(field))
            return null;
        var reader = body.Open(field);
        Span<char> digits = stackalloc char[JsonText.LongestWord];
        var length = 0;
        if (reader.TokenType == JsonTokenType.String)
            length = JsonText.Word(reader, digits).Length;
        else if (reader.TokenType == JsonTokenType.Number && reader.ValueSpan.Length <= digits.Length)
            length = Encoding.ASCII.GetChars(reader.ValueSpan, digits);

        if (!UsdTicks.TryParseUsd(digits[..length], out var amount) || !amount.IsPositive)
            return Wrong(field, "must be an amount above 0 in dollars with at most 10 decimals and no exponent, such as 0.25 or \"0.25\"");
        budget = amount;
        return null;
    }

    /// <summary>The field must be absent.</summary>
    public static ApiError? Refused<TField>(this RequestBody<TField> body, TField field, string hint)
        where TField : struct, Enum =>
        body.Has(field) ? ApiError.UnsupportedCapability($"The field '{field.Name()}' is not supported; remove it.", field.Name(), hint) : null;

    /// <summary>The field may only be false.</summary>
    public static ApiError? OnlyFalse<TField>(this RequestBody<TField> body, TField field, string? hint = null)
        where TField : struct, Enum =>
        body.Has(field) && body.KindOf(field) != JsonTokenType.False ? Neutral(field, "false", hint) : null;

    /// <summary>The field may only be zero.</summary>
    public static ApiError? OnlyZero<TField>(this RequestBody<TField> body, TField field)
        where TField : struct, Enum
    {
        if (!body.Has(field))
            return null;
        var reader = body.Open(field);
        return reader.TokenType == JsonTokenType.Number && reader.TryGetDouble(out var value) && value == 0 ? null : Neutral(field, "0");
    }

    /// <summary>The field may only be one of these words.</summary>
    public static ApiError? OnlyWord<TField>(this RequestBody<TField> body, TField field, string first, string? second = null)
        where TField : struct, Enum
    {
        if (!body.Has(field))
            return null;
        var word = body.Word(field, stackalloc char[JsonText.LongestWord]);
        return word.SequenceEqual(first) || (second is not null && word.SequenceEqual(second))
            ? null
            : Neutral(field, second is null ? $"\"{first}\"" : $"\"{first}\" or \"{second}\"");
    }

    /// <summary>A complaint about a field's value.</summary>
    public static ApiError Wrong<TField>(TField field, string complaint)
        where TField : struct, Enum => ApiError.InvalidRequest($"The field '{field.Name()}' {complaint}.", field.Name());

    /// <summary>A complaint about a field that is taken only at the value that changes nothing.</summary>
    public static ApiError Neutral<TField>(TField field, string value, string? hint = null)
        where TField : struct, Enum => ApiError.InvalidRequest($"The field '{field.Name()}' may only be {value}; leave it out.", field.Name(), hint);
}
