using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace LlmTr.Api.Tests.OpenApi;

/// <summary>Values at the ends of what a schema allows, and just beyond.</summary>
internal static class LimitCases
{
    /// <summary>The values of one field, and whether each should be taken.</summary>
    public static IEnumerable<(JsonNode? Value, bool IsTaken)> Of(JsonElement schema)
    {
        // What may be null says its words and forms one step further down.
        if (schema.TryGetProperty("anyOf", out var forms))
        {
            foreach (var form in forms.EnumerateArray().Where(static form => form.TryGetProperty("enum", out _)))
            {
                foreach (var value in form.GetProperty("enum").EnumerateArray())
                    yield return (Node(value), true);
            }

            if (!forms.EnumerateArray().Any(IsFreeText))
                yield return (JsonValue.Create("no such word"), false);
        }

        if (schema.TryGetProperty("minimum", out var least))
        {
            yield return (JsonNode.Parse(Text(least)), true);
            yield return (JsonNode.Parse(Beyond(least, -1)), false);
        }

        if (schema.TryGetProperty("maximum", out var most))
        {
            yield return (JsonNode.Parse(Text(most)), true);
            yield return (JsonNode.Parse(Beyond(most, 1)), false);
        }

        if (schema.TryGetProperty("maxLength", out var longest) && !schema.TryGetProperty("pattern", out _))
        {
            yield return (JsonValue.Create(new string('x', longest.GetInt32())), true);
            yield return (JsonValue.Create(new string('x', longest.GetInt32() + 1)), false);
        }

        // A field that only takes null is refused by name.
        if (schema.TryGetProperty("type", out var type) && type.ValueKind == JsonValueKind.String && type.GetString() == "null")
        {
            yield return (null, true);
            foreach (var refused in (JsonNode[])[JsonValue.Create("x"), JsonValue.Create(true), JsonValue.Create(7), new JsonObject(), new JsonArray()])
                yield return (refused, false);
        }
    }

    /// <summary>A valid body with this value in it, and with what the value needs beside it.</summary>
    public static JsonObject Body(DescribedOperation operation, string field, JsonNode? value)
    {
        var body = JsonNode.Parse(operation.Examples[0].GetRawText())!.AsObject();
        if (field == "messages" && operation.Path == "/v1/responses")
            body.Remove("input");
        if (field is "size")
        {
            body.Remove("aspect_ratio");
            body.Remove("resolution");
        }

        if (field is "max_tokens")
            body.Remove("max_completion_tokens");
        if (field == "images")
            body.Remove("image");
        var isRaw = field == "audio_format" && value?.ToString() is "pcm" or "mulaw" or "alaw";
        if (isRaw)
            body["sample_rate"] = 16_000;
        if (operation.Path == "/v1/audio/transcriptions" && field == "sample_rate")
            body["audio_format"] = "pcm";
        // The one model that takes the level.
        if (field == "reasoning_effort" && value?.ToString() == "xhigh")
            body["model"] = "xai/grok-4.20-multi-agent";
        body[field] = value?.DeepClone();
        return body;
    }

    private static bool IsFreeText(JsonElement form) => !form.TryGetProperty("enum", out _) && form.TryGetProperty("type", out var type) && type.ToString() == "string";

    private static JsonNode? Node(JsonElement value) => JsonNode.Parse(value.GetRawText());

    private static string Text(JsonElement limit) => limit.ValueKind == JsonValueKind.String ? limit.GetString()! : limit.GetRawText();

    private static string Beyond(JsonElement limit, int step)
    {
        var text = Text(limit);
        return text.Contains('.', StringComparison.Ordinal)
            ? (decimal.Parse(text, CultureInfo.InvariantCulture) + (step * 0.001m)).ToString(CultureInfo.InvariantCulture)
            : (long.Parse(text, CultureInfo.InvariantCulture) + step).ToString(CultureInfo.InvariantCulture);
    }
}
