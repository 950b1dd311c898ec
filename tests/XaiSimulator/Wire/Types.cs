using System.Text.Json;

namespace LlmTr.XaiSimulator.Wire;

/// <summary>
/// Reads members by their types and keeps the first complaint, as a server does that turns JSON into typed values before it looks at any of them.
/// Null is absent everywhere.
/// </summary>
internal sealed class Types
{
    /// <summary>What was wrong first; null while nothing is.</summary>
    public string? Complaint { get; private set; }

    /// <summary>Keeps a complaint unless there is one already.</summary>
    public void Complain(string complaint) => Complaint ??= complaint;

    /// <summary>A member that is not null, or null.</summary>
    public static JsonElement? Member(JsonElement parent, string name) =>
        parent.TryGetProperty(name, out var member) && member.ValueKind != JsonValueKind.Null ? member : null;

    public string? Text(JsonElement parent, string name) =>
        Member(parent, name) is not { } member ? null
        : member.ValueKind == JsonValueKind.String ? member.GetString()
        : Wrong<string>(name, "a string");

    public string RequiredText(JsonElement parent, string name)
    {
        if (Member(parent, name) is null)
            Complain($"missing field `{name}`");
        return Text(parent, name) ?? "";
    }

    public bool? Flag(JsonElement parent, string name) => Member(parent, name) switch
    {
        null => null,
        { ValueKind: JsonValueKind.True } => true,
        { ValueKind: JsonValueKind.False } => false,
        _ => WrongValue<bool>(name, "a boolean"),
    };

    public double? Number(JsonElement parent, string name) =>
        Member(parent, name) is not { } member ? null
        : member.ValueKind == JsonValueKind.Number ? member.GetDouble()
        : WrongValue<double>(name, "a number");

    /// <summary>A whole number from 0. That a negative one fails as a type and not as an argument is a guess.</summary>
    public long? Count(JsonElement parent, string name) =>
        Member(parent, name) is not { } member ? null
        : member.ValueKind == JsonValueKind.Number && member.TryGetInt64(out var number) && number >= 0 ? number
        : WrongValue<long>(name, "a whole number");

    public JsonElement? Object(JsonElement parent, string name) =>
        Member(parent, name) is not { } member ? null
        : member.ValueKind == JsonValueKind.Object ? member
        : WrongValue<JsonElement>(name, "an object");

    /// <summary>The elements of an array, none where it is absent.</summary>
    public IReadOnlyList<JsonElement> Array(JsonElement parent, string name) =>
        Member(parent, name) is not { } member ? []
        : member.ValueKind == JsonValueKind.Array ? [.. member.EnumerateArray()]
        : Wrong<IReadOnlyList<JsonElement>>(name, "an array") ?? [];

    /// <summary>One of the given words.</summary>
    public string? Word(JsonElement parent, string name, params ReadOnlySpan<string> words)
    {
        var text = Text(parent, name);
        if (text is not null && !words.Contains(text))
            Complain($"{name}: unknown variant `{text}`, expected one of {string.Join(", ", words.ToArray().Select(word => $"`{word}`"))}");
        return text;
    }

    private T? Wrong<T>(string name, string expected)
        where T : class
    {
        Complain($"{name}: invalid type, expected {expected}");
        return null;
    }

    private T? WrongValue<T>(string name, string expected)
        where T : struct
    {
        Complain($"{name}: invalid type, expected {expected}");
        return null;
    }
}
