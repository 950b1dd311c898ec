using System.Text.Json;
using LlmTr.Api.Errors;
using LlmTr.Api.Metering;
using LlmTr.Grains.Abstractions;
using LlmTr.Money;
using LlmTr.Xai.Catalogue;
using LlmTr.Xai.Pricing;
using LlmTr.Xai.Refusals;
using LlmTr.Xai.Responses;
using LlmTr.Xai.Wire;

namespace LlmTr.Api.Responses;

/// <summary>What an answer cost, and who said so.</summary>
internal readonly record struct MeasuredCost(UsdTicks Cost, CostSource Source)
{
    /// <summary>
    /// xAI's own number; without one that can be believed, the catalogue's price of what xAI counted; null where it counted nothing.
    /// </summary>
    public static MeasuredCost? Of(TextModel model, ReportedUsage usage)
    {
        if (BelievedCost.Of(usage.Cost) is { } reported)
            return new MeasuredCost(reported, CostSource.Provider);

        // Counts beyond any context are as broken as a cost beyond any price.
        const long mostTokens = TextModel.MostTokens;
        if (usage is { InputTokens: { } input and <= mostTokens, OutputTokens: { } output and <= mostTokens })
            return new MeasuredCost(TextCost.Of(model, new TokenUsage(input, usage.CachedTokens ?? 0, output)), CostSource.Catalogue);
        return null;
    }
}

/// <summary>A whole answer: read to its end, measured, settled, and then delivered byte for byte but for the model's name.</summary>
internal sealed class TextAnswer(MeteredCall call, TextModel model, TextQuote quote)
{
    // Four times the largest answer that 128,000 tokens can make, with its reasoning echoed; above it something is broken.
    private const int MostAnswerBytes = 64 * 1024 * 1024;

    public async Task AnswerAsync(XaiReply reply, bool answersStreamRequest)
    {
        var response = reply.Response!;
        using var body = await BoundedBody.ReadAsync(await response.Content.ReadAsStreamAsync(call.Upstream), MostAnswerBytes, call.Upstream);
        call.StopUpstreamClock();
        if (body.End != BodyEnd.Complete)
        {
            await call.WriteErrorAsync(await EndBrokenAsync(body));
            return;
        }

        if (!ResponseReading.TryReadBody(body.Memory.Span, out var reading))
        {
            await call.ReportUnreconciledAsync("a success whose body is not JSON", GatewayErrors.ProviderUnreadable.Status);
            await call.WriteErrorAsync(GatewayErrors.ProviderUnreadable);
            return;
        }

        // In place of a stream, JSON is an answer only where it says that it is one; usage says so too.
        if (reading.IsErrorEnvelope || (answersStreamRequest && reading.Status != ResponseStatus.Completed && !reading.Usage.IsPresent))
        {
            var status = (int)response.StatusCode;
            var refusal = XaiRefusal.Read(status, response.Content.Headers.ContentType?.MediaType, body.Memory.Span);
            await call.WriteErrorAsync(await call.EndRefusedAsync(refusal, status));
            return;
        }

        call.CheckServerSideTools(reading.Usage);
        await EndAsync(reading, body.Memory.Length);
        await DeliverAsync(reading, body.Memory);
    }

    private Task EndAsync(ResponseReading reading, int bodyBytes)
    {
        if (MeasuredCost.Of(model, reading.Usage) is { } measured)
            return call.SettleAsync(measured.Cost, measured.Source, reading.Usage, StatusCodes.Status200OK);

        // Failed in xAI's own words, with neither cost nor usage: it refused, only late.
        if (reading.Status == ResponseStatus.Failed)
            return call.ReleaseAsync("failed at xAI without a cost", StatusCodes.Status200OK);
        return call.SettleAsync(
            quote.EstimateOfBrokenStream(bodyBytes, 0, call.Granted), CostSource.Estimate, reading.Usage, StatusCodes.Status200OK);
    }

    private async Task<ApiError> EndBrokenAsync(BoundedBody body)
    {
        if (body.Memory.IsEmpty)
            return await call.EndUnansweredAsync("headers came, but nothing of the answer");
        var error = body.End == BodyEnd.Aborted ? GatewayErrors.ProviderTimeout with { Message = GatewayErrors.BrokenAnswer.Message } : GatewayErrors.BrokenAnswer;
        var settlement = await call.SettleAsync(
            quote.EstimateOfBrokenStream(body.Memory.Length, 0, call.Granted), CostSource.Estimate, default, error.Status);
        return error with { Details = [new("cost_usd", settlement.Charged.ToUsdString())] };
    }

    private async Task DeliverAsync(ResponseReading reading, ReadOnlyMemory<byte> body)
    {
        if (call.ClientLeft)
            return;
        var publicId = JsonEncodedText.Encode(model.Id);
        var response = call.Http.Response;
        response.ContentType = "application/json";
        response.ContentLength = body.Length - reading.Model.Length + (reading.Model.IsPresent ? publicId.EncodedUtf8Bytes.Length + 2 : 0);
        ModelRewrite.WriteBody(body.Span, reading, publicId, response.BodyWriter);
        await response.BodyWriter.FlushAsync(call.Http.RequestAborted);
    }
}
