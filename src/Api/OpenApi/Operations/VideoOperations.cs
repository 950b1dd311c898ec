using LlmTr.Api.Video;
using LlmTr.Grains.Video;
using LlmTr.Xai.Catalogue;
using Microsoft.OpenApi;

namespace LlmTr.Api.OpenApi.Operations;

/// <summary>The video routes of customers.</summary>
internal static class VideoOperations
{
    private const string Example =
        """{"model":"xai/grok-imagine-video","prompt":"A cat on the Galata bridge","duration_seconds":5,"aspect_ratio":"16:9","resolution":"480p","max_wait_seconds":0}""";

    public static readonly string[] States = ["queued", "in_progress", "succeeded", "failed", "expired"];

    public static IEnumerable<Operation> Of(OnSale sale)
    {
        yield return new Operation
        {
            Method = HttpMethod.Post,
            Path = VideoJobOptions.Endpoint,
            Id = "createVideo",
            Tag = "Video",
            Summary = "Starts a video",
            Description = "200 when the job is over within `max_wait_seconds`, a failed one too; else 202. The job, its polling and its settlement go on whatever the caller does.",
            IsCharged = true,
            Bodies =
            [
                new Body(
                    Body.Json, BodySchema(sale), ("text", Example),
                    ("image", """{"model":"xai/grok-imagine-video","image":{"url":"https://example.com/cat.png"},"max_wait_seconds":0}""")),
            ],
            Answers =
            [
                new Answer(200, "The job, which is over.", (Body.Json, Job())),
                new Answer(202, "The job as it stands; Location says where to ask for it.", (Body.Json, Job())),
            ],
        };
        yield return new Operation
        {
            Method = HttpMethod.Get,
            Path = VideoJobOptions.Endpoint,
            Id = "listVideos",
            Tag = "Video",
            Summary = "The key's own jobs, the youngest first",
            Parameters = Listing(VideoReads.MostPage),
            Answers = [new Answer(200, "A part of the list.", (Body.Json, Page()))],
            Refusals = [400, 401, 503],
        };
        yield return new Operation
        {
            Method = HttpMethod.Get,
            Path = $"{VideoJobOptions.Endpoint}/{{id}}",
            Id = "readVideo",
            Tag = "Video",
            Summary = "A job as it stands",
            Parameters = [Parameters.Query("wait_seconds", Shape.Whole("How long to wait for its end.", 0, VideoReads.MostWaitSeconds))],
            Answers = [new Answer(200, "The job.", (Body.Json, Job()))],
            Refusals = [400, 401, 404, 503],
        };
        foreach (var method in (HttpMethod[])[HttpMethod.Get, HttpMethod.Head])
        {
            yield return new Operation
            {
                Method = method,
                Path = $"{VideoJobOptions.Endpoint}/{{id}}/content",
                Id = method == HttpMethod.Get ? "readVideoContent" : "checkVideoContent",
                Tag = "Video",
                Summary = method == HttpMethod.Get ? "The finished file" : "Whether there is a file, and how long",
                Description = "With the key, or with the signature of the job's own `url`. Takes Range.",
                Parameters =
                [
                    Parameters.Header("Range", Shape.Text("Which bytes.")),
                    Parameters.Query(VideoLinks.Expires, Shape.Text("Of the job's url.")),
                    Parameters.Query(VideoLinks.Signature, Shape.Text("Of the job's url.")),
                ],
                Answers = [new Answer(200, "The file.", ("video/mp4", null)), new Answer(206, "A part of the file.", ("video/mp4", null))],
                Refusals = [401, 404, 416, 503],
            };
        }
    }

    /// <summary>A job, as customers see it, or as operators do.</summary>
    public static OpenApiSchema Job() => Described(RecordShape.Of(VideoAnswerJson.Default.VideoJobAnswer));

    /// <summary>A part of a list of jobs.</summary>
    public static OpenApiSchema Page() => RecordShape.Of(VideoAnswerJson.Default.VideoJobList, static page => Described((OpenApiSchema)((OpenApiSchema)page.Properties!["data"]).Items!));

    /// <summary>What lists of jobs take.</summary>
    public static IReadOnlyList<OpenApiParameter> Listing(int mostPage) =>
    [
        Parameters.Query("limit", Shape.Whole("The most rows.", 1, mostPage)),
        Parameters.Query("after", Shape.Text("What the part before gave as next_after.")),
        Parameters.Query("status", Shape.Word("Only these.", States)),
    ];

    private static OpenApiSchema Described(OpenApiSchema job)
    {
        job.Property("url", "Where the file is: signed, opens without a key, until url_expires_at.");
        job.Property("progress", "Percent.");
        job.Property("usage", "Null until the cost is known, and where nothing was charged.");
        job.Property("error", "Why there is no video.");
        return job;
    }

    private static OpenApiSchema BodySchema(OnSale sale) => Fields.Of<VideoField>(
        [VideoField.Model],
        (VideoField.Model, MediaShapes.Model<VideoModel>(sale)),
        (VideoField.Prompt, VideoShapes.Prompt()),
        (VideoField.DurationSeconds, VideoShapes.Duration(sale)),
        (VideoField.AspectRatio, VideoShapes.AspectRatio(sale)),
        (VideoField.Resolution, VideoShapes.Resolution(sale)),
        (VideoField.Image, MediaShapes.Image(nullIsAbsent: false)),
        (VideoField.MaxWaitSeconds, Shape.Whole("How long the caller waits.", 0, VideoRequest.MostWaitSeconds)),
        (VideoField.MaxBudgetUsd, Fields.MaxBudget()));
}
