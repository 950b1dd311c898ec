using System.Text.Json.Nodes;
using LlmTr.Api.OpenApi.Operations;
using LlmTr.Xai.Catalogue;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace LlmTr.Api.OpenApi;

/// <summary>Fills a document with the routes that are mapped, described by the <see cref="Book"/>.</summary>
/// <param name="endpoints">What is mapped.</param>
/// <param name="catalogue">What is on sale.</param>
internal sealed class ApiDocument(EndpointDataSource endpoints, ModelCatalogue catalogue) : IOpenApiDocumentTransformer
{
    /// <summary>The document of customers.</summary>
    public const string Customers = "v1";

    /// <summary>The document of operators.</summary>
    public const string Operators = "admin";

    private const string KeyScheme = "key", TokenScheme = "adminToken", Quote = "Quote";

    /// <inheritdoc/>
    public Task TransformAsync(OpenApiDocument document, OpenApiDocumentTransformerContext context, CancellationToken cancellationToken)
    {
        var isForOperators = context.DocumentName == Operators;
        var operations = Book.Of(catalogue).Where(operation => operation.Caller == Caller.Operator == isForOperators && IsMapped(operation)).ToArray();
        document.Info = new OpenApiInfo
        {
            Title = isForOperators ? "LlmTr.Orleans: operators" : "LlmTr.Orleans",
            Version = typeof(ApiDocument).Assembly.GetName().Version!.ToString(3),
            Description = isForOperators
                ? "Keys, their money and what became of it. Every route needs the admin token."
                : "A prepaid gateway to xAI's Grok models. Every answer carries X-Request-Id and Server-Timing; one that is charged and no stream also carries X-LLMTR-Cost-USD and X-LLMTR-Balance-USD.",
        };
        document.Servers = [new OpenApiServer { Url = "/" }];
        document.Tags = new HashSet<OpenApiTag>(operations.Select(static operation => operation.Tag).Distinct().Select(static tag => new OpenApiTag { Name = tag }));
        document.AddComponent(Refusals.Envelope, Refusals.EnvelopeSchema());
        if (!isForOperators)
            document.AddComponent(Quote, QuoteSchema());
        foreach (var status in operations.SelectMany(RefusalsOf).Distinct().Order())
            document.AddComponent($"E{status}", Refusals.Of(status, document));
        document.AddComponent(isForOperators ? TokenScheme : KeyScheme, new OpenApiSecurityScheme
        {
            Type = SecuritySchemeType.Http,
            Scheme = "bearer",
            Description = isForOperators ? "The admin token." : "A key, llmtr-….",
        });

        document.Paths = [];
        foreach (var route in operations.GroupBy(static operation => ShownPath(operation.Path)))
        {
            document.Paths[route.Key] = new OpenApiPathItem
            {
                Operations = route.ToDictionary(static operation => operation.Method, operation => Shown(operation, document)),
            };
        }

        return Task.CompletedTask;
    }

    /// <summary>A route's pattern as OpenAPI writes it: <c>{**id}</c> is <c>{id}</c>.</summary>
    public static string ShownPath(string pattern) => pattern.Replace("{**", "{", StringComparison.Ordinal);

    private bool IsMapped(Operation operation) => endpoints.Endpoints.OfType<RouteEndpoint>().Any(endpoint =>
        endpoint.RoutePattern.RawText == operation.Path
        && endpoint.Metadata.GetMetadata<IHttpMethodMetadata>()?.HttpMethods.Contains(operation.Method.Method) == true);

    private static IEnumerable<int> RefusalsOf(Operation operation) => operation.IsCharged ? Refusals.OfCharged : operation.Refusals;

    private static OpenApiOperation Shown(Operation operation, OpenApiDocument document)
    {
        var names = operation.Path.Split('/').Where(static part => part.StartsWith('{')).Select(static part => part.Trim('{', '}', '*'));
        var shown = new OpenApiOperation
        {
            OperationId = operation.Id,
            Summary = operation.Summary,
            Description = operation.Description,
            Tags = new HashSet<OpenApiTagReference> { new(operation.Tag, document) },
            Parameters = [.. names.Select(Parameters.Path), .. operation.Parameters, .. operation.IsCharged ? Parameters.OfCharged() : []],
            Responses = [],
            Security = operation.Caller switch
            {
                Caller.Customer => [new() { [new OpenApiSecuritySchemeReference(KeyScheme, document)] = [] }],
                Caller.Operator => [new() { [new OpenApiSecuritySchemeReference(TokenScheme, document)] = [] }],
                _ => [],
            },
        };
        if (operation.Bodies.Count > 0)
        {
            shown.RequestBody = new OpenApiRequestBody
            {
                Required = !operation.BodyIsOptional,
                Content = operation.Bodies.ToDictionary(static body => body.MediaType, static body => Shown(body), StringComparer.Ordinal),
            };
        }

        foreach (var answer in operation.Answers)
            shown.Responses[$"{answer.Status}"] = Shown(answer, operation, document);
        foreach (var status in RefusalsOf(operation))
            shown.Responses[$"{status}"] = new OpenApiResponseReference($"E{status}", document);
        return shown;
    }

    private static OpenApiResponse Shown(Answer answer, Operation operation, OpenApiDocument document)
    {
        var contents = answer.Contents.ToDictionary(
            static content => content.MediaType, static content => new OpenApiMediaType { Schema = content.Schema }, StringComparer.Ordinal);
        var headers = new Dictionary<string, IOpenApiHeader>(StringComparer.Ordinal) { ["X-Request-Id"] = Header("Names the request in the ledger, the usage and every refusal.") };
        if (operation.IsCharged && answer.Status == StatusCodes.Status200OK)
        {
            // A dry run answers in the same place.
            var quote = new OpenApiSchemaReference(Quote, document);
            contents[Body.Json] = new OpenApiMediaType
            {
                Schema = contents.TryGetValue(Body.Json, out var own) && own.Schema is { } schema ? new OpenApiSchema { AnyOf = [schema, quote] } : quote,
            };
            headers["X-LLMTR-Cost-USD"] = Header("What was charged; not on a stream, nor where a job has only begun.");
            headers["X-LLMTR-Balance-USD"] = Header("What is available after it; where the cost is.");
            headers["X-LLMTR-Ignored-Fields"] = Header("The hints in the body that were ignored.");
        }

        return new OpenApiResponse { Description = answer.What, Headers = headers, Content = contents };
    }

    private static OpenApiHeader Header(string what) => new() { Description = what, Schema = Shape.Text("") };

    private static OpenApiSchema QuoteSchema() => Shape.Exact(
        "The answer to X-LLMTR-Dry-Run: what the request can cost at most, and what is there for it.",
        ("quote_usd", Shape.Text("")), ("quote_ticks", Shape.Whole("", 0)), ("available_usd", Shape.Text("")));

    private static OpenApiMediaType Shown(Body body) => new()
    {
        Schema = body.Schema,
        Examples = body.Examples.Length == 0 ? null : body.Examples.ToDictionary(
            static example => example.Name, static example => (IOpenApiExample)new OpenApiExample { Value = JsonNode.Parse(example.Json) }, StringComparer.Ordinal),
    };
}
