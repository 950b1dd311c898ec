using System.Buffers;
using System.Globalization;
using LlmTr.Api.Errors;
using LlmTr.Api.Metering;
using LlmTr.Api.Requests;
using LlmTr.Grains.Abstractions;
using LlmTr.Money;
using LlmTr.Xai.Pricing;
using LlmTr.Xai.Tokens;
using LlmTr.Xai.Wire;

namespace LlmTr.Api.Responses;

/// <summary>A request for text, on its way through a <see cref="MeteredCall"/>.</summary>
internal sealed class TextRequest(
    ResponsesRequest parsed, ITextFace face, PooledBody received, InputCeiling ceiling, MeteringOptions options, TimeProvider clock) : IMeteredRequest
{
    // What the gateway adds to a body: the model, store, and the cap.
    private const int AddedBytes = 256;

    private TextQuote _quote = parsed.Quote();
    private int _cap;

    public string Model => parsed.Model.Id;

    public string Endpoint => face.Endpoint;

    public string UpstreamPath => "/responses";

    public Quote Quote => new(
        _quote.Least, _quote.Most, _quote.AvailableDivisor,
        TokensAt(_quote.HeldOutputFor(_quote.Least)), TokensAt(_quote.HeldOutputFor(UsdTicks.Max(_quote.Least, WithinBudget(_quote.Most)))));

    public UsdTicks? Budget => parsed.MaxBudget;

    public CallLimits Limits => new(
        parsed.Stream ? options.StreamFirstByteLimit : options.TextLimit, options.IdleLimit, options.TextLimit, options.TextHoldLifetime);

    public bool RepeatsAtCapacity => true;

    public bool MustBeCounted => parsed.MustBeCounted;

    public Fingerprint BodyFingerprint => Fingerprint.Of(received.Bytes.Span);

    public ApiError? Count()
    {
        var refusal = parsed.Count(ceiling);
        _quote = parsed.Quote();
        return refusal;
    }

    public Func<HttpContent> Forward(UsdTicks granted, long grantedTokens)
    {
        // Of a cap that is the gateway's choice the smaller grant decides; one that is not was granted as it is.
        _cap = (int)Math.Min(_quote.CapFor(granted), (grantedTokens / parsed.Agents) - parsed.EstimatedInputTokens);
        var body = new ArrayBufferWriter<byte>(received.Bytes.Length + AddedBytes);
        parsed.WriteForwardBody(body, _cap);

        // The call may take an hour; what came is of no more use.
        received.ReturnBytes();
        return () => JsonContents.Of(body.WrittenMemory);
    }

    public async Task AnswerAsync(MeteredCall call, XaiReply reply)
    {
        var headers = call.Http.Response.Headers;
        if (parsed.MaxOutputTokens is null)
            headers["X-LLMTR-Max-Output-Tokens"] = _cap.ToString(CultureInfo.InvariantCulture);
        if (face.IgnoredFields.Count > 0)
            headers["X-LLMTR-Ignored-Fields"] = string.Join(", ", face.IgnoredFields);

        // Nothing compressed was asked for: what comes compressed all the same cannot be read as a stream.
        var content = reply.Response!.Content.Headers;
        var isStream = string.Equals(content.ContentType?.MediaType, "text/event-stream", StringComparison.OrdinalIgnoreCase) && content.ContentEncoding.Count == 0;
        if (parsed.Stream && isStream)
        {
            await using var stream = new TextStream(call, parsed.Model, _quote, Limits, new SseOutput(call.Http, options, clock), face);
            await stream.AnswerAsync(reply);
        }
        else
        {
            await new TextAnswer(call, parsed.Model, _quote, face).AnswerAsync(reply, answersStreamRequest: parsed.Stream);
        }
    }

    // Every agent reads the input and writes up to the cap.
    private long TokensAt(int output) => (parsed.EstimatedInputTokens + output) * parsed.Agents;

    private UsdTicks WithinBudget(UsdTicks amount) => Budget is { } budget ? UsdTicks.Min(amount, budget) : amount;
}
