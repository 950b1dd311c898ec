using System.Text.Json.Nodes;

namespace LlmTr.Api.Tests.Fuzz;

/// <summary>Values that break parsers: of every type, at the ends of ranges, with strange text, huge, deep.</summary>
internal static class NastyValues
{
    // As they stand in JSON, since many cannot be written from a value.
    private static readonly string[] Raw =
    [
        "null", "true", "false", "0", "-0", "-1", "1", "1.5", "0.1", "1e400", "-1e400", "1e-400", "2147483648", "-2147483649", "9223372036854775808", "99999999999999999999999999", "0.00000000001",
        "[]", "{}", "[[]]", "[null]", "[{}]", "[1,2,3]", "{\"\":\"\"}", "{\"type\":null}", "{\"type\":\"function\"}", "{\"url\":7}", "{\"url\":\"\"}", "{\"file_id\":\"f\"}", "{\"type\":\"input_file\"}",
        "\"\"", "\" \"", "\"xai/grok-4.3\"", "\"none\"", "\"0\"", "\"true\"", "\"null\"", "\"NaN\"", "\"-1\"", "\"1e5\"", "\"../../etc/passwd\"", "\"'; drop table keys; --\"", "\"\\u0000\"",
        "\"\\ud83d\\ude00\"", "\"\\ud83d\"", "\"\\ude00\\ud83d\"", "\"\\ufeff\"", "\"\\u202e\\u200b\\u0301\"", "\"ığüşöçİ\"", "\"😀👩‍👩‍👧\"", "\"\\\\\\\"\\/\\b\\f\\n\\r\\t\"", "\"%s%n%x{0}\"",
        "\"data:image/png;base64,\"", "\"https://\"", "\"http://127.0.0.1/\"", "\"file:///etc/passwd\"", "\"*\"",
    ];

    /// <summary>One of them as text.</summary>
    public static string Text(Random random) => random.Next(12) switch
    {
        0 => $"\"{new string((char)('a' + random.Next(26)), 1 << random.Next(4, 18))}\"",
        1 => Deep(random.Next(2, 90), random),
        2 => $"[{string.Join(',', Enumerable.Repeat("{}", random.Next(1, 300)))}]",
        _ => Raw[random.Next(Raw.Length)],
    };

    /// <summary>Lists and objects within each other.</summary>
    public static string Deep(int levels, Random random) => random.Next(2) == 0
        ? new string('[', levels) + new string(']', levels)
        : string.Concat(Enumerable.Repeat("{\"a\":", levels)) + "1" + new string('}', levels);

    /// <summary>The places in a body where a value can be put: every member and element, at any depth.</summary>
    public static IReadOnlyList<(JsonNode Parent, string? Name, int Index)> Places(JsonNode body)
    {
        var places = new List<(JsonNode, string?, int)>();
        Collect(body, places);
        return places;
    }

    private static void Collect(JsonNode? node, List<(JsonNode, string?, int)> places)
    {
        if (node is JsonObject json)
        {
            foreach (var (name, value) in json)
            {
                places.Add((json, name, -1));
                Collect(value, places);
            }
        }
        else if (node is JsonArray list)
        {
            for (var i = 0; i < list.Count; i++)
            {
                places.Add((list, null, i));
                Collect(list[i], places);
            }
        }
    }
}
