using Microsoft.OpenApi;

namespace LlmTr.Api.OpenApi;

/// <summary>What stands beside the body: in the query, in headers, in the path.</summary>
internal static class Parameters
{
    public static OpenApiParameter Query(string name, OpenApiSchema schema) => Of(name, ParameterLocation.Query, schema);

    public static OpenApiParameter Header(string name, OpenApiSchema schema, bool isRequired = false) => Of(name, ParameterLocation.Header, schema, isRequired);

    public static OpenApiParameter Path(string name) => Of(name, ParameterLocation.Path, Shape.Text("", least: 1), isRequired: true);

    /// <summary>What every request that is charged takes.</summary>
    public static IReadOnlyList<OpenApiParameter> OfCharged() =>
    [
        Header("Idempotency-Key", Shape.Text(
            "A name of the caller's for this request: a repeat within 24 hours is never charged again. For a video it is the same job, elsewhere a 409.",
            1, Metering.IdempotencyKey.MostChars)),
        Header(Metering.DryRun.Header, Shape.Word(
            "true checks and quotes, and neither sends nor holds: 200 with quote_usd, quote_ticks and available_usd. Any other value than these two is a 400.", "true", "false")),
    ];

    private static OpenApiParameter Of(string name, ParameterLocation place, OpenApiSchema schema, bool isRequired = false)
    {
        var what = schema.Description;
        schema.Description = null;
        return new OpenApiParameter { Name = name, In = place, Schema = schema, Required = isRequired, Description = what };
    }
}
