using System.Buffers;
using LlmTr.Api.Errors;
using LlmTr.Api.Metering;
using LlmTr.Grains.Abstractions;
using LlmTr.Xai.Refusals;
using LlmTr.Xai.Responses;
using LlmTr.Xai.Wire;

namespace LlmTr.Api.Audio.Speech;

/// <summary>
/// Audio, passed on as it comes.
/// <code>
/// 200 and audio ─► first piece ─► settle ─► headers with the cost ─► pieces …
/// </code>
/// The cost is known beforehand and xAI bills the text, so the charge stands whatever becomes of the audio behind the first piece: a client that leaves ends the
/// call at once, and where xAI breaks off the client's connection breaks off too, so that half a file never looks like a whole one.
/// </summary>
internal sealed partial class SpeechAnswer(MeteredCall call, SpeechOrder order, CallLimits limits, ILogger logger)
{
    private const int PieceBytes = 32 * 1024;
    private const int MostErrorBytes = 256 * 1024;

    private readonly ILogger _logger = logger;

    public async Task AnswerAsync(XaiReply reply)
    {
        var content = reply.Response!.Content;
        await using var audio = await content.ReadAsStreamAsync(call.Upstream);
        if (!IsAudio(content))
        {
            await EndWithoutAudioAsync(reply.Response, audio);
            return;
        }

        var piece = ArrayPool<byte>.Shared.Rent(PieceBytes);
        try
        {
            var (read, _) = await ReadAsync(audio, piece);
            call.StopUpstreamClock();
            if (read == 0)
            {
                await call.WriteErrorAsync(await call.EndUnansweredAsync("headers of audio came, but none of it"));
                return;
            }

            await call.SettleAsync(order.Cost, CostSource.Catalogue, default, StatusCodes.Status200OK);
            call.Http.Response.ContentType = ContentType(content);
            await PassOnAsync(audio, piece, read);
            call.StopUpstreamClock();
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(piece);
        }
    }

    private static bool IsAudio(HttpContent content) =>
        content.Headers.ContentEncoding.Count == 0
        && content.Headers.ContentType?.MediaType is { } type
        && (type.StartsWith("audio/", StringComparison.OrdinalIgnoreCase) || type.Equals("application/octet-stream", StringComparison.OrdinalIgnoreCase));

    // Only mp3's was seen (xAI contract, section 7.1): where xAI says nothing better the usual names stand in.
    private string ContentType(HttpContent content) => content.Headers.ContentType!.MediaType is { } type && type.StartsWith("audio/", StringComparison.OrdinalIgnoreCase)
        ? type
        : order.Format switch
        {
            "mp3" => "audio/mpeg",
            "wav" => "audio/wav",
            "pcm" => "audio/pcm",
            _ => "audio/basic",
        };

    private async Task PassOnAsync(Stream audio, byte[] piece, int read)
    {
        // At most one piece is here at any time: xAI waits while the client is slow.
        for (var broken = false; ;)
        {
            if (!await WriteAsync(piece.AsMemory(0, read)))
                return;
            call.Arm(limits.Idle);
            (read, broken) = await ReadAsync(audio, piece);
            if (broken)
            {
                LogBroken(call.Id);
                call.Http.Abort();
            }

            if (read == 0)
                return;
        }
    }

    private async Task<(int Read, bool Broken)> ReadAsync(Stream audio, byte[] piece)
    {
        try
        {
            return (await audio.ReadAsync(piece.AsMemory(0, PieceBytes), call.Upstream), false);
        }
        catch (Exception exception) when (exception is IOException or HttpRequestException or OperationCanceledException)
        {
            return (0, true);
        }
    }

    /// <summary>Sends one piece; false when the client is gone, or does not take it in time.</summary>
    private Task<bool> WriteAsync(ReadOnlyMemory<byte> piece)
    {
        call.Arm(limits.Total);
        return call.DeliverAsync(piece, call.Upstream);
    }

    /// <summary>Ends the hold of a success that is no audio: an error in xAI's own words is a refusal, anything else nobody can read.</summary>
    private async Task EndWithoutAudioAsync(HttpResponseMessage response, Stream stream)
    {
        using var body = await BoundedBody.ReadAsync(stream, MostErrorBytes, call.Upstream);
        call.StopUpstreamClock();
        if (body.End == BodyEnd.Complete && ResponseReading.TryReadBody(body.Memory.Span, out var reading) && reading.IsErrorEnvelope)
        {
            var status = (int)response.StatusCode;
            var refusal = XaiRefusal.Read(status, response.Content.Headers.ContentType?.MediaType, body.Memory.Span);
            await call.WriteErrorAsync(await call.EndRefusedAsync(refusal, status));
            return;
        }

        await call.ReportUnreconciledAsync("a success that is no audio", GatewayErrors.ProviderUnreadable.Status);
        await call.WriteErrorAsync(GatewayErrors.ProviderUnreadable);
    }

    [LoggerMessage(LogLevel.Warning, "Request {Id}: xAI's audio broke off after it was charged; the client's connection was cut, so that it does not take it for whole.")]
    private partial void LogBroken(RequestId id);
}
