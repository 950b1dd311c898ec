using System.Text.Json;

namespace LlmTr.Xai.Video;

/// <summary>Texts in what xAI answers.</summary>
internal static class VideoText
{
    /// <summary>The text under the reader; null where it is no text, or not valid Unicode.</summary>
    public static string? Of(in Utf8JsonReader reader)
    {
        if (reader.TokenType != JsonTokenType.String)
            return null;
        try
        {
            return reader.GetString();
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }
}
