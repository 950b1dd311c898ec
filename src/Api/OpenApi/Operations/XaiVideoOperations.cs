using LlmTr.Api.Video;
using LlmTr.Grains.Video;
using LlmTr.Xai.Catalogue;
using Microsoft.OpenApi;

namespace LlmTr.Api.OpenApi.Operations;

/// <summary>The video routes of xAI's own clients.</summary>
internal static class XaiVideoOperations
{
    private static readonly string[] States = ["pending", "done", "failed", "expired"];

    public static IEnumerable<Operation> Of(OnSale sale)
    {
        yield return new Operation
        {
            Method = HttpMethod.Post,
            Path = XaiVideos.Endpoint,
            Id = "startVideo",
            Tag = "Video",
            Summary = "Starts a video, in xAI's own shape",
            Description = $"The same jobs as `{VideoJobOptions.Endpoint}`, for xAI's clients. It answers at once; Location says where to ask for the job.",
            IsCharged = true,
            Bodies =
            [
                new Body(
                    Body.Json, BodySchema(sale),
                    ("text", """{"model":"grok-imagine-video","prompt":"A cat on the Galata bridge","duration":5,"aspect_ratio":"16:9","resolution":"480p","user":"u-17"}"""),
                    ("image", """{"model":"grok-imagine-video","image":{"url":"https://example.com/cat.png"},"duration":1}""")),
            ],
            Answers = [new Answer(200, "The job's id.", (Body.Json, RecordShape.Of(VideoAnswerJson.Default.XaiVideoStart)))],
        };
        yield return new Operation
        {
            Method = HttpMethod.Get,
            Path = $"{XaiVideos.Place}/{{id}}",
            Id = "pollVideo",
            Tag = "Video",
            Summary = "A job as it stands, in xAI's own shape",
            Answers = [new Answer(200, "The job, which is over.", (Body.Json, Job())), new Answer(202, "The job, which goes on.", (Body.Json, Job()))],
            Refusals = [400, 401, 404, 503],
        };
    }

    private static OpenApiSchema Job()
    {
        var job = RecordShape.Of(VideoAnswerJson.Default.XaiVideoAnswer);
        job.Replace("status", Shape.Word("A result that moderation kept back is done, without an address.", States), isRequired: true);
        job.Property("video", "Where the file is: signed, opens without a key for a time. Only of a job that is done.");
        job.Property("progress", "Percent.");
        job.Property("usage", "What was charged; only where it is known.");
        job.Property("error", "Why there is no video.");
        return job;
    }

    private static OpenApiSchema BodySchema(OnSale sale) => Fields.Of<XaiVideoField>(
        [XaiVideoField.Model],
        (XaiVideoField.Model, MediaShapes.Model<VideoModel>(sale)),
        (XaiVideoField.Prompt, VideoShapes.Prompt()),
        (XaiVideoField.Duration, VideoShapes.Duration(sale)),
        (XaiVideoField.AspectRatio, VideoShapes.AspectRatio(sale)),
        (XaiVideoField.Resolution, VideoShapes.Resolution(sale)),
        (XaiVideoField.Image, MediaShapes.Image(nullIsAbsent: false)),
        (XaiVideoField.MaxBudgetUsd, Fields.MaxBudget()),
        (XaiVideoField.User, Shape.Text("Ignored: changes neither answer nor price. X-LLMTR-Ignored-Fields names it.")),
        (XaiVideoField.Video, Refused()),
        (XaiVideoField.ReferenceImages, Refused()),
        (XaiVideoField.ReferenceAudios, Refused()),
        (XaiVideoField.GenerateAudio, Refused()),
        (XaiVideoField.Output, Refused()),
        (XaiVideoField.StorageOptions, Refused()));

    private static OpenApiSchema Refused() => Shape.Refused("A video is made from a prompt, an image, or both.");
}
