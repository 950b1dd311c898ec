using System.Text;
using System.Text.Json;
using LlmTr.XaiSimulator.Wire;

namespace LlmTr.XaiSimulator.Responses;

/// <summary>Makes a small JSON value that fits a JSON schema: every property, the first choice, the least number.</summary>
internal sealed class SchemaSample
{
    // A schema may refer to itself; beyond this a null ends it.
    private const int Deepest = 24;

    private readonly JsonElement _root;

    private SchemaSample(JsonElement root) => _root = root;

    /// <summary>The value as JSON.</summary>
    public static string Of(JsonElement schema) =>
        Encoding.UTF8.GetString(WireJson.Value(writer => new SchemaSample(schema).Write(writer, schema, 0)));

    private void Write(Utf8JsonWriter writer, JsonElement schema, int depth)
    {
        if (schema.ValueKind != JsonValueKind.Object || depth > Deepest)
            writer.WriteNullValue();
        else if (schema.TryGetProperty("const", out var constant))
            constant.WriteTo(writer);
        else if (First(schema, "enum") is { } choice)
            choice.WriteTo(writer);
        else if ((First(schema, "anyOf") ?? First(schema, "oneOf") ?? First(schema, "allOf") ?? Referred(schema)) is { } other)
            Write(writer, other, depth + 1);
        else
            WriteTyped(writer, schema, depth);
    }

    private void WriteTyped(Utf8JsonWriter writer, JsonElement schema, int depth)
    {
        switch (TypeOf(schema))
        {
            case "object":
                writer.WriteStartObject();
                if (schema.TryGetProperty("properties", out var properties) && properties.ValueKind == JsonValueKind.Object)
                {
                    foreach (var property in properties.EnumerateObject())
                    {
                        writer.WritePropertyName(property.Name);
                        Write(writer, property.Value, depth + 1);
                    }
                }

                writer.WriteEndObject();
                break;
            case "array":
                writer.WriteStartArray();
                for (var i = 0; i < Math.Max(1, Whole(schema, "minItems")); i++)
                    Write(writer, schema.TryGetProperty("items", out var items) ? items : default, depth + 1);
                writer.WriteEndArray();
                break;
            case "string":
                writer.WriteStringValue("simulated".PadRight((int)Math.Min(10_000, Whole(schema, "minLength")), '.'));
                break;
            case "integer" or "number":
                writer.WriteNumberValue(Math.Max(Whole(schema, "minimum"), schema.TryGetProperty("exclusiveMinimum", out _) ? Whole(schema, "exclusiveMinimum") + 1 : 0));
                break;
            case "boolean":
                writer.WriteBooleanValue(true);
                break;
            default:
                writer.WriteNullValue();
                break;
        }
    }

    private static string? TypeOf(JsonElement schema)
    {
        if (!schema.TryGetProperty("type", out var type))
            return schema.TryGetProperty("properties", out _) ? "object" : null;
        return type.ValueKind switch
        {
            JsonValueKind.String => type.GetString(),
            JsonValueKind.Array => type.EnumerateArray().Select(each => each.GetString()).FirstOrDefault(each => each != "null"),
            _ => null,
        };
    }

    private static JsonElement? First(JsonElement schema, string name) =>
        schema.TryGetProperty(name, out var choices) && choices.ValueKind == JsonValueKind.Array && choices.GetArrayLength() > 0 ? choices[0] : null;

    /// <summary>What a reference inside the same schema means, or null.</summary>
    private JsonElement? Referred(JsonElement schema)
    {
        if (!schema.TryGetProperty("$ref", out var reference) || reference.GetString() is not ['#', .. var path])
            return null;
        var target = _root;
        foreach (var step in path.Split('/', StringSplitOptions.RemoveEmptyEntries))
        {
            if (target.ValueKind != JsonValueKind.Object || !target.TryGetProperty(step, out target))
                return null;
        }

        return target;
    }

    /// <summary>A bound rounded up, 0 where there is none.</summary>
    private static long Whole(JsonElement schema, string name) =>
        schema.TryGetProperty(name, out var bound) && bound.ValueKind == JsonValueKind.Number ? (long)Math.Ceiling(bound.GetDouble()) : 0;
}
