namespace LlmTr.Xai.Catalogue;

/// <summary>Reads a video model's entry in the catalogue file.</summary>
internal static class VideoModelEntry
{
    public static VideoModel Read(CatalogueFields model, string id)
    {
        var modalities = model.Object("modalities");
        var prices = model.Object("prices");
        var perSecond = prices.PricesByName("per_second");
        var most = (int)model.Number("most_seconds", 1, VideoModel.MostSecondsEver);
        var least = (int)model.Number("least_seconds", 1, most);
        var video = new VideoModel
        {
            Id = id,
            UpstreamModel = model.Text("upstream_model"),
            CreatedUnixSeconds = model.Created(),
            Disabled = model.Flag("disabled"),
            Endpoints = model.Endpoints(),
            InputModalities = modalities.Modalities("input", "text", "image"),
            OutputModalities = modalities.Modalities("output", "video"),
            PricesPerSecond = perSecond,
            InputImagePrice = prices.Price("input_image"),
            Resolutions = [.. perSecond.Select(price => price.Key)],
            LeastSeconds = least,
            MostSeconds = most,
            DefaultSeconds = (int)model.Number("default_seconds", least, most),
            AspectRatios = model.AspectRatios(),
        };
        modalities.Finish();
        prices.Finish();
        return video;
    }
}
