using System.Net.Mime;
using LlmTr.Api.Customer;
using LlmTr.Api.Errors;
using LlmTr.Grains.Abstractions.Video;
using Microsoft.Net.Http.Headers;

namespace LlmTr.Api.Video;

/// <summary><c>GET</c> and <c>HEAD /v1/video/generations/{id}/content</c>: the file, to who has its key or a signed address.</summary>
internal static class VideoContent
{
    // What must not stand above an error that takes the file's place.
    private static readonly string[] OfTheFile =
        [HeaderNames.ContentDisposition, HeaderNames.CacheControl, HeaderNames.ETag, HeaderNames.LastModified, HeaderNames.AcceptRanges, HeaderNames.ContentRange];

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
        if (job.File is not { } kept)
            throw new RefusedException(VideoErrors.NoFile);
        var media = http.RequestServices.GetRequiredService<MediaFiles>();
        var (told, file) = await media.OpenAsync(kept.Name, http.RequestAborted);
        if (file is null)
            throw new RefusedException(told ? VideoErrors.NoFile : VideoErrors.Unavailable);
        try
        {
            await SendAsync(http, job, kept, file);
        }
        catch (IOException exception) when (!http.Response.HasStarted && !http.RequestAborted.IsCancellationRequested)
        {
            media.NoteBroken(kept.Name, exception);
            foreach (var header in OfTheFile)
                http.Response.Headers.Remove(header);
            throw new RefusedException(VideoErrors.Unavailable);
        }
    }

    private static Task SendAsync(HttpContext http, VideoJobView job, VideoFile kept, Stream file)
    {
        // Shown in a browser, and saved under a name that says what it is. What a customer made is nobody else's to keep.
        var headers = http.Response.Headers;
        headers.ContentDisposition = new ContentDisposition { Inline = true, FileName = $"{job.Id}.mp4" }.ToString();
        headers.CacheControl = "private, max-age=3600";
        headers.XContentTypeOptions = "nosniff";
        return TypedResults.Stream(
            file, "video/mp4", fileDownloadName: null, lastModified: job.CompletedAt, entityTag: new EntityTagHeaderValue($"\"{kept.Sha256}\""), enableRangeProcessing: true)
            .ExecuteAsync(http);
    }
}
