using System.Text.Json;
using LlmTr.Xai.Responses;

namespace LlmTr.Xai.Images;

/// <summary>
/// What the gateway learns from an answer with images in one pass, without building it (xAI contract, section 5.3). Of a member that comes twice the
/// last one counts.
/// </summary>
public readonly record struct ImageReading
{
    /// <summary>Where the list <c>data</c> stands in the JSON that was read; not present when it is missing or no list.</summary>
    public JsonSpan Data { get; private init; }

    /// <summary>How many images the list holds: objects with a <c>url</c> or <c>b64_json</c> that is a text and not empty.</summary>
    public int Images { get; private init; }

    /// <summary>The cost.</summary>
    public ReportedUsage Usage { get; private init; }

    /// <summary>True when this is an error in place of an answer: it has an <c>error</c> or a <c>code</c>, and no list of images.</summary>
    public bool IsErrorEnvelope => HasError && !Data.IsPresent;

    private bool HasError { get; init; }

    /// <summary>Reads a whole JSON body.</summary>
    /// <param name="json">The body, UTF-8.</param>
    /// <param name="reading">What it says; offsets count from the start of the body.</param>
    /// <returns>False when this is not one whole JSON object.</returns>
    public static bool TryRead(ReadOnlySpan<byte> json, out ImageReading reading)
    {
        reading = default;
        try
        {
            var reader = JsonPass.Over(json);
            if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
                return false;
            var answer = default(ImageReading);
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                if (reader.IsNamed("data"u8))
                    answer = ReadData(ref reader, answer);
                else if (reader.IsNamed("usage"u8))
                {
                    reader.Read();
                    answer = answer with { Usage = ReportedUsage.Read(ref reader) };
                }
                else
                {
                    var isError = reader.IsNamed("error"u8) || reader.IsNamed("code"u8);
                    reader.Read();
                    answer = answer with { HasError = answer.HasError || (isError && reader.TokenType != JsonTokenType.Null) };
                    reader.Skip();
                }
            }

            if (reader.Read())
                return false;
            reading = answer;
            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    private static ImageReading ReadData(ref Utf8JsonReader reader, ImageReading answer)
    {
        reader.Read();
        if (reader.TokenType != JsonTokenType.StartArray)
        {
            reader.Skip();
            return answer with { Data = default, Images = 0 };
        }

        var start = (int)reader.TokenStartIndex;
        var images = 0;
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
            images += ReadImage(ref reader) ? 1 : 0;
        return answer with { Data = new JsonSpan(start, (int)reader.BytesConsumed - start), Images = images };
    }

    private static bool ReadImage(ref Utf8JsonReader reader)
    {
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            reader.Skip();
            return false;
        }

        var isThere = false;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var isImage = reader.IsNamed("url"u8) || reader.IsNamed("b64_json"u8);
            reader.Read();
            isThere |= isImage && reader.TokenType == JsonTokenType.String && !reader.ValueSpan.IsEmpty;
            reader.Skip();
        }

        return isThere;
    }
}
