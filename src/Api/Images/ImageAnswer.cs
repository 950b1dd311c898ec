using System.Buffers;
using System.Text.Json;

using LlmTr.Api.Errors;
using LlmTr.Api.Metering;
using LlmTr.Grains.Abstractions;
using LlmTr.Money;
using LlmTr.Xai.Images;
using LlmTr.Xai.Refusals;
using LlmTr.Xai.Wire;

namespace LlmTr.Api.Images;

/// <summary>An answer with images: read to its end, measured, settled, and then delivered with its cost beside it.</summary>
internal sealed class ImageAnswer(MeteredCall call, ImageRequest request, TimeProvider clock)
{
    // Ten images of 2k in base64 are below; above it something is broken.
    private const int MostAnswerBytes = 192 * 1024 * 1024;

    // created, usage and what lies between.
    private const int AddedBytes = 256;

    public async Task AnswerAsync(XaiReply reply)
    {
        var response = reply.Response!;
        using var body = await BoundedBody.ReadAsync(await response.Content.ReadAsStreamAsync(call.Upstream), MostAnswerBytes, call.Upstream);
        call.StopUpstreamClock();
        var isJson = ImageReading.TryRead(body.Memory.Span, out var reading);

        // A connection that is lost between the last byte and the word that it was the last takes nothing away.
        if (body.End != BodyEnd.Complete && !(isJson && BelievedCost.Of(reading.Usage.Cost) is not null))
        {
            await call.WriteErrorAsync(await EndBrokenAsync(body));
            return;
        }

        if (!isJson)
        {
            await EndUnreadableAsync("a success whose body is not JSON");
            return;
        }

        if (reading.IsErrorEnvelope)
        {
            var status = (int)response.StatusCode;
            var refusal = XaiRefusal.Read(status, response.Content.Headers.ContentType?.MediaType, body.Memory.Span);
            await call.WriteErrorAsync(await call.EndRefusedAsync(refusal, status));
            return;
        }

        if (Measure(reading) is not { } measured)
        {
            await EndUnreadableAsync("a success without images and without a cost");
            return;
        }

        var settlement = await call.SettleAsync(measured.Cost, measured.Source, reading.Usage, StatusCodes.Status200OK);
        await DeliverAsync(reading, body.Memory, settlement.Charged, measured.Source);
    }

    // xAI's own number; without one that can be believed, the catalogue's price of the images that came and of those that they were made from.
    private (UsdTicks Cost, CostSource Source)? Measure(ImageReading reading)
    {
        if (BelievedCost.Of(reading.Usage.Cost) is { } reported)
            return (reported, CostSource.Provider);
        return reading.Images == 0
            ? null
            : (request.Model.Cost(request.Resolution, Math.Min(reading.Images, request.Count), request.Inputs.Length), CostSource.Catalogue);
    }

    private async Task EndUnreadableAsync(string reason)
    {
        await call.ReportUnreconciledAsync(reason, GatewayErrors.ProviderUnreadable.Status);
        await call.WriteErrorAsync(GatewayErrors.ProviderUnreadable);
    }

    // Its images were made, and xAI bills what it made: the estimate is what was asked for, which is what is held.
    private async Task<ApiError> EndBrokenAsync(BoundedBody body)
    {
        if (body.Memory.IsEmpty)
            return await call.EndUnansweredAsync("headers came, but nothing of the answer");
        var error = body.End == BodyEnd.Aborted ? GatewayErrors.ProviderTimeout with { Message = GatewayErrors.BrokenAnswer.Message } : GatewayErrors.BrokenAnswer;
        var settlement = await call.SettleAsync(UsdTicks.Min(request.Cost, call.Granted), CostSource.Estimate, default, error.Status);
        return error with { Details = [new("cost_usd", settlement.Charged.ToUsdString())] };
    }

    private async Task DeliverAsync(ImageReading reading, ReadOnlyMemory<byte> body, UsdTicks charged, CostSource source)
    {
        if (call.ClientLeft)
            return;
        var data = reading.Data.IsPresent ? body.Slice(reading.Data.Start, reading.Data.Length) : "[]"u8.ToArray();
        var (head, tail) = (new ArrayBufferWriter<byte>(AddedBytes), new ArrayBufferWriter<byte>(AddedBytes));
        head.Write("{\"created\":"u8);
        head.Write(JsonSerializer.SerializeToUtf8Bytes(clock.GetUtcNow().ToUnixTimeSeconds()));
        head.Write(",\"data\":"u8);
        tail.Write(",\"usage\":"u8);
        using (var json = new Utf8JsonWriter(tail, new JsonWriterOptions { SkipValidation = true }))
            CostShown.Write(json, charged, source);
        tail.Write("}"u8);

        var response = call.Http.Response;
        response.ContentType = "application/json";
        response.ContentLength = head.WrittenCount + data.Length + tail.WrittenCount;
        if (await call.DeliverAsync(head.WrittenMemory) && await call.DeliverAsync(data))
            await call.DeliverAsync(tail.WrittenMemory);
    }
}
