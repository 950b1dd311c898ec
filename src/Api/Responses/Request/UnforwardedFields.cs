using LlmTr.Api.Errors;
using LlmTr.Api.Requests.Json;

namespace LlmTr.Api.Responses;

/// <summary>The fields that never reach xAI: accepted only at the value that changes nothing, ignored, or refused by name.</summary>
internal static class UnforwardedFields
{
    private const string NothingStored = "Nothing is stored here: send the whole conversation as 'input'.";
    private const string NoServerTools = "Tools that run at the provider are not offered; define function tools and run them yourself.";

    private static readonly BodyField[] Hints = [BodyField.Metadata, BodyField.StreamOptions, BodyField.PromptCacheRetention, BodyField.MaxToolCalls];

    /// <summary>Checks the fields that are refused by name or accepted at one value only.</summary>
    public static ApiError? Check(RequestBody<BodyField> body) => Refused(body) ?? NotNeutral(body);

    /// <summary>The names of the hints in the body that change neither answer nor price, for the customer to see.</summary>
    public static IReadOnlyList<string> Ignored(RequestBody<BodyField> body)
    {
        List<string>? ignored = null;
        foreach (var field in Hints)
        {
            if (body.Has(field))
                (ignored ??= new(Hints.Length)).Add(field.Name());
        }

        return ignored ?? (IReadOnlyList<string>)[];
    }

    private static ApiError? Refused(RequestBody<BodyField> body) =>
        body.Refused(BodyField.PreviousResponseId, NothingStored)
        ?? body.Refused(BodyField.Conversation, NothingStored)
        ?? body.Refused(BodyField.Prompt, NothingStored)
        ?? body.Refused(BodyField.ContextManagement, "Shorten the conversation in the client.")
        ?? body.Refused(BodyField.SearchParameters, NoServerTools)
        ?? body.Refused(BodyField.WebSearchOptions, NoServerTools)
        ?? (body.Has(BodyField.MaxTokens)
            ? ApiError.InvalidRequest("The field 'max_tokens' is not taken here; use 'max_output_tokens'.", "max_tokens", "Rename it to max_output_tokens.")
            : null);

    private static ApiError? NotNeutral(RequestBody<BodyField> body) =>
        body.OnlyFalse(BodyField.Store, NothingStored)
        ?? body.OnlyFalse(BodyField.Background, "Use 'stream' for long answers.")
        ?? ServiceTier(body)
        ?? body.OnlyWord(BodyField.Truncation, "disabled")
        ?? body.OnlyZero(BodyField.PresencePenalty)
        ?? body.OnlyZero(BodyField.FrequencyPenalty)
        ?? body.OnlyZero(BodyField.TopLogprobs);

    private static ApiError? ServiceTier(RequestBody<BodyField> body) =>
        body.Word(BodyField.ServiceTier, stackalloc char[JsonText.LongestWord]) is "priority"
            ? ApiError.UnsupportedCapability("The priority service tier is not offered; leave 'service_tier' out.", "service_tier")
            : body.OnlyWord(BodyField.ServiceTier, "auto", "default");
}
