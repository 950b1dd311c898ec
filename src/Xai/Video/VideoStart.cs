using System.Text.Json;
using LlmTr.Xai.Refusals;
using LlmTr.Xai.Responses;

namespace LlmTr.Xai.Video;

/// <summary>How the POST that starts a video ended.</summary>
public enum VideoStartKind
{
    /// <summary>xAI cannot have got it: it may be sent again.</summary>
    NeverSent,

    /// <summary>xAI gave it an id.</summary>
    Accepted,

    /// <summary>xAI refused it in words of its own; see <see cref="VideoStart.Refusal"/>, which may have a cost.</summary>
    Refused,

    /// <summary>It was sent, and what came back does not say whether xAI took it: nothing, half an answer, a page of the edge, a success without an id.</summary>
    Unknown,
}

/// <summary>The end of the POST that starts a video.</summary>
/// <param name="Kind">How it ended.</param>
/// <param name="RequestId">xAI's id; not null exactly when it was accepted.</param>
/// <param name="Refusal">Why it was refused; meaningful when it was.</param>
/// <param name="Why">In a few words for logs and the ledger; never a customer's text.</param>
public readonly record struct VideoStart(VideoStartKind Kind, string? RequestId, XaiRefusal Refusal, string Why)
{
    private const int LongestId = 128;

    /// <summary>Nothing left this process.</summary>
    public static VideoStart NeverSent { get; } = new(VideoStartKind.NeverSent, null, default, "xAI could not be reached");

    /// <summary>It was sent and nothing came back.</summary>
    public static VideoStart Unanswered { get; } = new(VideoStartKind.Unknown, null, default, "sent, and no answer came");

    /// <summary>xAI took it.</summary>
    public static VideoStart Accepted(string requestId) => new(VideoStartKind.Accepted, requestId, default, "accepted");

    /// <summary>Reads an answer.</summary>
    /// <param name="status">The HTTP status.</param>
    /// <param name="contentType">The media type, if there is one.</param>
    /// <param name="body">What came of the body.</param>
    /// <param name="isWhole">True when the body came to its end.</param>
    public static VideoStart Read(int status, string? contentType, ReadOnlySpan<byte> body, bool isWhole)
    {
        if (status is >= 200 and < 300)
        {
            return isWhole && TryReadId(body, out var id)
                ? Accepted(id)
                : new(VideoStartKind.Unknown, null, default, $"a success without a usable id, status {status}");
        }

        // The cost of a refusal stands at the end of its body: without the end nobody can say that there was none.
        var refusal = XaiRefusal.Read(status, contentType, body);
        return isWhole && refusal.IsReadable
            ? new(VideoStartKind.Refused, null, refusal, $"refused by xAI: {refusal.Kind}")
            : new(VideoStartKind.Unknown, null, refusal, $"unreadable answer, status {status}");
    }

    /// <summary>True for an id that can stand in a path: xAI's own are UUIDs, and nothing else may choose which path is asked for.</summary>
    public static bool IsUsableId(string? id) =>
        id is { Length: >= 1 and <= LongestId } && id.All(static c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_');

    private static bool TryReadId(ReadOnlySpan<byte> body, out string id)
    {
        id = "";
        try
        {
            var reader = JsonPass.Over(body);
            if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
                return false;
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                var isId = reader.IsNamed("request_id"u8);
                reader.Read();
                if (isId && reader.TokenType == JsonTokenType.String)
                    id = VideoText.Of(reader) ?? "";
                reader.Skip();
            }

            return !reader.Read() && IsUsableId(id);
        }
        catch (JsonException)
        {
            return false;
        }
    }
}
