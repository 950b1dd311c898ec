using System.Text.Json.Nodes;
using Microsoft.OpenApi;

namespace LlmTr.Api.OpenApi;

/// <summary>The refusals: one envelope, and what each status means.</summary>
internal static class Refusals
{
    /// <summary>The envelope's name among the document's schemas.</summary>
    public const string Envelope = "Error";

    private static readonly Dictionary<int, (string What, string[] Types)> Known = new()
    {
        [400] = ("Not JSON, a missing, unknown or out-of-range field, something that the model or this gateway does not do, or a result that xAI refused.",
            ["invalid_request_error", "unsupported_operation", "unsupported_capability", "content_moderated"]),
        [401] = ("No, malformed, unknown or revoked key; one message for all four.", ["auth_error"]),
        [402] = ("The available balance is below the hold, or the quote above max_budget_usd.", ["insufficient_balance", "budget_exceeded"]),
        [403] = ("The model is not on the key's list, or the key is expired or disabled.", ["forbidden"]),
        [404] = ("No such model, job, key or path.", ["model_not_found", "not_found"]),
        [408] = ("The body came too slowly.", ["invalid_request_error"]),
        [409] = ("The Idempotency-Key came before; details tell of the first request.", ["idempotency_conflict", "invalid_request_error"]),
        [410] = ("The model is retired; details name its replacement.", ["model_retired"]),
        [413] = ("The body, or the input in tokens, is above its limit.", ["request_too_large"]),
        [416] = ("No such range of the file.", ["invalid_request_error"]),
        [429] = ("A limit or period budget of the key, or xAI's own. Has Retry-After.", ["rate_limit_exceeded", "budget_exceeded"]),
        [500] = ("A fault of the gateway's.", ["internal_error"]),
        [502] = ("xAI failed, or its answer could not be read.", ["provider_error"]),
        [503] = ("xAI, the accounts or a free place cannot be had at present. Has Retry-After.", ["provider_unavailable"]),
        [504] = ("xAI did not answer in time.", ["timeout"]),
    };

    /// <summary>What every request that is charged can meet.</summary>
    public static IReadOnlyList<int> OfCharged { get; } = [400, 401, 402, 403, 404, 408, 409, 410, 413, 429, 500, 502, 503, 504];

    /// <summary>The envelope.</summary>
    public static OpenApiSchema EnvelopeSchema() => Shape.Exact("Every refusal has this form.", ("error", ErrorSchema()));

    /// <summary>The answer of a status.</summary>
    public static OpenApiResponse Of(int status, OpenApiDocument document)
    {
        var (what, types) = Known[status];
        return new OpenApiResponse
        {
            Description = $"{what} `type`: {string.Join(", ", types.Select(static type => $"`{type}`"))}.",
            Content = new Dictionary<string, OpenApiMediaType>(StringComparer.Ordinal)
            {
                [Body.Json] = new OpenApiMediaType { Schema = new OpenApiSchemaReference(Envelope, document), Example = Example(types[0], what) },
            },
        };
    }

    private static OpenApiSchema ErrorSchema()
    {
        var words = Known.Values.SelectMany(static known => known.Types).Distinct().Order(StringComparer.Ordinal).ToArray();
        var schema = Shape.Open(
            "What went wrong.",
            ["message", "type", "param", "code", "request_id"],
            ("message", Shape.Text("For people: what was wrong and what to do. English, or Turkish where Accept-Language prefers it.", least: 1)),
            ("type", Shape.Word("For programs.", words)),
            ("param", Shape.OrNull(Shape.Text("The field at fault."))),
            ("code", Shape.Word("Repeats type, for OpenAI's clients.", words)),
            ("request_id", Shape.Text("The same as X-Request-Id.")),
            ("details", Shape.Open("Only where there is something to say.", [])));
        schema.AdditionalPropertiesAllowed = false;
        return schema;
    }

    private static JsonObject Example(string type, string message) => new()
    {
        ["error"] = new JsonObject
        {
            ["message"] = message,
            ["type"] = type,
            ["param"] = null,
            ["code"] = type,
            ["request_id"] = "req_0192f0c4b7a87aaaaaaaaaaaaaaaaaaa",
        },
    };
}
