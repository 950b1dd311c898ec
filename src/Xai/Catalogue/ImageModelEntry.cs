namespace LlmTr.Xai.Catalogue;

/// <summary>Reads an image model's entry in the catalogue file.</summary>
internal static class ImageModelEntry
{
    public static ImageModel Read(CatalogueFields model, string id)
    {
        var modalities = model.Object("modalities");
        var prices = model.Object("prices");
        var output = prices.PricesByName("output");
        var input = prices.PricesByName("input_image");
        if (!output.Select(price => price.Key).SequenceEqual(input.Select(price => price.Key)))
            throw prices.Wrong("input_image", "must have a price at the same resolutions as 'output', in the same order");
        var image = new ImageModel
        {
            Id = id,
            UpstreamModel = model.Text("upstream_model"),
            CreatedUnixSeconds = model.Created(),
            Disabled = model.Flag("disabled"),
            Endpoints = model.Endpoints(),
            InputModalities = modalities.Modalities("input", "text", "image"),
            OutputModalities = modalities.Modalities("output", "image"),
            OutputPrices = output,
            InputPrices = input,
            Resolutions = [.. output.Select(price => price.Key)],
            MostOutputImages = (int)model.Number("most_output_images", 1, ImageModel.MostImages),
            MostInputImages = (int)model.Number("most_input_images", 1, ImageModel.MostImages),
            AspectRatios = model.AspectRatios(),
        };
        modalities.Finish();
        prices.Finish();
        return image;
    }
}
