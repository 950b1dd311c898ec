using LlmTr.Api.Accounts;
using LlmTr.Api.Admin;
using LlmTr.Api.Errors;
using LlmTr.Api.Hosting;
using LlmTr.Api.Keys;
using LlmTr.Api.Metering;
using LlmTr.Api.Requests;
using LlmTr.Grains.Abstractions;
using LlmTr.Grains.Abstractions.Video;
using LlmTr.Grains.Video;
using LlmTr.Silo.Media;
using LlmTr.Xai.Catalogue;

namespace LlmTr.Api.Video;

/// <summary>
/// <c>POST /v1/video/generations</c>: validates and quotes, then hands the request to a video job, which holds, sends and settles on its own. The caller may wait for it; whether
/// he does changes nothing.
/// </summary>
internal static class VideoEndpoint
{
    private const long MaxBodyBytes = 32 * 1024 * 1024;

    // What a job that is not over tells its caller: soon enough for a short clip.
    private const string RetryAfterSeconds = "2";

    /// <summary>Reads a body in one of the shapes that a video is asked for in.</summary>
    public delegate ApiError? Reading(ReadOnlyMemory<byte> json, ModelCatalogue catalogue, out VideoRequest request);

    /// <summary>Answers.</summary>
    public static Task StartAsync(HttpContext http, PresentedKey key) => StartAsync(http, key, VideoRequest.Read, static (http, job) => AnswerAsync(http, job, isStart: true));

    /// <summary>Begins a job, and answers with it in the caller's shape.</summary>
    public static async Task StartAsync(HttpContext http, PresentedKey key, Reading read, Func<HttpContext, VideoJobView, Task> answer)
    {
        if (!IdempotencyKey.TryRead(http.Request, out var idempotencyKey))
        {
            await ErrorWriter.WriteAsync(http, KeyErrors.InvalidIdempotencyKey(IdempotencyKey.MostChars));
            return;
        }

        var (request, error) = await ReadAsync(http, read);
        error ??= request!.Budget is { } budget && request.Price > budget ? GatewayErrors.BudgetExceeded(request.Price, budget) : null;
        if (error is not null)
        {
            await ErrorWriter.WriteAsync(http, error);
            return;
        }

        await StartAsync(http, key, idempotencyKey, request!, answer);
    }

    /// <summary>Answers with a job: 200 when it is over, else 202 with where to ask for it.</summary>
    public static Task AnswerAsync(HttpContext http, VideoJobView job, bool isStart)
    {
        var response = http.Response;
        if (!job.IsOver)
        {
            response.StatusCode = isStart ? StatusCodes.Status202Accepted : StatusCodes.Status200OK;
            response.Headers.RetryAfter = RetryAfterSeconds;
        }

        if (isStart)
            response.Headers.Location = $"{VideoJobOptions.Endpoint}/{job.Id}";
        if (job is { IsOver: true, Charged: { } charged })
        {
            response.Headers["X-LLMTR-Cost-USD"] = charged.ToUsdString();
            if (isStart && job.Available is { } available)
                response.Headers["X-LLMTR-Balance-USD"] = available.ToUsdString();
        }

        var links = http.RequestServices.GetRequiredService<VideoLinks>();
        return http.AnswerAsync(VideoJobAnswer.Of(job, links.Of(http.Request, job)).InLanguageOf(http.Request), VideoAnswerJson.Default.VideoJobAnswer);
    }

    private static async Task<(VideoRequest? Request, ApiError? Error)> ReadAsync(HttpContext http, Reading read)
    {
        var (body, error) = await PooledBody.ReadAsync(http, MaxBodyBytes);
        if (body is null)
            return (null, error);
        using (body)
        {
            var large = http.RequestServices.GetRequiredService<LargeBodies>();
            if (!await large.EnterAsync(body.Bytes.Length, http.RequestAborted))
                return (null, GatewayErrors.TooManyLargeBodies);
            try
            {
                error = read(body.Bytes, http.RequestServices.GetRequiredService<ModelCatalogue>(), out var request);
                return error is null ? (request, null) : (null, error);
            }
            finally
            {
                large.Exit(body.Bytes.Length);
            }
        }
    }

