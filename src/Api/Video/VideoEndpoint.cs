using LlmTr.Api.Admin;
using LlmTr.Api.Errors;
using LlmTr.Api.Hosting;
using LlmTr.Api.Keys;
using LlmTr.Api.Metering;
using LlmTr.Grains.Abstractions;
using LlmTr.Grains.Abstractions.Video;
using LlmTr.Grains.Video;

namespace LlmTr.Api.Video;

/// <summary>
/// <c>POST /v1/video/generations</c>: validates and quotes, then hands the request to a video job, which holds, sends and settles on its own. The caller may wait for it; whether
/// he does changes nothing.
/// </summary>
internal static class VideoEndpoint
{
    // What a job that is not over tells its caller: soon enough for a short clip.
    private const string RetryAfterSeconds = "2";

    /// <summary>Answers.</summary>
    public static Task StartAsync(HttpContext http, PresentedKey key) => StartAsync(http, key, VideoRequest.Read, static (http, job) => AnswerAsync(http, job, isStart: true));

    /// <summary>Begins a job, waits for it as long as the caller does, and answers with it in the caller's shape.</summary>
    public static async Task StartAsync(HttpContext http, PresentedKey key, VideoAdmission.Reading read, Func<HttpContext, VideoJobView, Task> answer)
    {
        if (!IdempotencyKey.TryRead(http.Request, out var idempotencyKey))
        {
            await ErrorWriter.WriteAsync(http, KeyErrors.InvalidIdempotencyKey(IdempotencyKey.MostChars));
            return;
        }

        // Body, image and prompt have gone with the methods that needed them when the waiting begins.
        if (await BeginAsync(http, key, idempotencyKey, read) is not var (job, terms))
            return;
        var stopping = http.RequestServices.GetRequiredService<GracefulStop>().Leaving;
        using (var leaving = CancellationTokenSource.CreateLinkedTokenSource(http.RequestAborted, stopping))
            job = await http.RequestServices.GetRequiredService<VideoJobClient>().WaitAsync(job, terms.AtMost, leaving.Token);
        if (terms.IgnoredFields.Count > 0)
            http.Response.Headers["X-LLMTR-Ignored-Fields"] = string.Join(", ", terms.IgnoredFields);
        await answer(http, job);
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

    /// <summary>Begins a job, or finds it; null when there is none and the caller has been told why.</summary>
    private static async Task<(VideoJobView Job, VideoWait Terms)?> BeginAsync(HttpContext http, PresentedKey key, Fingerprint? idempotencyKey, VideoAdmission.Reading read)
    {
        if (await VideoAdmission.AdmitAsync(http, key, idempotencyKey, read) is not { } order)
            return null;
        var reply = await http.RequestServices.GetRequiredService<VideoJobClient>().StartAsync(order.Id, order.Command, http.RequestAborted);
        RateHeaders.Write(http.Response.Headers, reply?.Rate);
        switch (reply)
        {
            case { Outcome: StartVideoOutcome.Begun, Job: { } job }:
                return (job, order.Terms);
            case { Outcome: StartVideoOutcome.Conflict }:
                if (order.Command.ImageName is { } image)
                    await http.RequestServices.GetRequiredService<MediaFiles>().DiscardAsync(image);
                await ErrorWriter.WriteAsync(http, KeyErrors.IdempotencyConflict(first: null));
                return null;
            case { Outcome: StartVideoOutcome.Refused, Refusal: { } refused }:
                RateHeaders.Write(http.Response.Headers, refused.Rate);
                HoldRefusals.WriteRetryHeaders(http.Response.Headers, refused);
                await ErrorWriter.WriteAsync(http, HoldRefusals.ToError(refused, VideoAdmission.QuoteOf(order.Command.Price), order.Command.Model));
                return null;
            default:
                http.Response.Headers.Location = XaiVideos.PlaceOf(order.Path, order.Id);
                if (!order.IsRepeatable)
                    http.Response.Headers["x-should-retry"] = "false";
                await ErrorWriter.WriteAsync(http, VideoErrors.Undecided(order.Id));
                return null;
        }
    }
}
