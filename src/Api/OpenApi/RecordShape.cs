using System.Text.Json.Nodes;
using System.Text.Json.Schema;
using System.Text.Json.Serialization.Metadata;
using LlmTr.Money;
using Microsoft.OpenApi;

namespace LlmTr.Api.OpenApi;

/// <summary>The schema of a record that the gateway's own serializer reads or writes, taken from the serializer's contract.</summary>
internal static class RecordShape
{
    private static readonly JsonSchemaExporterOptions Options = new() { TreatNullObliviousAsNonNullable = true, TransformSchemaNode = Transform };

    /// <summary>The schema.</summary>
    /// <param name="contract">The serializer's contract.</param>
    /// <param name="describe">Changes to the object's own properties by name: words, ranges, what is required.</param>
    public static OpenApiSchema Of(JsonTypeInfo contract, Action<OpenApiSchema>? describe = null)
    {
        var schema = Read(contract.GetJsonSchemaAsNode(Options));
        schema.Type &= ~JsonSchemaType.Null;
        describe?.Invoke(schema);
        return schema;
    }

    /// <summary>Says what a property means.</summary>
    public static OpenApiSchema Property(this OpenApiSchema schema, string name, string what, int? most = null, int? least = null)
    {
        var property = (OpenApiSchema)schema.Properties![name];
        property.Description = what;
        property.MaxLength = most;
        property.MinLength = least;
        return property;
    }

    /// <summary>Puts another schema in the place of a property's.</summary>
    public static void Replace(this OpenApiSchema schema, string name, OpenApiSchema by, bool isRequired = false)
    {
        schema.Properties![name] = by;
        if (isRequired)
            (schema.Required ??= new HashSet<string>(StringComparer.Ordinal)).Add(name);
    }

    // Its converter reads the digits itself, which the exporter cannot know.
    private static JsonNode Transform(JsonSchemaExporterContext context, JsonNode node) =>
        context.TypeInfo.Type == typeof(UsdTicks) || context.TypeInfo.Type == typeof(UsdTicks?)
            ? new JsonObject { ["type"] = new JsonArray("string", "number", "null"), ["pattern"] = UsdPattern, ["description"] = "USD, a decimal string or number of at most 10 decimals." }
            : node;

    private const string UsdPattern = @"^-?[0-9]+(\.[0-9]{1,10})?$";

    private static OpenApiSchema Read(JsonNode? node)
    {
        var schema = new OpenApiSchema();
        if (node is not JsonObject json)
            return schema;
        foreach (var (name, value) in json)
        {
            switch (name)
            {
                case "type":
                    schema.Type = value is JsonArray types ? types.Aggregate((JsonSchemaType)0, static (sum, one) => sum | Type(one!)) : Type(value!);
                    break;
                case "description":
                    schema.Description = value!.GetValue<string>();
                    break;
                case "pattern":
                    schema.Pattern = value!.GetValue<string>();
                    break;
                case "format":
                    schema.Format = value!.GetValue<string>();
                    break;
                case "enum":
                    schema.Enum = [.. value!.AsArray().Where(static one => one is not null).Select(static one => one!.DeepClone())];
                    schema.Type ??= JsonSchemaType.String;
                    break;
                case "properties":
                    schema.Properties = value!.AsObject().ToDictionary(static one => one.Key, static one => (IOpenApiSchema)Read(one.Value), StringComparer.Ordinal);
                    break;
                case "required":
                    schema.Required = new HashSet<string>(value!.AsArray().Select(static one => one!.GetValue<string>()), StringComparer.Ordinal);
                    break;
                case "items":
                    schema.Items = Read(value);
                    break;
                case "additionalProperties" when value is JsonObject:
                    schema.AdditionalProperties = Read(value);
                    break;
                case "additionalProperties":
                    schema.AdditionalPropertiesAllowed = value!.GetValue<bool>();
                    break;
                default:
                    throw new NotSupportedException($"The schema of a record has '{name}', which is not read here.");
            }
        }

        return schema;
    }

    private static JsonSchemaType Type(JsonNode word) => word.GetValue<string>() switch
    {
        "string" => JsonSchemaType.String,
        "number" => JsonSchemaType.Number,
        "integer" => JsonSchemaType.Integer,
        "boolean" => JsonSchemaType.Boolean,
        "array" => JsonSchemaType.Array,
        "object" => JsonSchemaType.Object,
        "null" => JsonSchemaType.Null,
        var other => throw new NotSupportedException($"The schema of a record has the type '{other}', which is not read here."),
    };
}
