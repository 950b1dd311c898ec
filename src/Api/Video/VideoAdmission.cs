using LlmTr.Api.Accounts;
using LlmTr.Api.Errors;
using LlmTr.Api.Keys;
using LlmTr.Api.Metering;
using LlmTr.Api.Requests;
using LlmTr.Grains.Abstractions;
using LlmTr.Grains.Abstractions.Video;
using LlmTr.Money;
using LlmTr.Xai.Catalogue;

namespace LlmTr.Api.Video;

/// <summary>From a body to what begins a job: read, checked, quoted, its image kept. Who is refused here has been answered.</summary>
internal static class VideoAdmission
{
    private const long MaxBodyBytes = 32 * 1024 * 1024;

    /// <summary>Reads a body in one of the shapes that a video is asked for in.</summary>
    public delegate ApiError? Reading(ReadOnlyMemory<byte> json, ModelCatalogue catalogue, out VideoRequest request);

    /// <summary>Admits a request; null when it has been answered already.</summary>
    public static async Task<VideoOrder?> AdmitAsync(HttpContext http, PresentedKey key, Fingerprint? idempotencyKey, Reading read)
    {
        if (!DryRun.TryRead(http.Request, out var isDry))
        {
            await ErrorWriter.WriteAsync(http, GatewayErrors.InvalidDryRun);
            return null;
        }

        var (body, error) = await PooledBody.ReadAsync(http, MaxBodyBytes);
        if (body is null)
        {
            await ErrorWriter.WriteAsync(http, error!);
            return null;
        }

        // It counts as large until the image in it, of which the request has a copy, is in the media store.
        using (body)
        {
            (var request, error) = await ReadAsync(http, body, read);
            body.ReturnBytes();
            error ??= request!.Budget is { } budget && request.Price > budget ? GatewayErrors.BudgetExceeded(request.Price, budget) : null;
            if (error is not null)
            {
                await ErrorWriter.WriteAsync(http, error);
                return null;
            }

            return await IsAdmittedAsync(http, key, request!, isDry) ? await OrderAsync(http, key, idempotencyKey, request!) : null;
        }
    }

    /// <summary>The quote of a video, whose price is known beforehand.</summary>
    public static Quote QuoteOf(UsdTicks price) => new(price, price, AvailableDivisor: 1);

    private static async Task<(VideoRequest? Request, ApiError? Error)> ReadAsync(HttpContext http, PooledBody body, Reading read)
    {
        var length = body.Bytes.Length;
        var large = http.RequestServices.GetRequiredService<LargeBodies>();
        if (!await large.EnterAsync(length, http.RequestAborted))
            return (null, GatewayErrors.TooManyLargeBodies);
        try
        {
            var error = read(body.Bytes, http.RequestServices.GetRequiredService<ModelCatalogue>(), out var request);
            return error is null ? (request, null) : (null, error);
        }
        finally
        {
            large.Exit(length);
        }
    }

    private static async Task<bool> IsAdmittedAsync(HttpContext http, PresentedKey key, VideoRequest request, bool isDry)
    {
        // Every authenticated route asks the account: a repeat of a revoked key must not find its job, and nobody unknown may write one.
        var (told, account) = await http.RequestServices.GetRequiredService<AccountClient>().ReadAsync(key.KeyId, key.Secret, http.RequestAborted);
        if (account is null)
        {
            await ErrorWriter.WriteAsync(http, told ? GatewayErrors.Unauthenticated : GatewayErrors.AccountsUnavailable);
            return false;
        }

        RateHeaders.Write(http.Response.Headers, account.Rate);
        if (HoldRefusals.OfStatus(account, request.Model.Id) is { } refusal)
        {
            await ErrorWriter.WriteAsync(http, refusal);
            return false;
        }

        if (!isDry)
            return true;
        await DryRun.WriteAsync(http, QuoteOf(request.Price), account.Available);
        return false;
    }

    private static async Task<VideoOrder?> OrderAsync(HttpContext http, PresentedKey key, Fingerprint? idempotencyKey, VideoRequest request)
    {
        var id = VideoJobId.Of(key.KeyId, idempotencyKey, http.GetRequestTrace().Id);
        string? imageName = null;
        if (request.Image is { Url: null } image)
        {
            // Bytes never pass through a grain. Named by the body too: another body under the same Idempotency-Key must not take the first one's image away.
            imageName = $"{id}.{request.Body}.image";
            var isThere = idempotencyKey is not null
                && (await http.RequestServices.GetRequiredService<VideoJobClient>().ReadAsync(id, key.KeyId, http.RequestAborted)).Job is not null;
            if (!isThere && !await http.RequestServices.GetRequiredService<MediaFiles>().TrySaveAsync(imageName, image, http.RequestAborted))
            {
                await ErrorWriter.WriteAsync(http, VideoErrors.Unavailable);
                return null;
            }
        }

        var command = new StartVideo
        {
            KeyId = key.KeyId,
            Secret = key.Secret,
            HoldId = http.GetRequestTrace().Id,
            Body = request.Body,
            Model = request.Model.Id,
            UpstreamModel = request.Model.UpstreamModel,
            Prompt = request.Prompt,
            DurationSeconds = request.DurationSeconds,
            AspectRatio = request.AspectRatio,
            Resolution = request.Resolution,
            ImageUrl = request.Image?.Url,
            ImageName = imageName,
            Price = request.Price,
        };
        return new VideoOrder(id, command, request.Path, idempotencyKey is not null, new VideoWait(request.MaxWait, request.IgnoredFields));
    }
}
