using LlmTr.Api.Admin;
using LlmTr.Api.Customer;
using LlmTr.Api.Errors;
using LlmTr.Api.Keys;
using LlmTr.Api.Requests.Json;
using LlmTr.Grains.Video;

namespace LlmTr.Api.Video;

/// <summary><c>POST /v1/videos/generations</c> and <c>GET /v1/videos/{id}</c>: the same jobs, in the shapes that xAI's own clients know.</summary>
internal static class XaiVideos
{
    /// <summary>Where a video is begun.</summary>
    public const string Endpoint = "/v1/videos/generations";

    /// <summary>Below which a job is asked for.</summary>
    public const string Place = "/v1/videos";

    private static readonly XaiVideoField[] NotHere =
    [
        XaiVideoField.Video, XaiVideoField.ReferenceImages, XaiVideoField.ReferenceAudios, XaiVideoField.GenerateAudio, XaiVideoField.Output, XaiVideoField.StorageOptions,
    ];

    /// <summary>Where a job that was begun at a path is asked for.</summary>
    public static string PlaceOf(string path, string id) => path == Endpoint ? $"{Place}/{id}" : $"{VideoJobOptions.Endpoint}/{id}";

    /// <summary>Refuses what this gateway sells no price of.</summary>
    public static ApiError? Refused(RequestBody<XaiVideoField> body)
    {
        foreach (var field in NotHere)
        {
            if (body.Refused(field, "A video is made from a prompt, an image, or both.") is { } refusal)
                return refusal;
        }

        return null;
    }

    /// <summary>Begins a job.</summary>
    public static Task StartAsync(HttpContext http, PresentedKey key) => VideoEndpoint.StartAsync(http, key, VideoRequest.ReadXais, static (http, job) =>
    {
        http.Response.Headers.Location = PlaceOf(Endpoint, job.Id);
        return http.AnswerAsync(new XaiVideoStart(job.Id), VideoAnswerJson.Default.XaiVideoStart);
    });

    /// <summary>Tells how a job stands: 202 while it goes on, else 200.</summary>
    public static async Task ReadAsync(HttpContext http)
    {
        var (keyId, _) = await CustomerRoutes.OwnAccountAsync(http);
        var job = await VideoReads.OwnAsync(http, keyId);
        if (!job.IsOver)
            http.Response.StatusCode = StatusCodes.Status202Accepted;
        else if (job.Charged is { } charged)
            http.Response.Headers["X-LLMTR-Cost-USD"] = charged.ToUsdString();
        var links = http.RequestServices.GetRequiredService<VideoLinks>();
        await http.AnswerAsync(XaiVideoAnswer.Of(job, links.Of(http.Request, job)?.Url), VideoAnswerJson.Default.XaiVideoAnswer);
    }
}
