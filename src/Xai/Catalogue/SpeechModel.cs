using System.Collections.Frozen;
using System.Collections.Immutable;
using LlmTr.Money;

namespace LlmTr.Xai.Catalogue;

/// <summary>
/// A model that speaks: <c>/v1/audio/speech</c> (xAI contract, section 7.1). xAI takes no <c>model</c> there, so the name is the gateway's own.
/// xAI was seen to replace an unknown voice in silence, so everything is judged by these lists before any money moves.
/// </summary>
public sealed class SpeechModel : CatalogueModel
{
    /// <summary>The price of one character. A character is a Unicode scalar value; how xAI counts is not known (xAI contract, section 11).</summary>
    public required UsdTicks PricePerCharacter { get; init; }

    /// <summary>The longest text in characters.</summary>
    public required int MostCharacters { get; init; }

    /// <summary>xAI's voices in lower case, the default first.</summary>
    public required ImmutableArray<string> Voices { get; init; }

    /// <summary>The operator's own names for voices, compared without case; empty as shipped. Each stands for one of <see cref="Voices"/>.</summary>
    public required FrozenDictionary<string, string> VoiceAliases { get; init; }

    /// <summary>The languages as xAI writes them, the default first.</summary>
    public required ImmutableArray<string> Languages { get; init; }

    /// <summary>The codecs, the default first: of <c>mp3</c>, <c>wav</c>, <c>pcm</c>, <c>mulaw</c>, <c>alaw</c>.</summary>
    public required ImmutableArray<string> Formats { get; init; }

    /// <summary>The sample rates in hertz.</summary>
    public required ImmutableArray<int> SampleRates { get; init; }

    /// <summary>The bit rates in bits a second, for mp3 only.</summary>
    public required ImmutableArray<int> BitRates { get; init; }

    /// <summary>The slowest speed in hundredths of the normal one.</summary>
    public required int LeastSpeedPercent { get; init; }

    /// <summary>The fastest speed in hundredths of the normal one.</summary>
    public required int MostSpeedPercent { get; init; }

    /// <summary>xAI's voice of a name, an alias or a voice without regard to case; null when there is none.</summary>
    public string? FindVoice(string name) =>
        VoiceAliases.TryGetValue(name, out var aliased)
            ? aliased
            : Voices.FirstOrDefault(voice => string.Equals(voice, name, StringComparison.OrdinalIgnoreCase));
}
