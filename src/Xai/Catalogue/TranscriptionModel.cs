using LlmTr.Money;

namespace LlmTr.Xai.Catalogue;

/// <summary>
/// A model that writes down speech: <c>/v1/audio/transcriptions</c> (xAI contract, section 7.2). xAI's own <c>model</c> field there is optional and its sources disagree
/// about it, so it is not sent: the name is the gateway's own.
/// </summary>
public sealed class TranscriptionModel : CatalogueModel
{
    /// <summary>The price of an hour of audio. It is charged by the second's fraction, rounded up to a tick; xAI's own rounding is not known.</summary>
    public required UsdTicks PricePerHour { get; init; }

    /// <summary>The length in seconds that is held for where neither the audio's header nor the caller says one.</summary>
    public required int UnknownLengthSeconds { get; init; }

    /// <summary>The longest audio in seconds that a request may state or its header may say; more is refused.</summary>
    public required int MostSeconds { get; init; }
}
