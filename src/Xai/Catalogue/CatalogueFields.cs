using System.Collections.Immutable;
using System.Text.Json;

namespace LlmTr.Xai.Catalogue;

/// <summary>
/// The members of one object of the catalogue file. Each is read by name and checked at once; <see cref="Finish"/> complains about those
/// that nobody asked for. Every complaint is one sentence with the place in front.
/// </summary>
internal sealed class CatalogueFields
{
    private readonly JsonElement _object;
    private readonly string _place;
    private readonly string _path;
    private readonly HashSet<string> _read = new(StringComparer.Ordinal);

    /// <param name="element">What should be an object.</param>
    /// <param name="place">File and model, as in <c>models.json: model 'xai/grok-4.3'</c>.</param>
    /// <param name="path">The object's own path with a dot behind it, or empty for the outermost.</param>
    public CatalogueFields(JsonElement element, string place, string path)
    {
        (_object, _place, _path) = (element, place, path);
        if (element.ValueKind != JsonValueKind.Object)
            throw new CatalogueException($"{place}: {(path.Length == 0 ? "the entry" : $"'{path.TrimEnd('.')}'")} must be an object.");
    }

    /// <summary>A whole number within a range.</summary>
    public long Number(string name, long least, long most)
    {
        var value = Required(name, $"a whole number from {least} to {most}");
        return value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out var number) && number >= least && number <= most
            ? number
            : throw Wrong(name, $"must be a whole number from {least} to {most}");
    }

    /// <summary>True or false.</summary>
    public bool Flag(string name)
    {
        var value = Required(name, "true or false");
        return value.ValueKind switch
        {
            JsonValueKind.True => true,
            JsonValueKind.False => false,
            _ => throw Wrong(name, "must be true or false"),
        };
    }

    /// <summary>A text of at least one character.</summary>
    public string Text(string name)
    {
        var value = Required(name, "a text");
        return value.ValueKind == JsonValueKind.String && value.GetString() is { Length: > 0 } text
            ? text
            : throw Wrong(name, "must be a text that is not empty");
    }

    /// <summary>A list of at least one text, each of which satisfies a rule.</summary>
    public ImmutableArray<string> Texts(string name, Predicate<string> holds, string rule)
    {
        var value = Required(name, $"a list of {rule}");
        if (value.ValueKind != JsonValueKind.Array || value.GetArrayLength() == 0)
            throw Wrong(name, $"must be a list of {rule} that is not empty");
        var texts = ImmutableArray.CreateBuilder<string>();
        foreach (var element in value.EnumerateArray())
        {
            if (element.ValueKind != JsonValueKind.String || element.GetString() is not { } text || !holds(text) || texts.Contains(text))
                throw Wrong(name, $"must be a list of {rule}, none of them twice");
            texts.Add(text);
        }

        return texts.ToImmutable();
    }

    /// <summary>A list of at least one whole number within a range, none of them twice.</summary>
    public ImmutableArray<int> Numbers(string name, int least, int most)
    {
        var rule = $"a list of whole numbers from {least} to {most}";
        var value = Required(name, rule);
        if (value.ValueKind != JsonValueKind.Array || value.GetArrayLength() == 0)
            throw Wrong(name, $"must be {rule} that is not empty");
        var numbers = ImmutableArray.CreateBuilder<int>();
        foreach (var element in value.EnumerateArray())
        {
            if (element.ValueKind != JsonValueKind.Number || !element.TryGetInt32(out var number) || number < least || number > most || numbers.Contains(number))
                throw Wrong(name, $"must be {rule}, none of them twice");
            numbers.Add(number);
        }

        return numbers.ToImmutable();
    }

    /// <summary>A list of objects, which may be empty.</summary>
    public IEnumerable<JsonElement> Objects(string name)
    {
        var value = Required(name, "a list");
        return value.ValueKind == JsonValueKind.Array ? value.EnumerateArray() : throw Wrong(name, "must be a list");
    }

    /// <summary>Passes over a note, a text for people; there may be none.</summary>
    public void Note(string name)
    {
        if (_object.TryGetProperty(name, out _))
            Text(name);
    }

    /// <summary>An object inside this one.</summary>
    public CatalogueFields Object(string name) => new(Required(name, "an object"), _place, $"{_path}{name}.");

    /// <summary>An object inside this one, or null where there is none.</summary>
    public CatalogueFields? ObjectIfThere(string name) => _object.TryGetProperty(name, out _) ? Object(name) : null;

    /// <summary>The names of all members, for an object whose names are data.</summary>
    public IEnumerable<string> Names() => _object.EnumerateObject().Select(member => member.Name);

    /// <summary>Complains about the first member that nothing has read.</summary>
    public void Finish()
    {
        foreach (var member in _object.EnumerateObject())
        {
            if (!_read.Contains(member.Name))
                throw Wrong(member.Name, "is not a known field");
        }
    }

    /// <summary>A complaint about one field, to be thrown.</summary>
    public CatalogueException Wrong(string name, string complaint) => new($"{_place}: '{_path}{name}' {complaint}.");

    private JsonElement Required(string name, string expected)
    {
        _read.Add(name);
        return _object.TryGetProperty(name, out var value) ? value : throw Wrong(name, $"is missing; it must be {expected}");
    }
}
