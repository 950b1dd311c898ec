using System.Globalization;
using LlmTr.Api.Errors;
using LlmTr.Api.Hosting;
using LlmTr.Api.Keys;
using LlmTr.Api.Metering;
using LlmTr.Api.Requests;
using LlmTr.Api.Requests.Forms;
using LlmTr.Api.Requests.Json;
using LlmTr.Grains.Abstractions;
using LlmTr.Xai.Audio;
using LlmTr.Xai.Catalogue;

namespace LlmTr.Api.Audio.Transcriptions;

/// <summary><c>POST /v1/audio/transcriptions</c>, and <c>POST /v1/stt</c> as xAI's clients know it.</summary>
internal static class TranscriptionEndpoint
{
    private const long MaxJsonBytes = 32 * 1024 * 1024;

    // Larger uploads are taken only of a key that its account knows.
    private const long UncheckedBytes = 1024 * 1024;

    /// <summary>Maps the routes.</summary>
    public static void MapTranscriptions(this IEndpointRouteBuilder routes)
    {
        routes.MapMetered(TranscriptionOrder.Endpoint, static (http, key) => HandleAsync(http, key, TranscriptionOrder.Endpoint));
        routes.MapMetered(TranscriptionOrder.XaiEndpoint, static (http, key) => HandleAsync(http, key, TranscriptionOrder.XaiEndpoint));
    }

    private static async Task HandleAsync(HttpContext http, PresentedKey key, string path)
    {
        var services = http.RequestServices;
        var metering = services.GetRequiredService<MeteringServices>();
        var options = services.GetRequiredService<AudioOptions>();
        if (await RefusedUnseenAsync(http, key, metering))
            return;

        SpooledAudio file;
        try
        {
            file = services.GetRequiredService<AudioSpool>().Open(http.GetRequestIdText(), hashed: http.Request.Headers.ContainsKey("Idempotency-Key"));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            await ErrorWriter.WriteAsync(http, AudioErrors.NotStored);
            return;
        }

        await using (file)
        {
            var (taken, error) = await TakeInAsync(http, path, file, options, metering.Clock);
            if (taken is null)
            {
                await ErrorWriter.WriteAsync(http, error!);
                return;
            }

            var request = new TranscriptionRequest(taken.Order, file, taken.FileName, taken.Lengths, taken.Fingerprint, metering.Options);
            using var call = new MeteredCall(http, key, request, metering);
            await call.RunAsync();
        }
    }

    /// <summary>Answers a large upload of a key that is none, before it takes any disk.</summary>
    private static async Task<bool> RefusedUnseenAsync(HttpContext http, PresentedKey key, MeteringServices metering)
    {
        if (!Form.IsForm(http.Request) || http.Request.ContentLength <= UncheckedBytes)
            return false;
        var (told, account) = await metering.Accounts.ReadAsync(key.KeyId, key.Secret, http.RequestAborted);
        if (account is not null)
            return false;
        await ErrorWriter.WriteAsync(http, told ? GatewayErrors.Unauthenticated : GatewayErrors.AccountsUnavailable);
        return true;
    }

    private static async Task<(Taken? Taken, ApiError? Error)> TakeInAsync(HttpContext http, string path, SpooledAudio file, AudioOptions options, TimeProvider clock)
    {
        var stopping = http.RequestServices.GetRequiredService<GracefulStop>().Leaving;
        using var limit = new CancellationTokenSource(options.UploadLimit, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, stopping, http.RequestAborted);
        try
        {
            return Form.IsForm(http.Request) ? await TakeFormAsync(http, path, file, either.Token) : await TakeJsonAsync(http, path, file, either.Token);
        }
        catch (OperationCanceledException) when (limit.IsCancellationRequested)
        {
            return (null, AudioErrors.UploadTooSlow);
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            return (null, GatewayErrors.Stopping);
        }
        catch (IOException) when (!http.RequestAborted.IsCancellationRequested)
        {
            return (null, AudioErrors.NotStored);
        }
    }

    private static async Task<(Taken?, ApiError?)> TakeFormAsync(HttpContext http, string path, SpooledAudio file, CancellationToken cancellation)
    {
        var form = new UploadForm(file);
        var (fields, error) = await Form.ReadAsync(http, form, cancellation);
        if (fields is null)
            return (null, error);
        return RequestBody<TranscriptionField>.Read(fields, out var body) is { } refusal ? (null, refusal) : Complete(http, path, body, file, form.FileName, "file");
    }

    private static async Task<(Taken?, ApiError?)> TakeJsonAsync(HttpContext http, string path, SpooledAudio file, CancellationToken cancellation)
    {
        if (path == TranscriptionOrder.XaiEndpoint)
            return (null, ApiError.InvalidRequest($"xAI's {path} takes a multipart form with the audio in 'file'; {TranscriptionOrder.Endpoint} takes JSON too.", "file"));
        var (received, error) = await PooledBody.ReadAsync(http, MaxJsonBytes);
        if (received is null)
            return (null, error);

        // Once the audio is on the disk the body's memory goes to others.
        using (received)
        {
            if (RequestBody<TranscriptionField>.Read(received.Bytes, out var body) is { } malformed)
                return (null, malformed);
            if (TranscriptionOrder.Read(body, path, Catalogue(http), out _) is { } refusal)
                return (null, refusal);
            if (await Base64Audio.SpoolAsync(received.Bytes, body, file, cancellation) is { } undecoded)
                return (null, undecoded);
            return Complete(http, path, body, file, fileName: null, "audio_base64");
        }
    }

    private static (Taken?, ApiError?) Complete(HttpContext http, string path, RequestBody<TranscriptionField> body, SpooledAudio file, string? fileName, string field)
    {
        if (TranscriptionOrder.Read(body, path, Catalogue(http), out var order) is { } refusal)
            return (null, refusal);
        if (file.Length == 0)
            return (null, AudioErrors.EmptyAudio(field));
        var model = order!.Model;
        var measured = order.Raw is { } raw ? RawAudio.Length(raw, file.Length, order.SampleRate) : file.ReadHeader();
        if (measured > AudioLength.OfSeconds(model.MostSeconds))
        {
            return (null, ApiError.InvalidRequest(
                string.Create(CultureInfo.InvariantCulture, $"The audio is longer than {model.MostSeconds} seconds, the most that '{model.Id}' takes. Send it in parts."), field));
        }

        var lengths = new TranscriptionLengths(measured, order.Stated, file.Length, AudioLength.OfSeconds(model.UnknownLengthSeconds), AudioLength.OfSeconds(model.MostSeconds));
        return (new Taken(order, lengths, TranscriptionOrder.FingerprintOf(body, file.Hash()), fileName), null);
    }

    private static ModelCatalogue Catalogue(HttpContext http) => http.RequestServices.GetRequiredService<ModelCatalogue>();

    private sealed record Taken(TranscriptionOrder Order, TranscriptionLengths Lengths, Fingerprint Fingerprint, string? FileName);
}
