using System.Text;
using System.Text.Json.Nodes;

using LlmTr.Xai.Catalogue;

namespace LlmTr.Xai.Tests.Catalogue;

/// <summary>The catalogue as it ships, and its models by short names.</summary>
internal static class Shipped
{
    public static readonly ModelCatalogue Catalogue = ModelCatalogue.Load(ModelCatalogue.ShippedPath);

    public static readonly TextModel Grok43 = Text("grok-4.3");
    public static readonly TextModel MultiAgent = Text("grok-4.20-multi-agent");
    public static readonly TextModel Reasoning = Text("grok-4.20-0309-reasoning");

    // No shipped model has several agents and keeps to the cap, but the catalogue could say so.
    public static readonly TextModel CappedMultiAgent = WithCap("xai/grok-4.20-multi-agent");

    public static TextModel Text(string id) => Catalogue.TryFind(id, out var model) ? (TextModel)model : throw new InvalidOperationException(id);

    public static TModel Of<TModel>(string id)
        where TModel : CatalogueModel =>
        Catalogue.TryFind(id, out var model) ? (TModel)model : throw new InvalidOperationException(id);

    private static TextModel WithCap(string id)
    {
        var file = JsonNode.Parse(File.ReadAllBytes(ModelCatalogue.ShippedPath))!;
        foreach (var model in file["models"]!.AsArray().Where(model => (string?)model!["kind"] == "text"))
            model!["ignores_max_output_tokens"] = false;
        return ModelCatalogue.Parse(Encoding.UTF8.GetBytes(file.ToJsonString()), "models.json").TryFind(id, out var found)
            ? (TextModel)found
            : throw new InvalidOperationException(id);
    }
}
