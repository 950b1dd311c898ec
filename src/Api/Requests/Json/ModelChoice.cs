using System.Text.Json;

using LlmTr.Api.Errors;
using LlmTr.Xai.Catalogue;

namespace LlmTr.Api.Requests.Json;

/// <summary>Reads <c>model</c>: which model it names.</summary>
internal static class ModelChoice
{
    /// <summary>Finds the model of one kind that is asked for at an endpoint.</summary>
    /// <param name="body">The request.</param>
    /// <param name="field">The field that names the model.</param>
    /// <param name="catalogue">What is sold.</param>
    /// <param name="endpoint">The gateway's path that was called.</param>
    /// <param name="model">The model; meaningless when an error is returned.</param>
    public static ApiError? Find<TField, TModel>(RequestBody<TField> body, TField field, ModelCatalogue catalogue, string endpoint, out TModel model)
        where TField : struct, Enum
        where TModel : CatalogueModel
    {
        model = null!;
        if (Name(body, field, catalogue, endpoint, stackalloc char[JsonText.LongestWord], out var name) is { } wrong)
            return wrong;
        return Find(name, name, catalogue, endpoint, out model);
    }

    /// <summary>Finds the model as above, and splits off the suffix behind its colon.</summary>
    /// <param name="body">The request.</param>
    /// <param name="field">The field that names the model.</param>
    /// <param name="catalogue">What is sold.</param>
    /// <param name="endpoint">The gateway's path that was called.</param>
    /// <param name="buffer">Where the name is written, of <see cref="JsonText.LongestWord"/> characters.</param>
    /// <param name="model">The model; meaningless when an error is returned.</param>
    /// <param name="suffix">The suffix with its colon, or nothing.</param>
    public static ApiError? Find<TField, TModel>(
        RequestBody<TField> body, TField field, ModelCatalogue catalogue, string endpoint, Span<char> buffer, out TModel model, out ReadOnlySpan<char> suffix)
        where TField : struct, Enum
        where TModel : CatalogueModel
    {
        model = null!;
        suffix = default;
        if (Name(body, field, catalogue, endpoint, buffer, out var name) is { } wrong)
            return wrong;
        var colon = name.IndexOf(':');
        suffix = colon < 0 ? default : name[colon..];
        return Find(colon < 0 ? name : name[..colon], name, catalogue, endpoint, out model);
    }

    /// <summary>Finds the model of one kind by its name.</summary>
    /// <param name="id">The id, with or without its prefix.</param>
    /// <param name="said">What the caller said, to show in a complaint; empty when it is too long.</param>
    /// <param name="catalogue">What is sold.</param>
    /// <param name="endpoint">The gateway's path that was called.</param>
    /// <param name="model">The model; meaningless when an error is returned.</param>
    public static ApiError? Find<TModel>(ReadOnlySpan<char> id, ReadOnlySpan<char> said, ModelCatalogue catalogue, string endpoint, out TModel model)
        where TModel : CatalogueModel
    {
        model = null!;
        if (!catalogue.TryFind(id, out var found))
        {
            return catalogue.TryFindRetired(id, out var retired)
                ? ApiError.ModelRetired(Prefixed(id), retired)
                : ApiError.ModelNotFound($"The model '{JsonText.Shown(said)}' does not exist. {OnSale(catalogue, endpoint)}");
        }

        if (found.Disabled)
            return ApiError.ModelNotFound($"The model '{found.Id}' is not on sale at present. {OnSale(catalogue, endpoint)}");
        if (found is not TModel kind || !found.Serves(endpoint))
            return ApiError.UnsupportedOperation(found, endpoint);
        model = kind;
        return null;
    }

    /// <summary>The model of one kind at a path that names none: the first on sale.</summary>
    /// <param name="catalogue">What is sold.</param>
    /// <param name="endpoint">The path by which the catalogue knows what the model does.</param>
    /// <param name="model">The model; meaningless when an error is returned.</param>
    public static ApiError? Only<TModel>(ModelCatalogue catalogue, string endpoint, out TModel model)
        where TModel : CatalogueModel
    {
        model = catalogue.Models.OfType<TModel>().FirstOrDefault(known => !known.Disabled && known.Serves(endpoint))!;
        return model is null ? ApiError.ModelNotFound("No model of this kind is on sale at present.") : null;
    }

    private static ApiError? Name<TField>(
        RequestBody<TField> body, TField field, ModelCatalogue catalogue, string endpoint, Span<char> buffer, out ReadOnlySpan<char> name)
        where TField : struct, Enum
    {
        name = default;
        if (!body.Has(field))
            return Missing(catalogue, endpoint);
        var reader = body.Open(field);
        if (reader.TokenType != JsonTokenType.String)
            return ApiError.InvalidRequest("The field 'model' must be a string.", "model");
        if (reader.ValueSpan.IsEmpty)
            return ApiError.ModelNotFound($"The field 'model' is empty. {OnSale(catalogue, endpoint)}");
        name = JsonText.Word(reader, buffer);
        return null;
    }

    /// <summary>The refusal of a request that names no model.</summary>
    public static ApiError Missing(ModelCatalogue catalogue, string endpoint) => ApiError.InvalidRequest(
        $"The field 'model' is missing; name a model, such as '{catalogue.Models.FirstOrDefault(model => model.Serves(endpoint))?.Id}'.", "model");

    private static string OnSale(ModelCatalogue catalogue, string endpoint) =>
        $"On sale here: {string.Join(", ", catalogue.Models.Where(model => !model.Disabled && model.Serves(endpoint)).Select(model => model.Id))}.";

    /// <summary>The id with its prefix.</summary>
    public static string Prefixed(ReadOnlySpan<char> id) =>
        id.StartsWith(CatalogueModel.IdPrefix, StringComparison.Ordinal) ? id.ToString() : $"{CatalogueModel.IdPrefix}{id}";
}
