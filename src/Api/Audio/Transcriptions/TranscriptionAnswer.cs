using System.Buffers;
using System.Text.Json;
using LlmTr.Api.Audio.Transcriptions.Formats;
using LlmTr.Api.Errors;
using LlmTr.Api.Metering;
using LlmTr.Grains.Abstractions;
using LlmTr.Money;
using LlmTr.Xai.Audio;
using LlmTr.Xai.Refusals;
using LlmTr.Xai.Wire;

namespace LlmTr.Api.Audio.Transcriptions;

/// <summary>A transcript: read to its end, measured by the length that it names, settled, and then delivered with its cost.</summary>
internal sealed class TranscriptionAnswer(MeteredCall call, TranscriptionOrder order, TranscriptionLengths lengths)
{
    // A day of quick speech is about 200,000 words of 100 bytes each.
    private const int MostAnswerBytes = 64 * 1024 * 1024;

    public async Task AnswerAsync(XaiReply reply)
    {
        var response = reply.Response!;
        using var body = await BoundedBody.ReadAsync(await response.Content.ReadAsStreamAsync(call.Upstream), MostAnswerBytes, call.Upstream);
        call.StopUpstreamClock();
        var isJson = TranscriptReading.TryRead(body.Memory.Span, out var reading);

        // A connection that is lost between the last byte and the word that it was the last takes nothing away.
        if (body.End != BodyEnd.Complete && !(isJson && reading is { IsTranscript: true, Duration: not null }))
        {
            await call.WriteErrorAsync(await EndBrokenAsync(body));
            return;
        }

        if (!isJson || !(reading.IsTranscript || reading.IsErrorEnvelope))
        {
            await call.ReportUnreconciledAsync("a success that is no transcript", GatewayErrors.ProviderUnreadable.Status);
            await call.WriteErrorAsync(GatewayErrors.ProviderUnreadable);
            return;
        }

        if (reading.IsErrorEnvelope)
        {
            var status = (int)response.StatusCode;
            var refusal = XaiRefusal.Read(status, response.Content.Headers.ContentType?.MediaType, body.Memory.Span);
            await call.WriteErrorAsync(await call.EndRefusedAsync(refusal, status));
            return;
        }

        var (cost, source, length) = Measure(reading);
        var settlement = await call.SettleAsync(cost, source, reading.Usage, StatusCodes.Status200OK);
        await DeliverAsync(body.Memory, settlement.Charged, source, length);
    }

    private UsdTicks CostOf(AudioLength length) => length.CostAt(order.Model.PricePerHour);

    /// <summary>
    /// xAI names a length and no cost, so the catalogue's price of that length is charged, however far from the hold it is. A length that is missing, that the audio's own bytes
    /// refute, or that no file can have, is replaced by an estimate within the hold.
    /// </summary>
    private (UsdTicks Cost, CostSource Source, AudioLength Length) Measure(in TranscriptReading reading)
    {
        var isBelieved = reading.Duration is { } reported && lengths.Bears(reported) && CostOf(reported) <= BelievedCost.Most;
        var length = isBelieved ? reading.Duration!.Value : lengths.Estimate(reading.LastWordEnd);
        if (BelievedCost.Of(reading.Usage.Cost) is { } billed)
            return (billed, CostSource.Provider, length);
        return (CostOf(length), isBelieved ? CostSource.Catalogue : CostSource.Estimate, length);
    }

    private async Task<ApiError> EndBrokenAsync(BoundedBody body)
    {
        if (body.Memory.IsEmpty)
            return await call.EndUnansweredAsync("headers came, but nothing of the transcript");
        var error = body.End == BodyEnd.Aborted ? GatewayErrors.ProviderTimeout with { Message = GatewayErrors.BrokenAnswer.Message } : GatewayErrors.BrokenAnswer;
        var settlement = await call.SettleAsync(CostOf(lengths.Estimate(AudioLength.Zero)), CostSource.Estimate, default, error.Status);
        return error with { Details = [new("cost_usd", settlement.Charged.ToUsdString())] };
    }

    private async Task DeliverAsync(ReadOnlyMemory<byte> transcript, UsdTicks charged, CostSource source, AudioLength length)
    {
        if (call.ClientLeft)
            return;
        var response = call.Http.Response;
        if (order.IgnoredFields.Count > 0)
            response.Headers["X-LLMTR-Ignored-Fields"] = string.Join(", ", order.IgnoredFields);
        var answer = new ArrayBufferWriter<byte>(transcript.Length + (transcript.Length / 2) + 256);
        var usage = Usage(charged, source, length);
        if (order.ResponseFormat == TranscriptFormat.Json)
            TranscriptReading.Write(transcript.Span, usage, answer);
        else
            WrittenTranscript.Write(order.ResponseFormat, SpokenTranscript.Read(transcript.Span), length, usage, answer);
        response.ContentType = WrittenTranscript.ContentTypeOf(order.ResponseFormat);
        response.ContentLength = answer.WrittenCount;
        await call.DeliverAsync(answer.WrittenMemory);
    }

    private static ReadOnlySpan<byte> Usage(UsdTicks charged, CostSource source, AudioLength length)
    {
        var usage = new ArrayBufferWriter<byte>(160);
        using (var json = new Utf8JsonWriter(usage))
        {
            json.WriteStartObject();
            json.WriteString("type"u8, "duration"u8);
            json.WritePropertyName("seconds"u8);
            json.WriteRawValue(length.ToSecondsString());
            json.WriteNumber("cost_in_usd_ticks"u8, charged.Value);
            json.WriteString("cost_usd"u8, charged.ToUsdString());
            json.WriteString("cost_source"u8, source switch
            {
                CostSource.Provider => "provider"u8,
                CostSource.Catalogue => "catalogue"u8,
                _ => "estimate"u8,
            });
            json.WriteEndObject();
        }

        return usage.WrittenSpan;
    }
}
