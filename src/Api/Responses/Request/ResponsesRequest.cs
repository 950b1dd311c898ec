using System.Buffers;
using System.Diagnostics.CodeAnalysis;

using LlmTr.Api.Errors;
using LlmTr.Api.Requests.Json;
using LlmTr.Money;
using LlmTr.Xai.Catalogue;
using LlmTr.Xai.Pricing;
using LlmTr.Xai.Tokens;

namespace LlmTr.Api.Responses;

/// <summary>
/// A valid request to <c>/v1/responses</c>, and what of it goes to xAI. Parsing is a pure function of the body's bytes, which this object
/// keeps and does not copy: they must stay untouched until the last <see cref="WriteForwardBody"/>. It never throws, whatever the bytes.
/// </summary>
public sealed class ResponsesRequest : IInputText
{
    /// <summary>The gateway's path for this kind of request.</summary>
    public const string Endpoint = "/v1/responses";

    private readonly RequestBody<BodyField> _body;
    private readonly ToolForm _tools;
    private readonly ImageTally _images;
    private readonly long _estimate;

    private ResponsesRequest(RequestBody<BodyField> body, ToolForm tools, TextModel model, ImageTally images)
    {
        (_body, _tools, Model, _images) = (body, tools, model, images);
        IgnoredFields = UnforwardedFields.Ignored(body);
        EstimatedInputTokens = _estimate = TokenEstimate.Of(model, TextBytes(body) - images.Bytes, images.Count);
    }

    /// <summary>The model that answers; its <see cref="CatalogueModel.Id"/> is the public id that the reply shows.</summary>
    public TextModel Model { get; }

    /// <summary>The effort that is sent, or null where xAI's own default holds.</summary>
    public EffortLevel? Effort { get; private init; }

    /// <summary>How many agents work on the request, 1 but on multi-agent models.</summary>
    public int Agents { get; private init; }

    /// <summary>True when the answer is to be streamed.</summary>
    public bool Stream { get; private init; }

    /// <summary>The caller's own <c>max_output_tokens</c>; null when the gateway chooses the cap.</summary>
    public int? MaxOutputTokens { get; private init; }

    /// <summary>The most that the caller wants to pay, above zero; null without such a limit. It is not forwarded.</summary>
    public UsdTicks? MaxBudget { get; private init; }

    /// <summary>The input in tokens, as money is held for it: the cheap estimate, or of a long input what a sample or a count of it says where that is more.</summary>
    public long EstimatedInputTokens { get; private set; }

    /// <summary>True when only <see cref="Count"/> can tell whether the model takes so long an input: it must not go on before.</summary>
    public bool MustBeCounted { get; private set; }

    /// <summary>Names of the fields in the body that were ignored, for <c>X-LLMTR-Ignored-Fields</c>.</summary>
    public IReadOnlyList<string> IgnoredFields { get; }

    /// <summary>Reads, checks and measures a request.</summary>
    /// <param name="body">The whole body, UTF-8.</param>
    /// <param name="catalogue">What is sold.</param>
    /// <param name="ceiling">Measures the input's length; only an input that may reach its model's ceiling, or the prices of a long context, costs time.</param>
    /// <param name="request">The request, when it is valid.</param>
    /// <param name="refusal">Why it is not, when it is not.</param>
    public static bool TryParse(
        ReadOnlyMemory<byte> body,
        ModelCatalogue catalogue,
        InputCeiling ceiling,
        [NotNullWhen(true)] out ResponsesRequest? request,
        [NotNullWhen(false)] out ApiError? refusal)
    {
        ArgumentNullException.ThrowIfNull(catalogue);
        ArgumentNullException.ThrowIfNull(ceiling);
        ResponsesRequest? parsed = null;
        refusal = RequestBody<BodyField>.Read(body, out var fields)
            ?? UnforwardedFields.Check(fields)
            ?? Read(fields, ToolForm.Flat, Endpoint, catalogue, ceiling, out parsed);
        request = refusal is null ? parsed : null;
        return request is not null;
    }

    /// <summary>Checks and measures the fields of a request, those that are forwarded or for the gateway alone.</summary>
    /// <param name="fields">The fields; any others are not looked at.</param>
    /// <param name="tools">How functions are written in them.</param>
    /// <param name="endpoint">The path that was called.</param>
    /// <param name="catalogue">What is sold.</param>
    /// <param name="ceiling">Measures the input's length.</param>
    /// <param name="request">The request; meaningless when an error is returned.</param>
    /// <returns>The refusal, or null.</returns>
    internal static ApiError? Read(
        RequestBody<BodyField> fields, ToolForm tools, string endpoint, ModelCatalogue catalogue, InputCeiling ceiling, out ResponsesRequest? request) =>
        Parse(fields, tools, endpoint, catalogue, out request) ?? request!.Judge(ceiling.Measure(request.Model, request._estimate, request));

