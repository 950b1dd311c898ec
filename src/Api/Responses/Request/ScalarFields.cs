using System.Text.Json;

using LlmTr.Api.Errors;
using LlmTr.Api.Requests.Json;
using LlmTr.Xai.Catalogue;

namespace LlmTr.Api.Responses;

/// <summary>Checks the fields that are single values: their types and ranges.</summary>
internal static class ScalarFields
{
    /// <summary>The most texts of <c>stop</c>.</summary>
    public const int MostStops = 4;

    /// <summary>Checks those that are forwarded as they are.</summary>
    public static ApiError? Check(RequestBody<BodyField> body, TextModel model) =>
        body.Text(BodyField.Instructions)
        ?? body.Text(BodyField.PromptCacheKey)
        ?? body.Text(BodyField.User)
        ?? body.Text(BodyField.SafetyIdentifier)
        ?? body.Number(BodyField.Temperature, 0, 2)
        ?? body.Number(BodyField.TopP, 0, 1)
        ?? body.Flag(BodyField.ParallelToolCalls, out _)
        ?? Stops(body, model)
        ?? Includes(body);

    /// <summary>Reads the caller's own cap on the output, in tokens; null when there is none.</summary>
    public static ApiError? MaxOutputTokens(RequestBody<BodyField> body, TextModel model, out int? tokens)
    {
        var refusal = body.WholeNumber(BodyField.MaxOutputTokens, 1, model.MostOutputTokens, 0, out var value);
        tokens = body.Has(BodyField.MaxOutputTokens) ? value : null;
        return refusal;
    }

    private static ApiError? Stops(RequestBody<BodyField> body, TextModel model)
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
        return texts ? null : FieldChecks.Wrong(BodyField.Stop, $"must be a string or a list of at most {MostStops} strings");
    }

    private static ApiError? Includes(RequestBody<BodyField> body)
    {
        if (!body.Has(BodyField.Include))
            return null;
        var reader = body.Open(BodyField.Include);
        if (reader.TokenType != JsonTokenType.StartArray)
            return FieldChecks.Wrong(BodyField.Include, "must be a list of strings");
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
}
