using System.Text;
using System.Text.Json;

using LlmTr.Api.Errors;
using LlmTr.Money;
using LlmTr.Xai.Catalogue;

namespace LlmTr.Api.Responses;

/// <summary>Checks the fields that are single values: their types and ranges.</summary>
internal static class ScalarFields
{
    private const int MostStops = 4;

    /// <summary>Checks those that are forwarded as they are.</summary>
    public static ApiError? Check(RequestBody body, TextModel model) =>
        Text(body, BodyField.Instructions)
        ?? Text(body, BodyField.PromptCacheKey)
        ?? Text(body, BodyField.User)
        ?? Text(body, BodyField.SafetyIdentifier)
        ?? Number(body, BodyField.Temperature, 2)
        ?? Number(body, BodyField.TopP, 1)
        ?? Flag(body, BodyField.ParallelToolCalls, out _)
        ?? Stops(body, model)
        ?? Includes(body);

    /// <summary>Reads true or false; false when it is absent.</summary>
    public static ApiError? Flag(RequestBody body, BodyField field, out bool value)
    {
        value = false;
        if (!body.Has(field))
            return null;
        var type = body.KindOf(field);
        value = type == JsonTokenType.True;
        return type is JsonTokenType.True or JsonTokenType.False ? null : Wrong(field, "must be true or false");
    }

    /// <summary>Reads the caller's own cap on the output, in tokens; null when there is none.</summary>
    public static ApiError? MaxOutputTokens(RequestBody body, TextModel model, out int? tokens)
    {
        tokens = null;
        if (!body.Has(BodyField.MaxOutputTokens))
            return null;
        var reader = body.Open(BodyField.MaxOutputTokens);
        if (reader.TokenType != JsonTokenType.Number || !reader.TryGetInt32(out var value) || value < 1 || value > model.MostOutputTokens)
            return Wrong(BodyField.MaxOutputTokens, $"must be a whole number from 1 to {model.MostOutputTokens}");
        tokens = value;
        return null;
    }

    /// <summary>Reads the most that the caller wants to pay, exactly as written, as a number or a decimal string; null when there is no such limit.</summary>
    public static ApiError? MaxBudget(RequestBody body, out UsdTicks? budget)
    {
        budget = null;
        if (!body.Has(BodyField.MaxBudgetUsd))
            return null;
        var reader = body.Open(BodyField.MaxBudgetUsd);
        Span<char> digits = stackalloc char[JsonText.LongestWord];
        var length = 0;
        if (reader.TokenType == JsonTokenType.String)
            length = JsonText.Word(reader, digits).Length;
        else if (reader.TokenType == JsonTokenType.Number && reader.ValueSpan.Length <= digits.Length)
            length = Encoding.ASCII.GetChars(reader.ValueSpan, digits);

        if (!UsdTicks.TryParseUsd(digits[..length], out var amount) || !amount.IsPositive)
            return Wrong(BodyField.MaxBudgetUsd, "must be an amount above 0 in dollars with at most 10 decimals and no exponent, such as 0.25 or \"0.25\"");
        budget = amount;
        return null;
    }

    private static ApiError? Text(RequestBody body, BodyField field) =>
        body.Has(field) && body.KindOf(field) != JsonTokenType.String ? Wrong(field, "must be a string") : null;

    private static ApiError? Number(RequestBody body, BodyField field, double most)
    {
        if (!body.Has(field))
            return null;
        var reader = body.Open(field);
        return reader.TokenType == JsonTokenType.Number && reader.TryGetDouble(out var value) && value >= 0 && value <= most
            ? null
            : Wrong(field, $"must be a number from 0 to {most}");
    }

    private static ApiError? Stops(RequestBody body, TextModel model)
    {
        if (!body.Has(BodyField.Stop))
            return null;
        if (!model.Stop)
            return ApiError.UnsupportedCapability($"The model '{model.Id}' does not take 'stop'.", "stop");
        var reader = body.Open(BodyField.Stop);
        if (reader.TokenType == JsonTokenType.String)
            return null;

        var count = 0;
        var texts = reader.TokenType == JsonTokenType.StartArray;
        while (texts && reader.Read() && reader.TokenType != JsonTokenType.EndArray)
            texts = reader.TokenType == JsonTokenType.String && ++count <= MostStops;
        return texts ? null : Wrong(BodyField.Stop, $"must be a string or a list of at most {MostStops} strings");
    }

    private static ApiError? Includes(RequestBody body)
    {
        if (!body.Has(BodyField.Include))
            return null;
        var reader = body.Open(BodyField.Include);
        if (reader.TokenType != JsonTokenType.StartArray)
            return Wrong(BodyField.Include, "must be a list of strings");
        for (var i = 0; reader.Read() && reader.TokenType != JsonTokenType.EndArray; i++)
        {
            if (reader.TokenType != JsonTokenType.String)
                return ApiError.InvalidRequest("The field 'include' must be a list of strings.", $"include[{i}]");
            if (!reader.ValueTextEquals("reasoning.encrypted_content"u8))
            {
                return ApiError.UnsupportedCapability(
                    $"'include' takes 'reasoning.encrypted_content' only, not '{JsonText.Shown(reader)}'.", $"include[{i}]");
            }
        }

        return null;
    }

    private static ApiError Wrong(BodyField field, string complaint) => ApiError.InvalidRequest($"The field '{field.Name()}' {complaint}.", field.Name());
}
