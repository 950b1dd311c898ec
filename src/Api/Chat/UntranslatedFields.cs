using System.Text.Json;
using LlmTr.Api.Errors;
using LlmTr.Api.Requests.Json;

namespace LlmTr.Api.Chat;

/// <summary>The fields that have no counterpart in what is forwarded: accepted only at the value that changes nothing, ignored, or refused by name.</summary>
internal static class UntranslatedFields
{
    private const string NoServerTools = "Tools that run at the provider are not offered; define function tools and run them yourself.";
    private const string NoLogprobs = "The models report no log probabilities.";

    private static readonly ChatField[] Hints = [ChatField.Seed, ChatField.Metadata, ChatField.PromptCacheRetention];

    /// <summary>Checks the fields that are refused by name or accepted at one value only.</summary>
    public static ApiError? Check(RequestBody<ChatField> body) => Refused(body) ?? NotNeutral(body);

    /// <summary>The names of the hints in the body, for the customer to see.</summary>
    public static IReadOnlyList<string> Ignored(RequestBody<ChatField> body)
    {
        List<string>? ignored = null;
        foreach (var field in Hints)
        {
            if (body.Has(field))
                (ignored ??= new(Hints.Length)).Add(field.Name());
        }

        return ignored ?? (IReadOnlyList<string>)[];
    }

    private static ApiError? Refused(RequestBody<ChatField> body) =>
        body.Refused(ChatField.Functions, "Use 'tools'.")
        ?? body.Refused(ChatField.FunctionCall, "Use 'tool_choice'.")
        ?? body.Refused(ChatField.Audio, "The answer is text; /v1/audio/speech speaks it.")
        ?? body.Refused(ChatField.Prediction, "No model of this gateway takes predicted output.")
        ?? body.Refused(ChatField.WebSearchOptions, NoServerTools)
        ?? body.Refused(ChatField.SearchParameters, NoServerTools);

    private static ApiError? NotNeutral(RequestBody<ChatField> body) =>
        OnlyOne(body)
        ?? body.OnlyFalse(ChatField.Store, "Nothing is stored here.")
        ?? body.OnlyFalse(ChatField.Logprobs, NoLogprobs)
        ?? body.OnlyZero(ChatField.TopLogprobs)
        ?? OnlyEmpty(body)
        ?? OnlyText(body)
        ?? body.OnlyWord(ChatField.Verbosity, "medium")
        ?? body.OnlyZero(ChatField.PresencePenalty)
        ?? body.OnlyZero(ChatField.FrequencyPenalty)
        ?? ServiceTier(body);

    private static ApiError? OnlyOne(RequestBody<ChatField> body)
    {
        if (!body.Has(ChatField.N))
            return null;
        var reader = body.Open(ChatField.N);
        return reader.TokenType == JsonTokenType.Number && reader.TryGetInt32(out var count) && count == 1
            ? null
            : FieldChecks.Neutral(ChatField.N, "1", "Send the request once for each answer.");
    }

    private static ApiError? OnlyEmpty(RequestBody<ChatField> body)
    {
        if (!body.Has(ChatField.LogitBias))
            return null;
        var reader = body.Open(ChatField.LogitBias);
        return reader.TokenType == JsonTokenType.StartObject && reader.Read() && reader.TokenType == JsonTokenType.EndObject
            ? null
            : FieldChecks.Neutral(ChatField.LogitBias, "{}");
    }

    private static ApiError? OnlyText(RequestBody<ChatField> body)
    {
        if (!body.Has(ChatField.Modalities))
            return null;
        var reader = body.Open(ChatField.Modalities);
        return reader.TokenType == JsonTokenType.StartArray
            && reader.Read() && reader.TokenType == JsonTokenType.String && reader.ValueTextEquals("text"u8)
            && reader.Read() && reader.TokenType == JsonTokenType.EndArray
            ? null
            : FieldChecks.Neutral(ChatField.Modalities, "[\"text\"]", "The answer is text; /v1/audio/speech speaks it.");
    }

    private static ApiError? ServiceTier(RequestBody<ChatField> body) =>
        body.Word(ChatField.ServiceTier, stackalloc char[JsonText.LongestWord]) is "priority"
            ? ApiError.UnsupportedCapability("The priority service tier is not offered; leave 'service_tier' out.", "service_tier")
            : body.OnlyWord(ChatField.ServiceTier, "auto", "default");
}
