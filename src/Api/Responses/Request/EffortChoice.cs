using System.Text.Json;

using LlmTr.Api.Errors;
using LlmTr.Api.Requests.Json;
using LlmTr.Xai.Catalogue;

namespace LlmTr.Api.Responses;

/// <summary>Reads the effort: by the model's suffix, <c>reasoning.effort</c> or <c>reasoning_effort</c>. The body wins over the suffix.</summary>
internal static class EffortChoice
{
    /// <summary>The suffixes, for a complaint.</summary>
    public const string Suffixes = ":min, :low, :medium, :med, :high, :xhigh, :max";

    /// <summary>The level that a suffix means, without its colon, or null.</summary>
    public static EffortLevel? FromSuffix(ReadOnlySpan<char> suffix) => suffix switch
    {
        "min" => EffortLevel.None,
        "med" => EffortLevel.Medium,
        "max" => EffortLevel.XHigh,
        "low" or "medium" or "high" or "xhigh" => EffortLevels.FromWord(suffix),
        _ => null,
    };

    /// <summary>Finds the text model that is asked for, and the level that its suffix means.</summary>
    /// <param name="body">The request.</param>
    /// <param name="catalogue">What is sold.</param>
    /// <param name="endpoint">The gateway's path that was called.</param>
    /// <param name="model">The model; meaningless when an error is returned.</param>
    /// <param name="suffix">The level, or null without a suffix.</param>
    public static ApiError? Model(RequestBody<BodyField> body, ModelCatalogue catalogue, string endpoint, out TextModel model, out EffortLevel? suffix)
    {
        suffix = null;
        Span<char> buffer = stackalloc char[JsonText.LongestWord];
        if (ModelChoice.Find(body, BodyField.Model, catalogue, endpoint, buffer, out model, out var said) is { } wrong)
            return wrong;
        if (said.IsEmpty)
            return null;
        suffix = FromSuffix(said[1..]);
        return suffix is null
            ? ApiError.InvalidRequest($"Unknown suffix '{JsonText.Shown(said)}' of the model; it may be one of {Suffixes}.", "model")
            : null;
    }

    /// <summary>Finds the level that goes to xAI.</summary>
    /// <param name="body">The request.</param>
    /// <param name="model">The model, which must take the level.</param>
    /// <param name="suffix">What the model's suffix says.</param>
    /// <param name="effort">The level, or null to send none.</param>
    public static ApiError? Find(RequestBody<BodyField> body, TextModel model, EffortLevel? suffix, out EffortLevel? effort)
    {
        effort = null;
        if (FromReasoning(body, out var nested) is { } wrongReasoning)
            return wrongReasoning;
        if (FromFlatField(body, out var flat) is { } wrongFlat)
            return wrongFlat;
        if (nested is { } one && flat is { } other && one != other)
            return ApiError.InvalidRequest("The fields 'reasoning.effort' and 'reasoning_effort' say different things; send one of them.", "reasoning_effort");

        var asked = nested ?? flat ?? suffix;
        if (asked is { } level && !model.Effort.Takes(level))
            return Lacking(model, level, nested is not null ? "reasoning.effort" : flat is not null ? "reasoning_effort" : "model");
        effort = model.Effort.Sent(asked);
        return null;
    }

    private static ApiError? FromReasoning(RequestBody<BodyField> body, out EffortLevel? effort)
    {
        effort = null;
        if (!body.Has(BodyField.Reasoning))
            return null;
        var reader = body.Open(BodyField.Reasoning);
        if (reader.TokenType != JsonTokenType.StartObject)
            return ApiError.InvalidRequest("The field 'reasoning' must be an object.", "reasoning");

        var members = new MemberWalk();
        while (members.Next(ref reader))
        {
            if (members.Current == Member.Effort && reader.TokenType != JsonTokenType.Null && Level(reader, "reasoning.effort", out effort) is { } wrong)
                return wrong;
            reader.Skip();
        }

        return members.Repeated == Member.Effort ? ApiError.InvalidRequest("The field 'reasoning.effort' is there twice.", "reasoning.effort") : null;
    }

    private static ApiError? FromFlatField(RequestBody<BodyField> body, out EffortLevel? effort)
    {
        effort = null;
        return body.Has(BodyField.ReasoningEffort) ? Level(body.Open(BodyField.ReasoningEffort), "reasoning_effort", out effort) : null;
    }

    private static ApiError? Level(in Utf8JsonReader reader, string param, out EffortLevel? effort)
    {
        effort = null;
        if (reader.TokenType == JsonTokenType.String)
        {
            var word = JsonText.Word(reader, stackalloc char[JsonText.LongestWord]);
            effort = word is "minimal" ? EffortLevel.None : EffortLevels.FromWord(word);
        }

        return effort is null
            ? ApiError.InvalidRequest($"The field '{param}' must be one of none, minimal, low, medium, high, xhigh.", param)
            : null;
    }

    private static ApiError Lacking(TextModel model, EffortLevel level, string param)
    {
        var levels = string.Join(", ", model.Effort.Agents.Keys.Select(EffortLevels.ToWord));
        return ApiError.UnsupportedCapability(
            levels.Length == 0
                ? $"The model '{model.Id}' takes no effort; leave it out."
                : $"The model '{model.Id}' does not take effort '{level.ToWord()}'; it takes {levels}.",
            param);
    }
}
