namespace LlmTr.Xai.Catalogue;

/// <summary>Reads a transcription model's entry in the catalogue file.</summary>
internal static class TranscriptionModelEntry
{
    // A week: longer than any file below 500 MB can be.
    private const int MostSecondsEver = 7 * 24 * 3600;

    public static TranscriptionModel Read(CatalogueFields model, string id)
    {
        var modalities = model.Object("modalities");
        var prices = model.Object("prices");
        var most = (int)model.Number("most_seconds", 1, MostSecondsEver);
        var transcription = new TranscriptionModel
        {
            Id = id,
            CreatedUnixSeconds = model.Created(),
            Disabled = model.Flag("disabled"),
            Endpoints = model.Endpoints(),
            InputModalities = modalities.Modalities("input", "audio"),
            OutputModalities = modalities.Modalities("output", "text"),
            PricePerHour = prices.Price("hour"),
            MostSeconds = most,
            UnknownLengthSeconds = (int)model.Number("unknown_length_seconds", 1, most),
        };
        modalities.Finish();
        prices.Finish();
        return transcription;
    }
}
