using System.Collections.Frozen;
using System.Collections.Immutable;

namespace LlmTr.Xai.Catalogue;

/// <summary>Reads a speech model's entry in the catalogue file.</summary>
internal static class SpeechModelEntry
{
    private static readonly string[] Codecs = ["mp3", "wav", "pcm", "mulaw", "alaw"];

    public static SpeechModel Read(CatalogueFields model, string id)
    {
        var modalities = model.Object("modalities");
        var prices = model.Object("prices");
        var speed = model.Object("speed_percent");
        var voices = model.Texts("voices", voice => ModelEntry.IsWord(voice) && !voice.Any(char.IsAsciiLetterUpper), "words of lower-case letters, digits and dashes");
        var mostSpeed = (int)speed.Number("most", 1, 1000);
        var speech = new SpeechModel
        {
            Id = id,
            CreatedUnixSeconds = model.Created(),
            Disabled = model.Flag("disabled"),
            Endpoints = model.Endpoints(),
            InputModalities = modalities.Modalities("input", "text"),
            OutputModalities = modalities.Modalities("output", "audio"),
            PricePerCharacter = prices.Price("character"),
            MostCharacters = (int)model.Number("most_characters", 1, 1_000_000),
            Voices = voices,
            VoiceAliases = ReadAliases(model.Object("voice_aliases"), voices),
            Languages = model.Words("languages"),
            Formats = model.Texts("formats", format => Codecs.Contains(format, StringComparer.Ordinal), "formats of mp3, wav, pcm, mulaw and alaw"),
            SampleRates = model.Numbers("sample_rates", 1, 1_000_000),
            BitRates = model.Numbers("bit_rates", 1, 10_000_000),
            LeastSpeedPercent = (int)speed.Number("least", 1, mostSpeed),
            MostSpeedPercent = mostSpeed,
        };
        modalities.Finish();
        prices.Finish();
        speed.Finish();
        return speech;
    }

    private static FrozenDictionary<string, string> ReadAliases(CatalogueFields aliases, ImmutableArray<string> voices)
    {
        var read = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (var alias in aliases.Names())
        {
            var voice = aliases.Text(alias);
            if (!voices.Contains(voice))
                throw aliases.Wrong(alias, "must be one of the voices");
            if (alias.Length == 0 || !read.TryAdd(alias, voice))
                throw aliases.Wrong(alias, "must be a name that is there once, whatever its case");
        }

        return read.ToFrozenDictionary(StringComparer.OrdinalIgnoreCase);
    }
}
