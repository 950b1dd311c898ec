using System.Text.Json;

namespace LlmTr.XaiSimulator.Control;

/// <summary>Reads the control endpoint's JSON: <c>{"times":1,"match":{…},…a behaviour's words…}</c>.</summary>
internal static class ScriptJson
{
    /// <summary>A behaviour, how many requests it is for, and which.</summary>
    public sealed record Entry(Behaviour Behaviour, int Times, RequestMatch Match);

    /// <summary>Reads one entry, or an array of them.</summary>
    /// <exception cref="FormatException">A word or a value is not known.</exception>
    public static IReadOnlyList<Entry> Read(JsonElement root) =>
        root.ValueKind == JsonValueKind.Array ? [.. root.EnumerateArray().Select(ReadEntry)] : [ReadEntry(root)];

    /// <summary>Reads a match; an empty one is any POST.</summary>
    /// <exception cref="FormatException">A member is not known.</exception>
    public static RequestMatch ReadMatch(JsonElement root)
    {
        var match = RequestMatch.AnyPost;
        foreach (var member in Members(root))
        {
            match = member.Name switch
            {
                "path" => match with { Path = member.Value.GetString() },
                "path_start" => match with { PathStart = member.Value.GetString() },
                "method" => match with { Method = member.Value.GetString() },
                "prompt_contains" => match with { PromptContains = member.Value.GetString() },
                "model" => match with { Model = member.Value.GetString() },
                _ => throw new FormatException($"'{member.Name}' is no part of a match; it has path, path_start, method, prompt_contains and model."),
            };
        }

        return match;
    }

    private static Entry ReadEntry(JsonElement root)
    {
        var entry = new Entry(Behaviour.None, 1, RequestMatch.AnyPost);
        foreach (var member in Members(root))
        {
            entry = member.Name switch
            {
                "times" when member.Value.TryGetInt32(out var times) && times > 0 => entry with { Times = times },
                "times" => throw new FormatException("times takes a whole number from 1."),
                "match" => entry with { Match = ReadMatch(member.Value) },
                _ => entry with { Behaviour = entry.Behaviour.With(member.Name, Text(member.Value)) },
            };
        }

        return entry;
    }

    private static JsonElement.ObjectEnumerator Members(JsonElement root) => root.ValueKind == JsonValueKind.Object
        ? root.EnumerateObject()
        : throw new FormatException("A JSON object is needed.");

    /// <summary>A value as a marker would write it.</summary>
    private static string Text(JsonElement value) => value.ValueKind == JsonValueKind.String ? value.GetString()! : value.GetRawText();
}
