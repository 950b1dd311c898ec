using System.Text.Json;

namespace LlmTr.Api.Requests.Json;

/// <summary>How bodies of requests are read.</summary>
internal static class StrictJson
{
    /// <summary>The deepest nesting that is taken, as xAI's own parser and OpenAI's clients stay far below it.</summary>
    public const int MostDepth = 64;

    /// <summary>Neither comments nor trailing commas.</summary>
    public static readonly JsonReaderOptions Options = new() { MaxDepth = MostDepth };

    /// <summary>A reader that stands on the first token of a piece of a body that was read.</summary>
    public static Utf8JsonReader Open(ReadOnlySpan<byte> piece)
    {
        var reader = new Utf8JsonReader(piece, Options);
        reader.Read();
        return reader;
    }
}
