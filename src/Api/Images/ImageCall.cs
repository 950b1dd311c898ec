using System.Buffers;

using LlmTr.Api.Metering;
using LlmTr.Api.Requests;
using LlmTr.Grains.Abstractions;
using LlmTr.Money;
using LlmTr.Xai.Wire;

namespace LlmTr.Api.Images;

/// <summary>A request for images, on its way through a <see cref="MeteredCall"/>.</summary>
internal sealed class ImageCall(ImageRequest parsed, PooledBody received, MeteringOptions options, TimeProvider clock) : IMeteredRequest
{
    // What the gateway adds to a body: model, n, resolution and format.
    private const int AddedBytes = 256;

    public string Model => parsed.Model.Id;

    public string Endpoint => parsed.Endpoint;

    public string UpstreamPath => parsed.Endpoint["/v1".Length..];

    public Quote Quote => new(parsed.Cost, parsed.Cost, AvailableDivisor: 1);

    public UsdTicks? Budget => parsed.MaxBudget;

    public CallLimits Limits => new(options.MediaLimit, options.IdleLimit, options.MediaLimit, options.MediaHoldLifetime);

    // xAI makes and bills an image for every POST that it takes; only an attempt that never left is repeated.
    public bool RepeatsAtCapacity => false;

    // A moderated image is billed (xAI contract, sections 1.4 and 5.4). Whether all that were asked for are, where one was refused, nobody knows; all are held for.
    public UsdTicks? CostOfRefusedResult => parsed.Cost;

    public Fingerprint BodyFingerprint => Fingerprint.Of(received.Bytes.Span);

    public Func<HttpContent> Forward(UsdTicks granted, long grantedTokens)
    {
        var body = new ArrayBufferWriter<byte>(received.Bytes.Length + AddedBytes);
        parsed.WriteForwardBody(body);
        received.ReturnBytes();
        return () => JsonContents.Of(body.WrittenMemory);
    }

    public Task AnswerAsync(MeteredCall call, XaiReply reply) => new ImageAnswer(call, parsed, clock).AnswerAsync(reply);
}
