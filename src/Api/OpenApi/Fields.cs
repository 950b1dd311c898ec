using LlmTr.Api.Requests.Json;
using Microsoft.OpenApi;

namespace LlmTr.Api.OpenApi;

/// <summary>
/// The schema of a body whose fields are the members of the parser's own enum: the document cannot name a field that the parser does not know, nor leave one out.
/// </summary>
internal static class Fields
{
    /// <summary>The schema of a body. Null means absent in every field that is not required, and in one that the parser does not know, which is refused otherwise.</summary>
    /// <param name="required">What must be there.</param>
    /// <param name="fields">Every field of the enum, once.</param>
    /// <exception cref="InvalidOperationException">A field is missing, or there twice.</exception>
    public static OpenApiSchema Of<TField>(IReadOnlyCollection<TField> required, params (TField Field, OpenApiSchema Schema)[] fields)
        where TField : struct, Enum
    {
        var missing = Enum.GetValues<TField>().Except(fields.Select(static field => field.Field)).ToArray();
        if (missing.Length > 0 || fields.Length != Enum.GetValues<TField>().Length)
            throw new InvalidOperationException($"The fields of {typeof(TField).Name} must be described once each; not described: {string.Join(", ", missing)}.");
        var schema = Shape.Open(
            "Null means absent. An unknown field is refused unless it is null.",
            required.Select(static field => field.Name()),
            [.. fields.Select(field => (field.Field.Name(), required.Contains(field.Field) ? field.Schema : Shape.OrNull(field.Schema)))]);
        schema.AdditionalProperties = new OpenApiSchema { Type = JsonSchemaType.Null };
        return schema;
    }

    /// <summary>A field that only takes the most that the caller wants to pay.</summary>
    public static OpenApiSchema MaxBudget() => Shape.AnyOf(
        "The most that the caller wants to pay, in USD, above zero; a quote above it is a 402 budget_exceeded. Not forwarded.",
        new OpenApiSchema { Type = JsonSchemaType.Number, ExclusiveMinimum = "0" },
        Shape.Text("The same as a decimal string of at most 10 decimals.", pattern: @"^[0-9]+(\.[0-9]{1,10})?$"));
}