    private static async Task StartAsync(HttpContext http, PresentedKey key, Fingerprint? idempotencyKey, VideoRequest request, Func<HttpContext, VideoJobView, Task> answer)
    {
        // Every authenticated route asks the account: a repeat of a revoked key must not find its job, and nobody unknown may write one.
        var (told, account) = await http.RequestServices.GetRequiredService<AccountClient>().ReadAsync(key.KeyId, key.Secret, http.RequestAborted);
        if (account is null)
        {
            await ErrorWriter.WriteAsync(http, told ? GatewayErrors.Unauthenticated : GatewayErrors.AccountsUnavailable);
            return;
        }

        RateHeaders.Write(http.Response.Headers, account.Rate);
        var quote = new Quote(request.Price, request.Price, AvailableDivisor: 1);
        if (HoldRefusals.OfStatus(account, request.Model.Id) is { } refusal)
        {
            await ErrorWriter.WriteAsync(http, refusal);
            return;
        }

        if (DryRun.IsAskedFor(http.Request))
        {
            await DryRun.WriteAsync(http, quote, account.Available);
            return;
        }

        var id = VideoJobId.Of(key.KeyId, idempotencyKey, http.GetRequestTrace().Id);
        var command = await CommandAsync(http, key, id, request, isRepeatable: idempotencyKey is not null);
        var jobs = http.RequestServices.GetRequiredService<VideoJobClient>();
        var reply = await jobs.StartAsync(id, command, http.RequestAborted);
        RateHeaders.Write(http.Response.Headers, reply?.Rate);
        switch (reply)
        {
            case { Outcome: StartVideoOutcome.Begun, Job: { } job }:
                var stopping = http.RequestServices.GetRequiredService<GracefulStop>().Leaving;
                using (var leaving = CancellationTokenSource.CreateLinkedTokenSource(http.RequestAborted, stopping))
                    job = await jobs.WaitAsync(job, request.MaxWait, leaving.Token);
                if (request.IgnoredFields.Count > 0)
                    http.Response.Headers["X-LLMTR-Ignored-Fields"] = string.Join(", ", request.IgnoredFields);
                await answer(http, job);
                break;
            case { Outcome: StartVideoOutcome.Conflict }:
                if (command.ImageName is { } image)
                    await http.RequestServices.GetRequiredService<IMediaStore>().DeleteAsync(image, CancellationToken.None);
                await ErrorWriter.WriteAsync(http, KeyErrors.IdempotencyConflict(first: null));
                break;
            case { Outcome: StartVideoOutcome.Refused, Refusal: { } refused }:
                RateHeaders.Write(http.Response.Headers, refused.Rate);
                HoldRefusals.WriteRetryHeaders(http.Response.Headers, refused);
                await ErrorWriter.WriteAsync(http, HoldRefusals.ToError(refused, quote, request.Model.Id));
                break;
            default:
                http.Response.Headers.Location = XaiVideos.PlaceOf(request.Path, id);
                if (idempotencyKey is null)
                    http.Response.Headers["x-should-retry"] = "false";
                await ErrorWriter.WriteAsync(http, VideoErrors.Undecided(id));
                break;
        }
    }

    private static async Task<StartVideo> CommandAsync(HttpContext http, PresentedKey key, string id, VideoRequest request, bool isRepeatable)
    {
        string? imageName = null;
        if (request.Image is { Url: null } image)
        {
            // Bytes never pass through a grain. Named by the body too: another body under the same Idempotency-Key must not take the first one's image away.
            imageName = $"{id}.{request.Body}.image";
            var isThere = isRepeatable
                && (await http.RequestServices.GetRequiredService<VideoJobClient>().ReadAsync(id, key.KeyId, http.RequestAborted)).Job is not null;
            if (!isThere)
            {
                using var content = new MemoryStream(image.Data.ToArray(), writable: false);
                await http.RequestServices.GetRequiredService<IMediaStore>().SaveAsync(imageName, content, image.Data.Length, http.RequestAborted);
            }
        }

        return new StartVideo
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
    }
}
