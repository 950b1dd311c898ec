using System.Text.Json;
using LlmTr.Xai.Refusals;
using LlmTr.Xai.Responses;

namespace LlmTr.Xai.Video;

/// <summary>Reads the body of a 2xx answer to a poll (xAI contract, section 6.2), in one pass.</summary>
internal ref struct VideoObject
{
    private string? _status;
    private string? _url;
    private int? _seconds;
    private bool? _respectsModeration;
    private bool _hasVideo;
    private int? _progress;
    private string? _code;
    private string? _message;
    private ReportedUsage _usage;

    /// <summary>What the body says. A 202 without a body is pending; any other that is no JSON object says nothing.</summary>
    public static VideoPoll Read(int status, ReadOnlySpan<byte> body)
    {
        var video = default(VideoObject);
        if (!video.TryRead(body))
        {
            var isEmpty = body.Trim(" \t\r\n"u8).IsEmpty;
            return new VideoPoll { Kind = status == 202 && isEmpty ? VideoPollKind.Pending : VideoPollKind.NoAnswer, Status = status };
        }

        return new VideoPoll
        {
            Kind = video.Kind(),
            Progress = video._progress,
            Url = string.IsNullOrWhiteSpace(video._url) ? null : video._url,
            Seconds = video._seconds,
            Cost = video._usage.Cost,
            Code = RefusalText.Clean(video._code),
            Message = RefusalText.Clean(video._message),
            Status = status,
        };
    }

    private readonly VideoPollKind Kind() => _status switch
    {
        // Documented: done, but with this flag and no URL that could be used.
        "done" => _respectsModeration == false ? VideoPollKind.Moderated : VideoPollKind.Done,
        "failed" => VideoPollKind.Failed,
        "expired" => VideoPollKind.Expired,
        null when _hasVideo => _respectsModeration == false ? VideoPollKind.Moderated : string.IsNullOrWhiteSpace(_url) ? VideoPollKind.Pending : VideoPollKind.Done,
        _ => VideoPollKind.Pending,
    };

    private bool TryRead(ReadOnlySpan<byte> body)
    {
        try
        {
            var reader = JsonPass.Over(body);
            if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
                return false;
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                if (reader.IsNamed("status"u8))
                    _status = NextText(ref reader);
                else if (reader.IsNamed("progress"u8))
                    _progress = NextCount(ref reader, most: 100);
                else if (reader.IsNamed("video"u8))
                    ReadVideo(ref reader);
                else if (reader.IsNamed("error"u8))
                    ReadError(ref reader);
                else if (reader.IsNamed("usage"u8))
                {
                    reader.Read();
                    _usage = ReportedUsage.Read(ref reader);
                }
                else
                    reader.Skip();
            }

            // Nothing may follow; the reader throws if something does.
            return !reader.Read();
        }
        catch (JsonException)
        {
            return false;
        }
    }

    private void ReadVideo(ref Utf8JsonReader reader)
    {
        reader.Read();
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            reader.Skip();
            return;
        }

        _hasVideo = true;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.IsNamed("url"u8))
                _url = NextText(ref reader);
            else if (reader.IsNamed("duration"u8))
                _seconds = NextCount(ref reader, most: 3600);
            else if (reader.IsNamed("respect_moderation"u8))
            {
                reader.Read();
                _respectsModeration = reader.TokenType switch { JsonTokenType.True => true, JsonTokenType.False => false, _ => null };
                reader.Skip();
            }
            else
                reader.Skip();
        }
    }

    private void ReadError(ref Utf8JsonReader reader)
    {
        reader.Read();
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            _message = VideoText.Of(reader);
            reader.Skip();
            return;
        }

        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.IsNamed("code"u8))
                _code = NextText(ref reader);
            else if (reader.IsNamed("message"u8))
                _message = NextText(ref reader);
            else
                reader.Skip();
        }
    }

    private static string? NextText(ref Utf8JsonReader reader)
    {
        reader.Read();
        var text = VideoText.Of(reader);
        reader.Skip();
        return text;
    }

    private static int? NextCount(ref Utf8JsonReader reader, int most)
    {
        reader.Read();
        return JsonPass.ReadCount(ref reader) is { } count && count <= most ? (int)count : null;
    }
}
