using LlmTr.Api.Admin;
using LlmTr.Api.Customer;
using LlmTr.Api.Errors;
using LlmTr.Api.Hosting;
using LlmTr.Api.Keys;
using LlmTr.Api.Requests;
using LlmTr.Grains.Abstractions.Video;

namespace LlmTr.Api.Video;

/// <summary>Looking at jobs. Nothing here touches money.</summary>
internal static class VideoReads
{
    /// <summary>The most rows of a list: a customer's and an operator's.</summary>
    internal const int MostPage = 100, MostAdminPage = 1000;

    /// <summary>How long a look may wait for the end of a job, in seconds.</summary>
    internal const int MostWaitSeconds = 60;

    private const int DefaultPage = 20;

    /// <summary><c>GET /v1/video/generations/{id}</c>.</summary>
    public static async Task ReadAsync(HttpContext http)
    {
        var (keyId, _) = await CustomerRoutes.OwnAccountAsync(http);
        var wait = RequestQuery.Of(http, "wait_seconds").Number("wait_seconds", 0, 0, MostWaitSeconds);
        var job = await OwnAsync(http, keyId);
        if (wait > 0 && !job.IsOver)
        {
            var stopping = http.RequestServices.GetRequiredService<GracefulStop>().Leaving;
            using var leaving = CancellationTokenSource.CreateLinkedTokenSource(http.RequestAborted, stopping);
            job = await http.RequestServices.GetRequiredService<VideoJobClient>().WaitAsync(job, TimeSpan.FromSeconds(wait), leaving.Token);
        }

        await VideoEndpoint.AnswerAsync(http, job, isStart: false);
    }

    /// <summary><c>GET /v1/video/generations</c>: the key's own, the youngest first.</summary>
    public static async Task ListAsync(HttpContext http)
    {
        var (keyId, _) = await CustomerRoutes.OwnAccountAsync(http);
        var query = RequestQuery.Of(http, "limit", "after", "status");
        await ListAsync(http, query, keyId, MostPage, static (answer, _) => answer);
    }

    /// <summary><c>GET /admin/v1/jobs</c>.</summary>
    public static async Task ListForOperatorsAsync(HttpContext http)
    {
        var query = RequestQuery.Of(http, "key", "limit", "after", "status");
        var keyId = query.Text("key");
        if (keyId is not null && !KeyFormat.IsKeyId(keyId))
            throw AdminCall.Invalid("key", "key is the id of a key, such as key_….");
        await ListAsync(http, query, keyId, MostAdminPage, static (answer, job) => answer with { KeyId = job.KeyId, RequestId = job.HoldId.ToString() });
    }

    /// <summary>The job that the path names.</summary>
    /// <exception cref="RefusedException">404: there is none, or it is another key's.</exception>
    public static async Task<VideoJobView> OwnAsync(HttpContext http, string? keyId)
    {
        if (http.Request.RouteValues["id"] is not string id || !VideoJobId.IsOne(id))
            throw new RefusedException(VideoErrors.UnknownJob);
        var (told, job) = await http.RequestServices.GetRequiredService<VideoJobClient>().ReadAsync(id, keyId, http.RequestAborted);
        return job ?? throw new RefusedException(told ? VideoErrors.UnknownJob : VideoErrors.Unavailable);
    }

    private static async Task ListAsync(
        HttpContext http, RequestQuery query, string? keyId, int mostPage, Func<VideoJobAnswer, VideoJobView, VideoJobAnswer> also)
    {
        var page = await http.RequestServices.GetRequiredService<VideoJobClient>().ListAsync(
            new VideoJobQuery { KeyId = keyId, Status = Status(query), After = query.Text("after"), Limit = (int)query.Number("limit", DefaultPage, 1, mostPage) },
            http.RequestAborted) ?? throw new RefusedException(VideoErrors.Unavailable);
        var links = http.RequestServices.GetRequiredService<VideoLinks>();
        await http.AnswerAsync(
            new VideoJobList([.. page.Jobs.Select(job => also(VideoJobAnswer.Of(job, links.Of(http.Request, job)).InLanguageOf(http.Request), job))], page.HasMore),
            VideoAnswerJson.Default.VideoJobList);
    }

    private static VideoJobStatus? Status(RequestQuery query) => query.Text("status") switch
    {
        null => null,
        "queued" => VideoJobStatus.Queued,
        "in_progress" => VideoJobStatus.InProgress,
        "succeeded" => VideoJobStatus.Succeeded,
        "failed" => VideoJobStatus.Failed,
        "expired" => VideoJobStatus.Expired,
        _ => throw AdminCall.Invalid("status", "status is one of queued, in_progress, succeeded, failed, expired."),
    };
}
