using Microsoft.OpenApi;

namespace LlmTr.Api.OpenApi.Operations;

/// <summary>What images, videos and voices have in common.</summary>
internal static class MediaShapes
{
    /// <summary>The cost inside an answer's usage.</summary>
    public static (string Name, OpenApiSchema Schema)[] Cost =>
    [
        ("cost_in_usd_ticks", Shape.Whole("What was charged; 1 USD is 10,000,000,000 ticks.", 0)),
        ("cost_usd", Shape.Text("The same in USD, exact.", pattern: @"^[0-9]+(\.[0-9]+)?$")),
        ("cost_source", Shape.Word("Who said so.", "provider", "catalogue", "estimate", "operator")),
    ];

    public static OpenApiSchema Model<TModel>(OnSale sale)
        where TModel : Xai.Catalogue.CatalogueModel =>
        Shape.Text($"One of {sale.Names<TModel>()}; the prefix xai/ may be left out.", least: 1);

    /// <summary>An image that something starts from.</summary>
    /// <param name="nullIsAbsent">Whether null stands for a member that is not there.</param>
    public static OpenApiSchema Image(bool nullIsAbsent)
    {
        var (type, address) = (Shape.Word("", "image_url"), Shape.Text("An https URL, or a data URI of a PNG, JPEG or WebP of at most 10 MiB.", least: 9));
        return Shape.Open(
            "An image: {\"url\"}, {\"type\":\"image_url\",\"url\"} or {\"image_url\"}.",
            [],
            ("type", nullIsAbsent ? Shape.OrNull(type) : type),
            ("url", nullIsAbsent ? Shape.OrNull(address) : address),
            ("image_url", new OpenApiSchema { Description = "The same under another name." }));
    }
}
