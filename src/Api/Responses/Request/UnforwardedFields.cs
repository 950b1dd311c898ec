using System.Text.Json;

using LlmTr.Api.Errors;

namespace LlmTr.Api.Responses;

/// <summary>The fields that never reach xAI: accepted only at the value that changes nothing, ignored, or refused by name.</summary>
internal static class UnforwardedFields
{
    private const string NothingStored = "Nothing is stored here: send the whole conversation as 'input'.";
    private const string NoServerTools = "Tools that run at the provider are not offered; define function tools and run them yourself.";

    private static readonly BodyField[] Hints = [BodyField.Metadata, BodyField.StreamOptions, BodyField.PromptCacheRetention, BodyField.MaxToolCalls];

    /// <summary>Checks the fields that are refused by name or accepted at one value only.</summary>
    public static ApiError? Check(RequestBody body) => Refused(body) ?? NotNeutral(body);

    /// <summary>The names of the hints in the body that change neither answer nor price, for the customer to see.</summary>
    public static IReadOnlyList<string> Ignored(RequestBody body)
    {
        List<string>? ignored = null;
        foreach (var field in Hints)
        {
            if (body.Has(field))
                (ignored ??= new(Hints.Length)).Add(field.Name());
        }

        return ignored ?? (IReadOnlyList<string>)[];
    }

    private static ApiError? Refused(RequestBody body) =>
        Refuse(body, BodyField.PreviousResponseId, NothingStored)
        ?? Refuse(body, BodyField.Conversation, NothingStored)
        ?? Refuse(body, BodyField.Prompt, NothingStored)
        ?? Refuse(body, BodyField.ContextManagement, "Shorten the conversation in the client.")
        ?? Refuse(body, BodyField.SearchParameters, NoServerTools)
        ?? Refuse(body, BodyField.WebSearchOptions, NoServerTools)
        ?? (body.Has(BodyField.MaxTokens)
            ? ApiError.InvalidRequest("The field 'max_tokens' is not taken here; use 'max_output_tokens'.", "max_tokens", "Rename it to max_output_tokens.")
            : null);

    private static ApiError? NotNeutral(RequestBody body) =>
        MustBeFalse(body, BodyField.Store, NothingStored)
        ?? MustBeFalse(body, BodyField.Background, "Use 'stream' for long answers.")
        ?? ServiceTier(body)
        ?? Truncation(body)
        ?? MustBeZero(body, BodyField.PresencePenalty)
        ?? MustBeZero(body, BodyField.FrequencyPenalty)
        ?? MustBeZero(body, BodyField.TopLogprobs);

    private static ApiError? Refuse(RequestBody body, BodyField field, string hint) =>
        body.Has(field) ? ApiError.UnsupportedCapability($"The field '{field.Name()}' is not supported; remove it.", field.Name(), hint) : null;

    private static ApiError? MustBeFalse(RequestBody body, BodyField field, string hint) =>
        body.Has(field) && body.KindOf(field) != JsonTokenType.False ? Neutral(field, "false", hint) : null;

    private static ApiError? MustBeZero(RequestBody body, BodyField field)
    {
        if (!body.Has(field))
            return null;
        var reader = body.Open(field);
        return reader.TokenType == JsonTokenType.Number && reader.TryGetDouble(out var value) && value == 0 ? null : Neutral(field, "0");
    }

    private static ApiError? ServiceTier(RequestBody body)
    {
        if (!body.Has(BodyField.ServiceTier))
            return null;
        var word = Word(body.Open(BodyField.ServiceTier), stackalloc char[JsonText.LongestWord]);
        return word switch
        {
            "auto" or "default" => null,
            "priority" => ApiError.UnsupportedCapability("The priority service tier is not offered; leave 'service_tier' out.", "service_tier"),
            _ => Neutral(BodyField.ServiceTier, "\"auto\" or \"default\""),
        };
    }

    private static ApiError? Truncation(RequestBody body) =>
        body.Has(BodyField.Truncation) && Word(body.Open(BodyField.Truncation), stackalloc char[JsonText.LongestWord]) is not "disabled"
            ? Neutral(BodyField.Truncation, "\"disabled\"")
            : null;

    private static ReadOnlySpan<char> Word(in Utf8JsonReader reader, Span<char> buffer) =>
        reader.TokenType == JsonTokenType.String ? JsonText.Word(reader, buffer) : [];

    private static ApiError Neutral(BodyField field, string value, string? hint = null) =>
        ApiError.InvalidRequest($"The field '{field.Name()}' may only be {value}; leave it out.", field.Name(), hint);
}
