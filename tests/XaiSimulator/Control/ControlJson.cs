using System.Text.Json;
using LlmTr.XaiSimulator.Recording;
using LlmTr.XaiSimulator.Wire;

namespace LlmTr.XaiSimulator.Control;

/// <summary>Writes what the control endpoint answers.</summary>
internal static class ControlJson
{
    public static byte[] Problem(string sentence) => WireJson.Object(writer => writer.WriteString("error", sentence));

    public static byte[] Gate(Gate gate) => WireJson.Object(writer =>
    {
        writer.WriteBoolean("closed", gate.IsClosed);
        writer.WriteNumber("waiting", gate.Waiting);
    });

    public static byte[] Requests(IReadOnlyList<RecordedRequest> requests) => WireJson.Value(writer =>
    {
        writer.WriteStartArray();
        foreach (var request in requests)
            WriteRequest(writer, request);
        writer.WriteEndArray();
    });

    /// <summary>The sums, and by id what each remembered answer was billed.</summary>
    public static byte[] Books(Books books, IReadOnlyList<RecordedRequest> requests) => WireJson.Object(writer =>
    {
        writer.WriteNumber("requests", books.Requests);
        writer.WriteNumber("open", books.Open);
        writer.WriteNumber("answered", books.Answered);
        writer.WriteNumber("refused", books.Refused);
        writer.WriteNumber("cut", books.Cut);
        writer.WriteNumber("aborted", books.Aborted);
        writer.WriteNumber("billed_ticks", books.Billed.Value);
        writer.WriteNumber("delivered_ticks", books.Delivered.Value);
        writer.WriteStartObject("billed_by_id");
        // A video has a request that starts it and one that bills it.
        foreach (var answers in requests.Where(request => request.ResponseId is not null).GroupBy(request => request.ResponseId!))
            writer.WriteNumber(answers.Key, answers.Sum(request => request.Billed.Value));

        writer.WriteEndObject();
    });

    /// <summary>The sums, how often each prompt was started, and every video.</summary>
    public static byte[] Videos(VideoBooks books, IReadOnlyList<Video> videos) => WireJson.Object(writer =>
    {
        writer.WriteNumber("started", books.Started);
        writer.WriteNumber("pending", books.Pending);
        writer.WriteNumber("succeeded", books.Succeeded);
        writer.WriteNumber("moderated", books.Moderated);
        writer.WriteNumber("failed", books.Failed);
        writer.WriteNumber("succeeded_ticks", books.SucceededTicks.Value);
        writer.WriteNumber("most_of_one_prompt", books.MostOfOnePrompt);
        writer.WriteStartArray("videos");
        foreach (var video in videos)
        {
            writer.WriteStartObject();
            writer.WriteString("request_id", video.RequestId);
            writer.WriteString("prompt", video.Prompt);
            writer.WriteString("model", video.Model);
            writer.WriteString("started", video.Started);
            writer.WriteString("state", video.State switch
            {
                VideoState.Pending => "pending",
                VideoState.Succeeded => "succeeded",
                VideoState.Moderated => "moderated",
                _ => "failed",
            });
            writer.WriteNumber("looks", video.Looks);
            writer.WriteNumber("cost_ticks", video.Cost.Value);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    });

    private static void WriteRequest(Utf8JsonWriter writer, RecordedRequest request)
    {
        writer.WriteStartObject();
        writer.WriteNumber("number", request.Number);
        writer.WriteString("method", request.Method);
        writer.WriteString("path", request.Path);
        writer.WriteStartObject("headers");
        foreach (var (name, value) in request.Headers)
            writer.WriteString(name, value);
        writer.WriteEndObject();
        writer.WriteString("body", request.BodyText);
        writer.WriteNumber("body_bytes", request.BodyBytes);
        WriteNames(writer, "fields", request.Fields);
        WriteNames(writer, "unknown_fields", request.UnknownFields);
        WriteParts(writer, request.Parts);
        writer.WriteStartObject("facts");
        foreach (var (name, value) in request.Facts)
            writer.WriteString(name, value);
        writer.WriteEndObject();
        writer.WriteStringOrNull("model", request.Model);
        writer.WriteNumber("status", request.Status);
        writer.WriteStringOrNull("response_id", request.ResponseId);
        writer.WriteNumber("billed_ticks", request.Billed.Value);
        writer.WriteString("outcome", request.Outcome switch
        {
            Outcome.Answered => "answered",
            Outcome.Refused => "refused",
            Outcome.Cut => "cut",
            Outcome.Aborted => "aborted",
            _ => "open",
        });
        writer.WriteBoolean("client_aborted", request.ClientAborted);
        writer.WriteNumber("bytes_sent", request.BytesSent);
        writer.WriteEndObject();
    }

    private static void WriteParts(Utf8JsonWriter writer, IReadOnlyList<RecordedPart> parts)
    {
        writer.WriteStartArray("parts");
        foreach (var part in parts)
        {
            writer.WriteStartObject();
            writer.WriteString("name", part.Name);
            writer.WriteStringOrNull("file_name", part.FileName);
            writer.WriteStringOrNull("content_type", part.ContentType);
            writer.WriteNumber("bytes", part.Bytes);
            writer.WriteStringOrNull("sha256", part.Sha256);
            writer.WriteStringOrNull("text", part.Text);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }

    private static void WriteNames(Utf8JsonWriter writer, string name, IReadOnlyList<string> names)
    {
        writer.WriteStartArray(name);
        foreach (var each in names)
            writer.WriteStringValue(each);
        writer.WriteEndArray();
    }
}
