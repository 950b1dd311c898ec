using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace LlmTr.Xai.Video;

/// <summary>The body of <c>POST /videos/generations</c> (xAI contract, section 6.1): the order and nothing else.</summary>
public static class VideoStartBody
{
    // xAI's own JSON is not embedded in HTML; a prompt goes out as its author wrote it.
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Writes it.</summary>
    /// <param name="order">What to make.</param>
    /// <param name="image">The UTF-8 text of the image's data URI, where the order names one in the media store; empty otherwise.</param>
    public static ReadOnlyMemory<byte> Write(VideoOrder order, ReadOnlySpan<byte> image)
    {
        var body = new ArrayBufferWriter<byte>(1024 + image.Length);
        using (var json = new Utf8JsonWriter(body, Options))
        {
            json.WriteStartObject();
            json.WriteString("model"u8, order.UpstreamModel);
            if (order.Prompt is not null)
                json.WriteString("prompt"u8, order.Prompt);
            json.WriteNumber("duration"u8, order.DurationSeconds);
            if (order.AspectRatio is not null)
                json.WriteString("aspect_ratio"u8, order.AspectRatio);
            json.WriteString("resolution"u8, order.Resolution);
            if (order.ImageUrl is not null || !image.IsEmpty)
            {
                json.WriteStartObject("image"u8);
                if (order.ImageUrl is not null)
                    json.WriteString("url"u8, order.ImageUrl);
                else
                    json.WriteString("url"u8, image);
                json.WriteEndObject();
            }

            json.WriteEndObject();
        }

        return body.WrittenMemory;
    }
}
