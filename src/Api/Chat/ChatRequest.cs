using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using LlmTr.Api.Errors;
using LlmTr.Api.Requests.Json;
using LlmTr.Api.Responses;
using LlmTr.Xai.Catalogue;
using LlmTr.Xai.Tokens;

namespace LlmTr.Api.Chat;

/// <summary>
/// A valid chat completion, and the request to <c>/v1/responses</c> that it means. Parsing is a pure function of the body's bytes, which this object keeps
/// and does not copy. It never throws, whatever the bytes.
/// </summary>
internal sealed class ChatRequest
{
    /// <summary>The gateway's path for this kind of request.</summary>
    public const string Endpoint = "/v1/chat/completions";

    // Each value means the same on both sides; functions, whose form differs, are turned around where they are forwarded.
    private static readonly (ChatField From, BodyField To)[] Names =
    [
        (ChatField.Model, BodyField.Model),
        (ChatField.Messages, BodyField.Messages),
        (ChatField.Tools, BodyField.Tools),
        (ChatField.ToolChoice, BodyField.ToolChoice),
        (ChatField.ParallelToolCalls, BodyField.ParallelToolCalls),
        (ChatField.ResponseFormat, BodyField.ResponseFormat),
        (ChatField.Stream, BodyField.Stream),
        (ChatField.ReasoningEffort, BodyField.ReasoningEffort),
        (ChatField.Temperature, BodyField.Temperature),
        (ChatField.TopP, BodyField.TopP),
        (ChatField.Stop, BodyField.Stop),
        (ChatField.User, BodyField.User),
        (ChatField.SafetyIdentifier, BodyField.SafetyIdentifier),
        (ChatField.PromptCacheKey, BodyField.PromptCacheKey),
        (ChatField.MaxBudgetUsd, BodyField.MaxBudgetUsd),
    ];

    private static readonly (ChatField From, BodyField To)[] WithMaxTokens = [.. Names, (ChatField.MaxTokens, BodyField.MaxOutputTokens)];

    private static readonly (ChatField From, BodyField To)[] WithMaxCompletionTokens = [.. Names, (ChatField.MaxCompletionTokens, BodyField.MaxOutputTokens)];

    private ChatRequest(ResponsesRequest text, bool includesUsage, IReadOnlyList<string> ignoredFields) =>
        (Text, IncludesUsage, IgnoredFields) = (text, includesUsage, ignoredFields);

    /// <summary>What is forwarded and paid for.</summary>
    public ResponsesRequest Text { get; }

    /// <summary>True when a stream is to tell its usage: <c>stream_options.include_usage</c>.</summary>
    public bool IncludesUsage { get; }

    /// <summary>Names of the fields in the body that were ignored.</summary>
    public IReadOnlyList<string> IgnoredFields { get; }

    /// <summary>Reads, checks and measures a request.</summary>
    /// <param name="body">The whole body, UTF-8.</param>
    /// <param name="catalogue">What is sold.</param>
    /// <param name="ceiling">Judges the input's length.</param>
    /// <param name="request">The request, when it is valid.</param>
    /// <param name="refusal">Why it is not, when it is not; it names the field as it stands in a chat completion.</param>
    public static bool TryParse(
        ReadOnlyMemory<byte> body,
        ModelCatalogue catalogue,
        InputCeiling ceiling,
        [NotNullWhen(true)] out ChatRequest? request,
        [NotNullWhen(false)] out ApiError? refusal)
    {
        ResponsesRequest? text = null;
        var includesUsage = false;
        refusal = RequestBody<ChatField>.Read(body, out var fields)
            ?? UntranslatedFields.Check(fields)
            ?? NoMessages(fields)
            ?? IncludeUsage(fields, out includesUsage)
            ?? TwoCaps(fields)
            ?? Translated(fields, catalogue, ceiling, out text);
        request = refusal is null ? new ChatRequest(text!, includesUsage, UntranslatedFields.Ignored(fields)) : null;
        return request is not null;
    }

    private static ApiError? Translated(RequestBody<ChatField> fields, ModelCatalogue catalogue, InputCeiling ceiling, out ResponsesRequest? text)
    {
        var cap = fields.Has(ChatField.MaxTokens) ? ChatField.MaxTokens : ChatField.MaxCompletionTokens;
        var translated = fields.As<BodyField>(cap == ChatField.MaxTokens ? WithMaxTokens : WithMaxCompletionTokens);
        var refusal = ResponsesRequest.Read(translated, ToolForm.Nested, Endpoint, catalogue, ceiling, out text);

        // The one field whose name is another on the other side.
        var foreign = BodyField.MaxOutputTokens.Name();
        return refusal?.Param == foreign
            ? refusal with { Param = cap.Name(), Message = refusal.Message.Replace(foreign, cap.Name(), StringComparison.Ordinal) }
            : refusal;
    }

    private static ApiError? NoMessages(RequestBody<ChatField> fields) =>
        fields.Has(ChatField.Messages) ? null : ApiError.InvalidRequest("The field 'messages' is missing; send a list of messages.", "messages");

    private static ApiError? TwoCaps(RequestBody<ChatField> fields) =>
        fields.Has(ChatField.MaxTokens) && fields.Has(ChatField.MaxCompletionTokens)
            && !fields.Raw(ChatField.MaxTokens).SequenceEqual(fields.Raw(ChatField.MaxCompletionTokens))
            ? ApiError.InvalidRequest("The fields 'max_tokens' and 'max_completion_tokens' say different things; send one of them.", "max_tokens")
            : null;

    private static ApiError? IncludeUsage(RequestBody<ChatField> fields, out bool includesUsage)
    {
        includesUsage = false;
        if (!fields.Has(ChatField.StreamOptions))
            return null;
        var reader = fields.Open(ChatField.StreamOptions);
        if (reader.TokenType != JsonTokenType.StartObject)
            return FieldChecks.Wrong(ChatField.StreamOptions, "must be an object");
        var members = new MemberWalk();
        while (members.Next(ref reader))
        {
            if (members.Current == Member.IncludeUsage)
            {
                if (reader.TokenType is not (JsonTokenType.True or JsonTokenType.False or JsonTokenType.Null))
                    return ApiError.InvalidRequest("The field 'stream_options.include_usage' must be true or false.", "stream_options.include_usage");
                includesUsage = reader.TokenType == JsonTokenType.True;
            }

            reader.Skip();
        }

        return members.Repeated == Member.IncludeUsage
            ? ApiError.InvalidRequest("'include_usage' is there twice.", "stream_options.include_usage")
            : null;
    }
}
