using LlmTr.Api.Metering;
using LlmTr.Grains.Abstractions;
using LlmTr.Money;
using LlmTr.Xai.Audio;
using LlmTr.Xai.Wire;

namespace LlmTr.Api.Audio.Transcriptions;

/// <summary>A request for a transcription, on its way through a <see cref="MeteredCall"/>.</summary>
internal sealed class TranscriptionRequest(
    TranscriptionOrder order, SpooledAudio file, string? fileName, TranscriptionLengths lengths, Fingerprint fingerprint, MeteringOptions options) : IMeteredRequest
{
    private readonly UsdTicks _most = lengths.Held.CostAt(order.Model.PricePerHour);

    public string Model => order.Model.Id;

    public string Endpoint => order.Path;

    public string UpstreamPath => "/stt";

    public Quote Quote => new(_most, _most, AvailableDivisor: 1);

    public UsdTicks? Budget => order.MaxBudget;

    public CallLimits Limits => new(options.MediaLimit, options.IdleLimit, options.MediaLimit, options.MediaHoldLifetime);

    // A repeated POST is a second bill.
    public bool RepeatsAtCapacity => false;

    public Fingerprint BodyFingerprint => fingerprint;

    public Func<HttpContent> Forward(UsdTicks granted, long grantedTokens) => () => TranscriptionForm.Of(order, file, fileName);

    public Task AnswerAsync(MeteredCall call, XaiReply reply) => new TranscriptionAnswer(call, order, lengths).AnswerAsync(reply);
}
