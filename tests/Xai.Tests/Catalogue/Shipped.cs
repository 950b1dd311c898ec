using LlmTr.Xai.Catalogue;

namespace LlmTr.Xai.Tests.Catalogue;

/// <summary>The catalogue as it ships, and its models by short names.</summary>
internal static class Shipped
{
    public static readonly ModelCatalogue Catalogue = ModelCatalogue.Load(ModelCatalogue.ShippedPath);

    public static readonly TextModel Grok43 = Text("grok-4.3");
    public static readonly TextModel MultiAgent = Text("grok-4.20-multi-agent");
    public static readonly TextModel Reasoning = Text("grok-4.20-0309-reasoning");

    public static TextModel Text(string id) => Catalogue.TryFind(id, out var model) ? (TextModel)model : throw new InvalidOperationException(id);
}