    /// <summary>Counts the input, which takes up to a second of a core: to be called where <see cref="MustBeCounted"/>, few at one time.</summary>
    /// <param name="ceiling">What counts.</param>
    /// <returns>The refusal of an input that is too long, or null.</returns>
    public ApiError? Count(InputCeiling ceiling)
    {
        ArgumentNullException.ThrowIfNull(ceiling);
        return Judge(ceiling.Count(Model, _estimate, this));
    }

    /// <summary>What this request is expected to cost at most.</summary>
    public TextQuote Quote() => TextQuote.For(Model, EstimatedInputTokens, MaxOutputTokens, Agents);

    /// <summary>Writes the body that xAI gets. It may be written again for a retry.</summary>
    /// <param name="writer">Where to.</param>
    /// <param name="maxOutputTokens">The cap that the hold covers, <see cref="TextQuote.CapFor"/>; at least 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">The cap is below 1.</exception>
    public void WriteForwardBody(IBufferWriter<byte> writer, int maxOutputTokens)
    {
        ArgumentNullException.ThrowIfNull(writer);
        ArgumentOutOfRangeException.ThrowIfLessThan(maxOutputTokens, 1);
        ForwardBody.Write(_body, _tools, Model, Effort, maxOutputTokens, writer);
    }

    /// <inheritdoc/>
    public long Chars => InputReading.CharsOf(_body) - _images.Bytes;

    /// <inheritdoc/>
    public int SeedOf(ReadOnlySpan<byte> secret) => InputReading.SeedOf(_body, secret);

    /// <inheritdoc/>
    public void AddTo(IInputTally tally)
    {
        ArgumentNullException.ThrowIfNull(tally);
        tally.AddTokens((long)_images.Count * Model.TokensPerImage);
        InputReading.AddTo(_body, tally);
    }

    private static ApiError? Parse(
        RequestBody<BodyField> body, ToolForm tools, string endpoint, ModelCatalogue catalogue, out ResponsesRequest? request)
    {
        request = null;
        var images = new ImageTally();
        EffortLevel? effort = null;
        int? maxOutputTokens = null;
        UsdTicks? maxBudget = null;
        var stream = false;
        var refusal = EffortChoice.Model(body, catalogue, endpoint, out var model, out var suffix)
            ?? EffortChoice.Find(body, model, suffix, out effort)
            ?? ScalarFields.MaxOutputTokens(body, model, out maxOutputTokens)
            ?? body.Budget(BodyField.MaxBudgetUsd, out maxBudget)
            ?? body.Flag(BodyField.Stream, out stream)
            ?? ScalarFields.Check(body, model)
            ?? (tools == ToolForm.Nested ? ChatTools.Check(body, model) : ToolFields.Check(body, model))
            ?? TextFormat.Check(body)
            ?? Conversation(body, model, ref images);
        if (refusal is not null)
            return refusal;

        request = new ResponsesRequest(body, tools, model, images)
        {
            Effort = effort,
            Agents = model.Effort.AgentsAt(effort),
            Stream = stream,
            MaxOutputTokens = maxOutputTokens,
            MaxBudget = maxBudget,
        };
        return null;
    }

    private static ApiError? Conversation(RequestBody<BodyField> body, TextModel model, ref ImageTally images) =>
        (body.Has(BodyField.Input), body.Has(BodyField.Messages)) switch
        {
            (true, true) => ApiError.InvalidRequest("The fields 'input' and 'messages' say the same thing; send one of them.", "messages"),
            (false, false) => ApiError.InvalidRequest("The field 'input' is missing; send a string or a list of items.", "input"),
            (true, false) => InputItems.Check(body, model, ref images),
            (false, true) => ChatMessages.Check(body, model, ref images),
        };

    private ApiError? Judge(InputLength length)
    {
        (EstimatedInputTokens, MustBeCounted) = (length.Tokens, length.Verdict == LengthVerdict.MustBeCounted);
        return length.Verdict != LengthVerdict.TooLong ? null : ApiError.RequestTooLarge(
            $"The input is longer than {Model.InputCeilingTokens} tokens, the most that '{Model.Id}' takes. Shorten it.", _body.Has(BodyField.Input) ? "input" : "messages");
    }

    private static long TextBytes(RequestBody<BodyField> body) =>
        (long)body.TextBytes(BodyField.Input)
        + body.TextBytes(BodyField.Messages)
        + body.TextBytes(BodyField.Instructions)
        + body.TextBytes(BodyField.Tools)
        + body.TextBytes(BodyField.Text)
        + body.TextBytes(BodyField.ResponseFormat);
}
