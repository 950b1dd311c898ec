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

/// <summary>A whole answer: read to its end, measured, settled, and then delivered in the words of its face.</summary>
internal sealed class TextAnswer(MeteredCall call, TextModel model, TextQuote quote, ITextFace face)
{
    // Four times the largest answer that 128,000 tokens can make, with its reasoning echoed; above it something is broken.
    private const int MostAnswerBytes = 64 * 1024 * 1024;

    public async Task AnswerAsync(XaiReply reply, bool answersStreamRequest)
    {
        var response = reply.Response!;
        using var body = await BoundedBody.ReadAsync(await response.Content.ReadAsStreamAsync(call.Upstream), MostAnswerBytes, call.Upstream);
        call.StopUpstreamClock();
        var isJson = ResponseReading.TryReadBody(body.Memory.Span, out var reading);

        // A connection that is lost between the last byte and the word that it was the last takes nothing away.
        if (body.End != BodyEnd.Complete && !(isJson && reading.Usage.IsPresent))
        {
            await call.WriteErrorAsync(await EndBrokenAsync(body));
            return;
        }

        if (!isJson)
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
        if (reading.Status == ResponseStatus.Failed && await RefusedAsync(reading, body.Memory))
            return;

        var charge = await EndAsync(reading, body.Memory.Length, StatusCodes.Status200OK);
        if (call.ClientLeft)
            return;
        face.Write(call.Http.Response, body.Memory.Span, reading, charge);
        await call.DeliverAsync();
    }

    /// <summary>Ends the hold; gives what is charged, or null.</summary>
    private async Task<MeasuredCost?> EndAsync(ResponseReading reading, int bodyBytes, int statusCode)
    {
        var cost = MeasuredCost.Of(model, reading.Usage);

        // Failed in xAI's own words, with neither cost nor usage: it refused, only late.
        if (cost is null && reading.Status == ResponseStatus.Failed)
        {
            await call.EndFreeAsync("failed at xAI without a cost", reading.Usage.Cost, statusCode);
            return null;
        }

        var measured = cost ?? new MeasuredCost(quote.EstimateOfBrokenStream(bodyBytes, 0, call.Granted), CostSource.Estimate);
        return measured with { Cost = (await call.SettleAsync(measured.Cost, measured.Source, reading.Usage, statusCode)).Charged };
    }

    /// <summary>Answers with an error in place of a response that failed; false where the response itself may be shown.</summary>
    private async Task<bool> RefusedAsync(ResponseReading reading, ReadOnlyMemory<byte> body)
    {
        var refusal = XaiRefusal.ReadEvent(body.Span);
        call.NoteRefusal(refusal.Kind, StatusCodes.Status200OK);
        if (face.ShowsFailedResponses && !RefusalMapping.SpeaksOfThePlatform(refusal.Kind))
            return false;
        var charge = await EndAsync(reading, body.Length, RefusalMapping.ToError(refusal, StatusCodes.Status200OK).Status);
        await call.WriteErrorAsync(RefusalMapping.ToError(refusal, StatusCodes.Status200OK, charge?.Cost ?? UsdTicks.Zero));
        return true;
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
}
