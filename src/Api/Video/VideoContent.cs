using System.Net.Mime;
using LlmTr.Api.Customer;
using LlmTr.Api.Errors;
using LlmTr.Silo.Media;
using Microsoft.Net.Http.Headers;

namespace LlmTr.Api.Video;

/// <summary><c>GET</c> and <c>HEAD /v1/video/generations/{id}/content</c>: the file, to who has its key or a signed address.</summary>
internal static class VideoContent
{
    /// <summary>Answers.</summary>
    public static async Task ReadAsync(HttpContext http)
    {
        var query = http.Request.Query;
        string? keyId = null;
        if (query.ContainsKey(VideoLinks.Signature))
        {
            var links = http.RequestServices.GetRequiredService<VideoLinks>();
            if (http.Request.RouteValues["id"] is not string id || !links.Opens(id, query[VideoLinks.Expires], query[VideoLinks.Signature]))
                throw new RefusedException(VideoErrors.LinkNotGood);
        }
        else
        {
            (keyId, _) = await CustomerRoutes.OwnAccountAsync(http);
        }

        var job = await VideoReads.OwnAsync(http, keyId);
        var stream = job.File is { } kept ? await http.RequestServices.GetRequiredService<IMediaStore>().OpenAsync(kept.Name, http.RequestAborted) : null;
        if (stream is null)
            throw new RefusedException(VideoErrors.NoFile);

        // Shown in a browser, and saved under a name that says what it is. What a customer made is nobody else's to keep.
        var headers = http.Response.Headers;
        headers.ContentDisposition = new ContentDisposition { Inline = true, FileName = $"{job.Id}.mp4" }.ToString();
        headers.CacheControl = "private, max-age=3600";
        headers.XContentTypeOptions = "nosniff";
        await TypedResults.Stream(
            stream, "video/mp4", fileDownloadName: null, lastModified: job.CompletedAt, entityTag: new EntityTagHeaderValue($"\"{job.File!.Sha256}\""), enableRangeProcessing: true)
            .ExecuteAsync(http);
    }
}
