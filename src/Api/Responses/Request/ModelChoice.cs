using System.Text.Json;

using LlmTr.Api.Errors;
using LlmTr.Xai.Catalogue;

namespace LlmTr.Api.Responses;

/// <summary>Reads <c>model</c>: which model it names, and which effort by its suffix.</summary>
internal static class ModelChoice
{
    /// <summary>Finds the text model that is asked for at an endpoint.</summary>
    /// <param name="body">The request.</param>
    /// <param name="catalogue">What is sold.</param>
    /// <param name="endpoint">The gateway's path that was called.</param>
    /// <param name="model">The model; meaningless when an error is returned.</param>
    /// <param name="suffix">The effort that the suffix means, or null without one.</param>
    public static ApiError? Find(RequestBody body, ModelCatalogue catalogue, string endpoint, out TextModel model, out EffortLevel? suffix)
    {
        model = null!;
        suffix = null;
        if (!body.Has(BodyField.Model))
            return ApiError.InvalidRequest("The field 'model' is missing; name a model, such as 'xai/grok-4.3'.", "model");

        var reader = body.Open(BodyField.Model);
        if (reader.TokenType != JsonTokenType.String)
            return ApiError.InvalidRequest("The field 'model' must be a string.", "model");
        var name = JsonText.Word(reader, stackalloc char[JsonText.LongestWord]);
        var colon = name.IndexOf(':');
        var id = colon < 0 ? name : name[..colon];

        if (!catalogue.TryFind(id, out var found))
        {
            return catalogue.TryFindRetired(id, out var retired)
                ? ApiError.ModelRetired(Prefixed(id), retired)
                : ApiError.ModelNotFound($"The model '{JsonText.Shown(reader)}' does not exist. {OnSale(catalogue, endpoint)}");
        }

        if (found.Disabled)
            return ApiError.ModelNotFound($"The model '{found.Id}' is not on sale at present. {OnSale(catalogue, endpoint)}");
        if (found is not TextModel text || !text.Serves(endpoint))
            return ApiError.UnsupportedOperation(found, endpoint);

        model = text;
        if (colon < 0)
            return null;
        suffix = EffortChoice.FromSuffix(name[(colon + 1)..]);
        return suffix is null
            ? ApiError.InvalidRequest($"Unknown suffix in model '{JsonText.Shown(reader)}'; it may be one of {EffortChoice.Suffixes}.", "model")
            : null;
    }

    private static string OnSale(ModelCatalogue catalogue, string endpoint) =>
        $"On sale here: {string.Join(", ", catalogue.Models.Where(model => !model.Disabled && model.Serves(endpoint)).Select(model => model.Id))}.";

    private static string Prefixed(ReadOnlySpan<char> id) =>
        id.StartsWith(CatalogueModel.IdPrefix, StringComparison.Ordinal) ? id.ToString() : $"{CatalogueModel.IdPrefix}{id}";
}
