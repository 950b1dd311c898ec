using System.Globalization;
using System.Text.Json.Nodes;
using Microsoft.OpenApi;

namespace LlmTr.Api.OpenApi;

/// <summary>Makes the schemas that the document is written in.</summary>
internal static class Shape
{
    public static OpenApiSchema Text(string what, int? least = null, int? most = null, string? pattern = null) =>
        new() { Type = JsonSchemaType.String, Description = Said(what), MinLength = least, MaxLength = most, Pattern = pattern };

    /// <summary>One of some words, compared exactly.</summary>
    public static OpenApiSchema Word(string what, params IEnumerable<string> words) =>
        new() { Type = JsonSchemaType.String, Description = Said(what), Enum = [.. words.Select(static word => (JsonNode)JsonValue.Create(word))] };

    public static OpenApiSchema Whole(string what, long? least = null, long? most = null) =>
        new() { Type = JsonSchemaType.Integer, Description = Said(what), Minimum = least?.ToString(CultureInfo.InvariantCulture), Maximum = most?.ToString(CultureInfo.InvariantCulture) };

    /// <summary>One of some whole numbers.</summary>
    public static OpenApiSchema OneOf(string what, IEnumerable<int> numbers) =>
        new() { Type = JsonSchemaType.Integer, Description = Said(what), Enum = [.. numbers.Select(static number => (JsonNode)JsonValue.Create(number))] };

    /// <summary>A number within limits, which are written as they stand in JSON.</summary>
    public static OpenApiSchema Number(string what, string? least = null, string? most = null) =>
        new() { Type = JsonSchemaType.Number, Description = Said(what), Minimum = least, Maximum = most };

    public static OpenApiSchema Flag(string what) => new() { Type = JsonSchemaType.Boolean, Description = Said(what) };

    /// <summary>Only one value: the one that changes nothing.</summary>
    public static OpenApiSchema Only(JsonSchemaType type, JsonNode value, string? what = null) =>
        new() { Type = type, Description = what ?? "Accepted at the value that changes nothing.", Enum = [value] };

    /// <summary>Only false.</summary>
    public static OpenApiSchema OnlyFalse() => Only(JsonSchemaType.Boolean, JsonValue.Create(false));

    /// <summary>Only zero.</summary>
    public static OpenApiSchema OnlyZero() => Only(JsonSchemaType.Number, JsonValue.Create(0));

    /// <summary>A field that is refused by name: nothing but null, which means absent, is taken.</summary>
    public static OpenApiSchema Refused(string why) => new() { Type = JsonSchemaType.Null, Description = $"Refused. {why}" };

    /// <summary>A hint that is taken and changes nothing; the answer's <c>X-LLMTR-Ignored-Fields</c> names it.</summary>
    public static OpenApiSchema Ignored() => new() { Description = "Ignored: changes neither answer nor price. X-LLMTR-Ignored-Fields names it." };

    public static OpenApiSchema List(string what, OpenApiSchema item, int? least = null, int? most = null) =>
        new() { Type = JsonSchemaType.Array, Description = Said(what), Items = item, MinItems = least, MaxItems = most };

    /// <summary>An object that may have members that are not named here.</summary>
    public static OpenApiSchema Open(string what, IEnumerable<string> required, params (string Name, OpenApiSchema Schema)[] members) => new()
    {
        Type = JsonSchemaType.Object,
        Description = Said(what),
        Required = new HashSet<string>(required, StringComparer.Ordinal),
        Properties = members.ToDictionary(static member => member.Name, static member => (IOpenApiSchema)member.Schema, StringComparer.Ordinal),
    };

    /// <summary>An object with these members and no others, all of them there.</summary>
    public static OpenApiSchema Exact(string what, params (string Name, OpenApiSchema Schema)[] members)
    {
        var schema = Open(what, members.Select(static member => member.Name), members);
        schema.AdditionalPropertiesAllowed = false;
        return schema;
    }

    public static OpenApiSchema AnyOf(string what, params OpenApiSchema[] forms) => new() { Description = Said(what), AnyOf = [.. forms] };

    /// <summary>The same, or null.</summary>
    public static OpenApiSchema OrNull(OpenApiSchema schema)
    {
        switch (schema)
        {
            case { Enum: null, AnyOf: null, Type: null } or { Type: JsonSchemaType.Null }:
                return schema;
            case { AnyOf: { } forms }:
                forms.Add(new OpenApiSchema { Type = JsonSchemaType.Null });
                return schema;
            case { Enum: null }:
                schema.Type |= JsonSchemaType.Null;
                return schema;
            default:
                // A list of values would have to name null itself.
                var what = schema.Description;
                schema.Description = null;
                return AnyOf(what ?? "", schema, new OpenApiSchema { Type = JsonSchemaType.Null });
        }
    }

    // What explains itself needs no words.
    private static string? Said(string? what) => what is { Length: > 0 } ? what : null;
}
