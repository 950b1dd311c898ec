using System.Text.Json;
using LlmTr.Api.Tests.Running;

namespace LlmTr.Api.Tests.OpenApi;

/// <summary>One of the gateway's documents, as it is served.</summary>
public sealed class ApiDescription(JsonElement document)
{
    public static async Task<ApiDescription> ReadAsync(TestGateway gateway, string name)
    {
        using var response = await gateway.Http.GetAsync(new Uri($"/openapi/{name}.json", UriKind.Relative));
        response.EnsureSuccessStatusCode();
        return new ApiDescription(await response.JsonAsync());
    }

    public JsonElement Document => document;

    public JsonSchemaCheck Check { get; } = new(document);

    public IEnumerable<DescribedOperation> Operations => document.GetProperty("paths").EnumerateObject().SelectMany(static path => path.Value.EnumerateObject()
        .Select(operation => new DescribedOperation(new HttpMethod(operation.Name.ToUpperInvariant()), path.Name, operation.Value)));

    /// <summary>The answer of a status, whether it stands there itself or by reference; null when it is not described.</summary>
    public JsonElement? Answer(DescribedOperation operation, int status)
    {
        if (!operation.Json.GetProperty("responses").TryGetProperty($"{status}", out var answer))
            return null;
        return answer.TryGetProperty("$ref", out var reference)
            ? document.GetProperty("components").GetProperty("responses").GetProperty(reference.GetString()!.Split('/')[^1])
            : answer;
    }

    /// <summary>Why an answer is not what the document says; null when it is.</summary>
    public async Task<string?> ComplaintAsync(DescribedOperation operation, HttpResponseMessage response)
    {
        if (Answer(operation, (int)response.StatusCode) is not { } answer)
            return $"{operation}: the status {(int)response.StatusCode} is not described. {await response.Content.ReadAsStringAsync()}";
        var type = response.Content.Headers.ContentType?.MediaType;
        if (!answer.TryGetProperty("content", out var content) || type is null)
            return null;
        if (!content.TryGetProperty(type, out var form))
            return $"{operation}: {type} is not described for {(int)response.StatusCode}";
        return form.TryGetProperty("schema", out var schema) && Check.Complaint(schema, await response.JsonAsync()) is { } complaint ? $"{operation}: {complaint}" : null;
    }
}

/// <summary>One method of one path.</summary>
public sealed record DescribedOperation(HttpMethod Method, string Path, JsonElement Json)
{
    /// <summary>True where a request is held and charged.</summary>
    public bool IsCharged => Method == HttpMethod.Post && Path.StartsWith("/v1/", StringComparison.Ordinal);

    /// <summary>What a body of JSON must be; null without such a body.</summary>
    public JsonElement? Schema => SchemaOf("application/json");

    /// <summary>What a form must be; null where none is taken.</summary>
    public JsonElement? Form => SchemaOf("multipart/form-data");

    /// <summary>False where the body may be left out.</summary>
    public bool NeedsBody => Json.TryGetProperty("requestBody", out var body) && body.TryGetProperty("required", out var required) && required.GetBoolean();

    /// <summary>The documented bodies of JSON.</summary>
    public IReadOnlyList<JsonElement> Examples => ExamplesOf("application/json");

    /// <summary>The documented forms, each an object with the names of files in their places.</summary>
    public IReadOnlyList<JsonElement> FormExamples => ExamplesOf("multipart/form-data");

    public override string ToString() => $"{Method} {Path}";

    private JsonElement? SchemaOf(string type) => Body(type) is { } body ? body.GetProperty("schema") : null;

    private IReadOnlyList<JsonElement> ExamplesOf(string type) => Body(type) is { } body && body.TryGetProperty("examples", out var examples)
        ? [.. examples.EnumerateObject().Select(static example => example.Value.GetProperty("value"))]
        : [];

    private JsonElement? Body(string type) => Json.TryGetProperty("requestBody", out var body) && body.GetProperty("content").TryGetProperty(type, out var one) ? one : null;
}
