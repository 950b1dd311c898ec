using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace LlmTr.Api.Tests.OpenApi;

/// <summary>Judges JSON by a schema of the document: those words of JSON Schema that the document uses, and no others, so that no rule is passed over.</summary>
public sealed class JsonSchemaCheck(JsonElement document)
{
    private static readonly HashSet<string> Known =
    [
        "type", "enum", "minimum", "maximum", "exclusiveMinimum", "minLength", "maxLength", "pattern", "properties", "required", "additionalProperties", "items", "minItems",
        "maxItems", "maxProperties", "anyOf", "$ref", "description", "format",
    ];

    /// <summary>The first thing that is wrong, with its place; null when nothing is.</summary>
    public string? Complaint(JsonElement schema, JsonElement value, string place = "$")
    {
        if (schema.ValueKind == JsonValueKind.True)
            return null;
        foreach (var word in schema.EnumerateObject())
        {
            if (!Known.Contains(word.Name))
                throw new NotSupportedException($"The schema at {place} says '{word.Name}', which is not judged here.");
            if (Complaint(schema, word, value, place) is { } complaint)
                return complaint;
        }

        return null;
    }

    private string? Complaint(JsonElement schema, JsonProperty word, JsonElement value, string place) => word.Name switch
    {
        "$ref" => Complaint(Resolve(word.Value.GetString()!), value, place),
        "type" => Types(word.Value).Any(type => Is(type, value)) ? null : $"{place} is not of type {word.Value}",
        "enum" => word.Value.EnumerateArray().Any(one => Same(one, value)) ? null : $"{place} is not one of {word.Value}",
        "anyOf" => word.Value.EnumerateArray().Any(form => Complaint(form, value, place) is null) ? null : $"{place} has none of its forms",
        _ => value.ValueKind switch
        {
            JsonValueKind.Number => OfNumber(word, value, place),
            JsonValueKind.String => OfText(word, value, place),
            JsonValueKind.Array => OfList(word, value, place),
            JsonValueKind.Object => OfObject(schema, word, value, place),
            _ => null,
        },
    };

    private JsonElement Resolve(string reference)
    {
        var found = document;
        foreach (var part in reference.TrimStart('#', '/').Split('/'))
            found = found.GetProperty(part);
        return found;
    }

    private static string? OfNumber(JsonProperty word, JsonElement value, string place)
    {
        var isWrong = word.Name switch
        {
            "minimum" => value.GetDouble() < Limit(word.Value),
            "maximum" => value.GetDouble() > Limit(word.Value),
            "exclusiveMinimum" => value.GetDouble() <= Limit(word.Value) && !IsTiny(value),
            _ => false,
        };
        return isWrong ? $"{place} is beyond its {word.Name}" : null;
    }

    // Above zero, and too small for a double to show it.
    private static bool IsTiny(JsonElement value) => value.GetRawText() is [not '-', ..] text && value.GetDouble() == 0 && text.Split('e', 'E')[0].AsSpan().ContainsAnyInRange('1', '9');

    private static string? OfText(JsonProperty word, JsonElement value, string place)
    {
        var text = value.GetString()!;
        var isWrong = word.Name switch
        {
            "minLength" => text.EnumerateRunes().Count() < word.Value.GetInt32(),
            "maxLength" => text.EnumerateRunes().Count() > word.Value.GetInt32(),
            "pattern" => !Regex.IsMatch(text, word.Value.GetString()!, RegexOptions.CultureInvariant, TimeSpan.FromSeconds(5)),
            _ => false,
        };
        return isWrong ? $"{place} breaks its {word.Name}" : null;
    }

    private string? OfList(JsonProperty word, JsonElement value, string place)
    {
        switch (word.Name)
        {
            case "minItems" when value.GetArrayLength() < word.Value.GetInt32():
            case "maxItems" when value.GetArrayLength() > word.Value.GetInt32():
                return $"{place} breaks its {word.Name}";
            case "items":
                var i = 0;
                return value.EnumerateArray().Select(item => Complaint(word.Value, item, $"{place}[{i++}]")).FirstOrDefault(static complaint => complaint is not null);
            default:
                return null;
        }
    }

    private string? OfObject(JsonElement schema, JsonProperty word, JsonElement value, string place)
    {
        switch (word.Name)
        {
            case "required":
                var missing = word.Value.EnumerateArray().Select(static name => name.GetString()!).FirstOrDefault(name => !value.TryGetProperty(name, out _));
                return missing is null ? null : $"{place} lacks {missing}";
            case "maxProperties":
                return value.EnumerateObject().Count() > word.Value.GetInt32() ? $"{place} has too many members" : null;
            case "properties":
                return value.EnumerateObject()
                    .Select(member => word.Value.TryGetProperty(member.Name, out var one) ? Complaint(one, member.Value, $"{place}.{member.Name}") : null)
                    .FirstOrDefault(static complaint => complaint is not null);
            case "additionalProperties":
                foreach (var member in value.EnumerateObject())
                {
                    if (schema.TryGetProperty("properties", out var named) && named.TryGetProperty(member.Name, out _))
                        continue;
                    if (word.Value.ValueKind == JsonValueKind.False)
                        return $"{place} has the unknown member {member.Name}";
                    if (word.Value.ValueKind == JsonValueKind.Object && Complaint(word.Value, member.Value, $"{place}.{member.Name}") is { } complaint)
                        return complaint;
                }

                return null;
            default:
                return null;
        }
    }

    private static IEnumerable<string> Types(JsonElement types) =>
        types.ValueKind == JsonValueKind.Array ? types.EnumerateArray().Select(static type => type.GetString()!) : [types.GetString()!];

    private static bool Is(string type, JsonElement value) => type switch
    {
        "string" => value.ValueKind == JsonValueKind.String,
        "number" => value.ValueKind == JsonValueKind.Number,
        "integer" => value.ValueKind == JsonValueKind.Number && Math.Floor(value.GetDouble()) == value.GetDouble(),
        "boolean" => value.ValueKind is JsonValueKind.True or JsonValueKind.False,
        "array" => value.ValueKind == JsonValueKind.Array,
        "object" => value.ValueKind == JsonValueKind.Object,
        "null" => value.ValueKind == JsonValueKind.Null,
        _ => throw new NotSupportedException($"There is no type '{type}'."),
    };

    private static bool Same(JsonElement one, JsonElement other) => one.ValueKind == JsonValueKind.Number && other.ValueKind == JsonValueKind.Number
        ? one.GetDouble().Equals(other.GetDouble())
        : JsonElement.DeepEquals(one, other);

    private static double Limit(JsonElement limit) =>
        limit.ValueKind == JsonValueKind.Number ? limit.GetDouble() : double.Parse(limit.GetString()!, CultureInfo.InvariantCulture);
}
