using LlmTr.Xai.Catalogue;

namespace LlmTr.Api.OpenApi.Operations;

/// <summary>What the catalogue says of one kind of model, all on sale together.</summary>
internal sealed class OnSale(ModelCatalogue catalogue)
{
    /// <summary>The models of a kind.</summary>
    public IEnumerable<TModel> Of<TModel>()
        where TModel : CatalogueModel => catalogue.Models.OfType<TModel>().Where(static model => !model.Disabled);

    /// <summary>Their ids, for a sentence.</summary>
    public string Names<TModel>()
        where TModel : CatalogueModel => string.Join(", ", Of<TModel>().Select(static model => $"`{model.Id}`"));

    /// <summary>Everything that any of them takes, in the catalogue's order; one model may take less.</summary>
    public IReadOnlyList<TValue> Any<TModel, TValue>(Func<TModel, IEnumerable<TValue>> values)
        where TModel : CatalogueModel => [.. Of<TModel>().SelectMany(values).Distinct()];

    /// <summary>The largest that any of them takes; 0 where none is on sale.</summary>
    public long Most<TModel>(Func<TModel, long> value)
        where TModel : CatalogueModel => Of<TModel>().Select(value).DefaultIfEmpty().Max();

    /// <summary>The smallest that any of them takes; 0 where none is on sale.</summary>
    public long Least<TModel>(Func<TModel, long> value)
        where TModel : CatalogueModel => Of<TModel>().Select(value).DefaultIfEmpty().Min();
}
