using System.Net.Mime;
using System.Text.Json;
using LlmTr.XaiSimulator.Control;
using LlmTr.XaiSimulator.Files;
using LlmTr.XaiSimulator.Serving;
using LlmTr.XaiSimulator.Wire;

namespace LlmTr.XaiSimulator.Videos;

/// <summary><c>GET /v1/videos/{request_id}</c> (xAI contract, sections 6.2 and 10.5).</summary>
internal sealed class VideoPollArea(VideoJobs jobs, FileShelf shelf, string id) : IArea, IAsked
{
    private readonly VideoJob? _job = jobs.Find(id);

    public IReadOnlyList<string> Methods => ["GET"];

    /// <summary>The prompt of the video, so that a script can be for the looks at one job.</summary>
    public string Prompt => _job?.Prompt ?? "";

    public IAsked Read(Incoming incoming) => this;

    public Reply Answer(Turn turn)
    {
        if (turn.KeyFault() is { } fault)
            return turn.Refuse(fault);
        // What a script says in place of an answer is no look at the job: its time goes by looks.
        if (turn.Scripted(HeaderSet.VideoPoll) is { } scripted)
            return scripted;
        if (_job is null)
            return NotFound(turn);

        var look = _job.LookAt(turn.Now);
        return look.Kind switch
        {
            LookKind.NotThereYet => NotFound(turn),
            LookKind.Trouble => turn.Refuse(_job.Behaviour.PollFault ?? Fault.ForStatus(500)),
            LookKind.Pending => Pending(_job, look.Progress),
            _ => Ended(_job, look.IsFirstOfEnd, turn),
        };
    }

    private static Reply NotFound(Turn turn) => turn.Refuse(Fault.UnknownVideo);

    private static Reply Pending(VideoJob job, int progress)
    {
        var body = WireJson.Object(writer =>
        {
            writer.WriteString("status", "pending");
            writer.WriteNumber("progress", progress);
        });
        var reply = Reply.Json(body, HeaderSet.VideoPoll) with { Status = 202 };
        return job.Behaviour.EmptyPending ? reply with { Parts = [] } : reply;
    }

    private Reply Ended(VideoJob job, bool isFirst, Turn turn)
    {
        var url = "";
        if (job.Behaviour.Video is VideoEnding.Done or VideoEnding.DoneWithoutStatus or VideoEnding.Never)
        {
            var path = $"{FileArea.Roots[1]}xai-video-{job.Id}.mp4";
            if (isFirst)
                shelf.Add(path, Sample.Clip, job.Behaviour);
            url = job.Behaviour.Url ?? turn.Incoming.Origin + path;
        }

        var reply = job.Behaviour.Video switch
        {
            VideoEnding.Moderated => (turn with { Errors = job.Behaviour.Errors ?? turn.Errors }).Refuse(Fault.Moderated("Generated video rejected by content moderation.")),
            VideoEnding.Failed => Answer(writer => WriteFailed(writer, job)),
            VideoEnding.Expired => Answer(writer => writer.WriteString("status", "expired")),
            VideoEnding.UnknownStatus => Answer(writer => writer.WriteString("status", "archived")),
            _ => Answer(writer => WriteDone(writer, job, url, isFirst)),
        };
        return reply with { ResponseId = job.Id, Billed = isFirst ? job.Billed : default };
    }

    private static void WriteDone(Utf8JsonWriter writer, VideoJob job, string url, bool isFirst)
    {
        var ending = job.Behaviour.Video;
        if (ending != VideoEnding.DoneWithoutStatus)
            writer.WriteString("status", "done");
        writer.WriteStartObject("video");
        writer.WriteString("url", url);
        writer.WriteNumber("duration", job.Seconds);
        writer.WriteBoolean("respect_moderation", ending != VideoEnding.Flagged);
        writer.WriteEndObject();
        writer.WriteString("model", job.Behaviour.Model ?? job.ModelId);
        if (ending == VideoEnding.DoneWithoutStatus)
            return;
        var report = isFirst || job.Behaviour.CostLater is null ? job.Behaviour : job.Behaviour with { Cost = job.Behaviour.CostLater };
        CostReport.Write(writer, report, job.Cost);
        writer.WriteNumber("progress", 100);
    }

    private static void WriteFailed(Utf8JsonWriter writer, VideoJob job)
    {
        writer.WriteString("status", "failed");
        writer.WriteStartObject("error");
        writer.WriteString("code", job.Behaviour.Reason ?? "internal_error");
        writer.WriteString("message", "Video generation failed.");
        writer.WriteEndObject();
        writer.WriteNumber("progress", 0);
    }

    private static Reply Answer(Action<Utf8JsonWriter> members) => new(200, MediaTypeNames.Application.Json, [WireJson.Object(members)]) { Headers = HeaderSet.VideoPoll };
}
