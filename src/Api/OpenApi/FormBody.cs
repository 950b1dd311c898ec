using LlmTr.Api.Requests.Json;
using Microsoft.OpenApi;

namespace LlmTr.Api.OpenApi;

/// <summary>
/// The schema of a form, made from that of the JSON which the gateway reads it as: the same fields, so far as a form can say them. It has no null, no lists and no objects, and only
/// some of its texts are read as numbers or as true and false.
/// </summary>
internal static class FormBody
{
    /// <summary>Makes one.</summary>
    /// <param name="json">The schema of the JSON; it is used up.</param>
    /// <param name="files">The parts that the form's reader takes as files.</param>
    /// <param name="literals">The fields that it reads as numbers, true or false.</param>
    /// <param name="others">What a form has in other ways: its files and its lists.</param>
    public static OpenApiSchema Of(OpenApiSchema json, IReadOnlyCollection<string> files, IReadOnlyCollection<string> literals, params (string Name, OpenApiSchema Schema)[] others)
    {
        var said = json.Properties!
            .Where(field => !files.Contains(field.Key))
            .Select(field => (Name: field.Key, Schema: Said((OpenApiSchema)field.Value, literals.Contains(field.Key))))
            .Where(static field => field.Schema is not null);
        var form = Shape.Open("Each field is a part. An unknown one is refused.", [], [.. said.Select(static field => (field.Name, field.Schema!))]);
        foreach (var (name, schema) in others)
            form.Properties![name] = schema;
        form.Required = new HashSet<string>(json.Required!.Where(form.Properties!.ContainsKey), StringComparer.Ordinal);
        form.AdditionalPropertiesAllowed = false;
        return form;
    }

    /// <summary>A schema without some fields.</summary>
    public static OpenApiSchema Without<TField>(this OpenApiSchema schema, params IEnumerable<TField> fields)
        where TField : struct, Enum
    {
        foreach (var name in fields.Select(static field => field.Name()))
        {
            schema.Properties!.Remove(name);
            schema.Required!.Remove(name);
        }

        return schema;
    }

    /// <summary>A file.</summary>
    public static OpenApiSchema File(string? what = null) => new() { Type = JsonSchemaType.String, Format = "binary", Description = what };

    // Null where a form cannot say it.
    private static OpenApiSchema? Said(OpenApiSchema schema, bool isLiteral)
    {
        if (schema.AnyOf is { } forms)
        {
            OpenApiSchema[] left = [.. forms.Select(form => Said((OpenApiSchema)form, isLiteral)).OfType<OpenApiSchema>()];
            if (left.Length != 1)
                return left.Length == 0 ? null : Shape.AnyOf(schema.Description ?? "", left);
            left[0].Description = schema.Description ?? left[0].Description;
            return left[0];
        }

        if (schema.Type is null)
            return schema;
        schema.Type &= JsonSchemaType.String | (isLiteral ? JsonSchemaType.Boolean | JsonSchemaType.Number | JsonSchemaType.Integer : 0);
        return schema.Type == 0 ? null : schema;
    }
}
