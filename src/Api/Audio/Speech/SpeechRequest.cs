using System.Buffers;
using LlmTr.Api.Metering;
using LlmTr.Api.Requests;
using LlmTr.Grains.Abstractions;
using LlmTr.Money;
using LlmTr.Xai.Wire;

namespace LlmTr.Api.Audio.Speech;

/// <summary>A request for speech, on its way through a <see cref="MeteredCall"/>.</summary>
internal sealed class SpeechRequest(SpeechOrder order, PooledBody received, AudioOptions audio, MeteringServices metering) : IMeteredRequest
{
    private readonly MeteringOptions _options = metering.Options;

    public string Model => order.Model.Id;

    public string Endpoint => order.Path;

    public string UpstreamPath => "/tts";

    public Quote Quote => new(order.Cost, order.Cost, AvailableDivisor: 1);

    public UsdTicks? Budget => order.MaxBudget;

    // The hold ends with the first byte of audio, which may come as late as an answer and a silence after it.
    public CallLimits Limits => new(
        _options.MediaLimit,
        _options.IdleLimit,
        audio.SpeechLimit,
        _options.HoldFreshness + audio.SpeechLimit + _options.SettleRetries + TimeSpan.FromSeconds(30));

    public bool RepeatsAtCapacity => false;

    public Fingerprint BodyFingerprint => Fingerprint.Of(received.Bytes.Span);

    public Func<HttpContent> Forward(UsdTicks granted, long grantedTokens)
    {
        var body = new ArrayBufferWriter<byte>(received.Bytes.Length + 256);
        order.WriteForwardBody(body);
        received.ReturnBytes();
        var written = body.WrittenMemory;
        return () => JsonContents.Of(written);
    }

    public Task AnswerAsync(MeteredCall call, XaiReply reply) => new SpeechAnswer(call, order, Limits, metering.Logger).AnswerAsync(reply);
}
