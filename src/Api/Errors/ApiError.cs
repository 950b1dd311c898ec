using LlmTr.Xai.Catalogue;

namespace LlmTr.Api.Errors;

/// <summary>A refusal or failure as the customer sees it: what the error envelope of every route is written from.</summary>
/// <param name="Status">The HTTP status, 400 to 599.</param>
/// <param name="Type">The machine-readable word of the error table, which the envelope's <c>code</c> repeats.</param>
/// <param name="Message">A sentence that says what was wrong and what to do. Never a key, a prompt or an answer.</param>
/// <param name="Param">The field at fault, as in <c>input[2].content[0].type</c>; null where it is not a field.</param>
/// <param name="Details">More to say, in order: texts, numbers or lists of texts by name; null where there is nothing.</param>
public sealed record ApiError(int Status, string Type, string Message, string? Param = null, IReadOnlyList<KeyValuePair<string, object>>? Details = null)
{
    /// <summary>Where the customer can read on; relative to the gateway.</summary>
    private const string DocsUrl = "/docs";

    /// <summary>400: not JSON, or a field that is missing, unknown, of a wrong type or out of range.</summary>
    public static ApiError InvalidRequest(string message, string? param = null, string? hint = null) =>
        new(StatusCodes.Status400BadRequest, "invalid_request_error", message, param, Hint(hint));

    /// <summary>400: something that xAI or OpenAI has and this gateway, or this model, has not.</summary>
    public static ApiError UnsupportedCapability(string message, string? param = null, string? hint = null) =>
        new(StatusCodes.Status400BadRequest, "unsupported_capability", message, param, Hint(hint));

    /// <summary>400: the model exists but does not serve this endpoint. The details name the endpoint that does.</summary>
    public static ApiError UnsupportedOperation(CatalogueModel model, string attemptedEndpoint)
    {
        ArgumentNullException.ThrowIfNull(model);
        var suggested = model.Endpoints[0];
        return new(
            StatusCodes.Status400BadRequest,
            "unsupported_operation",
            $"The model '{model.Id}' does not serve {attemptedEndpoint}. Send it to {suggested}.",
            "model",
            [
                new("param", "model"),
                new("model", model.Id),
                new("attempted_endpoint", attemptedEndpoint),
                new("supported_endpoints", model.Endpoints.ToArray()),
                new("suggested_endpoint", suggested),
                new("hint", $"Use a model that serves {attemptedEndpoint}, or send this one to {suggested}."),
                new("docs_url", DocsUrl),
            ]);
    }

    /// <summary>404: no such model, or one that is off sale.</summary>
    public static ApiError ModelNotFound(string message) => new(StatusCodes.Status404NotFound, "model_not_found", message, "model");

    /// <summary>410: a model that was sold once.</summary>
    /// <param name="model">The id that was asked for, with its prefix and without suffix.</param>
    /// <param name="retired">What became of it.</param>
    public static ApiError ModelRetired(string model, RetiredModel retired)
    {
        ArgumentNullException.ThrowIfNull(retired);
        var date = retired.RetirementDate.ToString("yyyy-MM-dd", null);
        return new(
            StatusCodes.Status410Gone,
            "model_retired",
            $"The model '{model}' was retired on {date}. Use '{retired.ReplacementModel}'.",
            "model",
            [new("model", model), new("replacement_model", retired.ReplacementModel), new("retirement_date", date)]);
    }

    /// <summary>413: the body, or the input in tokens, is above its limit.</summary>
    public static ApiError RequestTooLarge(string message, string? param = null) =>
        new(StatusCodes.Status413PayloadTooLarge, "request_too_large", message, param);

    private static KeyValuePair<string, object>[]? Hint(string? hint) => hint is null ? null : [new("hint", hint)];
}
