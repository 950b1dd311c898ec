using LlmTr.XaiSimulator.Recording;
using LlmTr.XaiSimulator.Serving;
using LlmTr.XaiSimulator.Wire;

namespace LlmTr.XaiSimulator.Videos;

/// <summary><c>POST /v1/videos/generations</c> (xAI contract, sections 6.1 and 10.5). Each one that is answered, or whose answer is cut, is a new job.</summary>
internal sealed class VideoStartArea(VideoJobs jobs) : IArea
{
    private const int MostReferences = 7;

    public IReadOnlyList<string> Methods => ["POST"];

    public IAsked Read(Incoming incoming) => new Asked(JsonBody<VideoRequest>.Read(incoming, VideoRequest.Read), jobs);

    private sealed class Asked(JsonBody<VideoRequest> body, VideoJobs jobs) : IAsked
    {
        public string Prompt => body.Request?.Prompt ?? "";

        public string MarkerText => Prompt;

        public string? Model => body.Request?.Model;

        public IReadOnlyList<string> Fields => body.Fields;

        public IReadOnlyList<string> UnknownFields => [.. body.Fields.Except(VideoRequest.KnownFields)];

        public IReadOnlyList<RecordedPart> Parts => [.. (body.Request?.Images ?? []).Select(image => image.Part)];

        public Reply Answer(Turn turn)
        {
            if (body.Request is not { } request)
                return turn.Refuse(body.Unreadable!);
            if ((request.Model is null ? VideoModel.Usual : VideoModel.Find(request.Model)) is not { } model)
                return turn.Refuse(Fault.UnknownModel(request.Model!));
            if ((turn.KeyFault() ?? Check(request, model)) is { } fault)
                return turn.Refuse(fault);
            if (turn.Scripted(HeaderSet.VideoStart) is { } scripted)
                return scripted;

            var job = new VideoJob(Ids.Uuid(), request, model, turn.Behaviour, turn.Now, jobs.UsualTime);
            jobs.Add(job);
            return Reply.Json(WireJson.Object(writer => writer.WriteString("request_id", job.Id)), HeaderSet.VideoStart) with { ResponseId = job.Id };
        }

        /// <summary>The first argument that is wrong, or null. Only the text about the duration is known.</summary>
        private static Fault? Check(VideoRequest request, VideoModel model)
        {
            if (request.Seconds is < 1 or > 15)
                return Fault.InvalidArgument("Duration must be between 1 and 15 seconds");
            if (!model.PerSecond.ContainsKey(request.Resolution))
                return Fault.InvalidArgument($"Resolution {request.Resolution} is not supported on this model");
            if (string.IsNullOrWhiteSpace(request.Prompt) && request.Images.Count == 0)
                return Fault.InvalidArgument("Prompt must not be empty");
            if (request.References > MostReferences || (request.References > 0 && request.Images.Count > request.References) || request.Images.Count - request.References > 1)
                return Fault.InvalidArgument($"Either one image or up to {MostReferences} reference images may be given");
            return request.Images.FirstOrDefault(image => image.Problem is not null) is { Problem: { } problem } ? Fault.InvalidArgument(problem) : null;
        }
    }
}
