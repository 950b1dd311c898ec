using System.Text.Json;
using LlmTr.Api.Tests.Running;
using LlmTr.Api.Tests.Video;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace LlmTr.Api.Tests.OpenApi;

/// <summary>What the documents say is what the gateway does.</summary>
public sealed class DocumentTests(SharedGateway shared) : IClassFixture<SharedGateway>
{
    // Not part of the API: the documents and their page themselves, what Prometheus reads, and paths that are refused by name.
    private static readonly string[] Undescribed =
    [
        "/openapi/v1.json", "/openapi/admin.json", "/docs", "/metrics", "/v1/files/{**rest}", "/v1/realtime/{**rest}", "/v1/collections/{**rest}", "/v1/videos/edits/{**rest}",
        "/v1/videos/extensions/{**rest}",
    ];

    [Theory]
    [InlineData("v1")]
    [InlineData("admin")]
    public async Task Document_IsOpenApi31_AndNamesEveryOperationOnce(string name)
    {
        var description = await ApiDescription.ReadAsync(shared.Gateway, name);

        description.Document.Text("openapi").Should().StartWith("3.1.");
        description.Operations.Select(static operation => operation.Json.Text("operationId")).Should().NotBeEmpty().And.OnlyHaveUniqueItems();
        description.Operations.Should().OnlyContain(static operation => operation.Json.Text("summary").Length > 0);
    }

    [Fact]
    public async Task EveryRouteThatIsMapped_IsDescribed()
    {
        var routes = shared.Gateway.Services.GetRequiredService<IEnumerable<EndpointDataSource>>().SelectMany(static source => source.Endpoints).OfType<RouteEndpoint>().Distinct()
            .Where(static route => !Undescribed.Any(path => route.RoutePattern.RawText!.TrimStart('/').StartsWith(path.TrimStart('/'), StringComparison.Ordinal)))
            .SelectMany(static route => route.Metadata.GetMetadata<IHttpMethodMetadata>()?.HttpMethods.Select(method => $"{method} {route.RoutePattern.RawText!.Replace("{**", "{", StringComparison.Ordinal)}") ?? [$"ANY {route.RoutePattern.RawText}"])
            .Distinct();

        var described = new List<string>();
        foreach (var name in (string[])["v1", "admin"])
            described.AddRange((await ApiDescription.ReadAsync(shared.Gateway, name)).Operations.Select(static operation => operation.ToString()));

        described.Should().BeEquivalentTo(routes);
    }

    [Fact]
    public async Task EveryExample_IsValid_IsAccepted_AndItsAnswerIsWhatTheDocumentSays()
    {
        var description = await ApiDescription.ReadAsync(shared.Gateway, "v1");
        var key = await shared.Gateway.CreateKeyAsync("500");
        foreach (var operation in description.Operations.Where(static operation => operation.Schema is not null))
        {
            operation.Examples.Should().NotBeEmpty("{0} needs one", operation);
            foreach (var example in operation.Examples)
            {
                description.Check.Complaint(operation.Schema!.Value, example).Should().BeNull();
                using var response = await shared.Gateway.SendAsync(operation.Method, operation.Path, key.Text, example.GetRawText());
                response.IsSuccessStatusCode.Should().BeTrue("{0} answered {1}", operation, await response.Content.ReadAsStringAsync());
                (await description.ComplaintAsync(operation, response)).Should().BeNull();
            }
        }

        (await key.SettledLedgerAsync()).Should().NotBeEmpty();
        foreach (var path in (string[])["/v1/models", "/api/models", "/v1/balance", "/api/usage", "/v1/video/generations", "/health/live", "/health/ready"])
        {
            using var response = await shared.Gateway.SendAsync(HttpMethod.Get, path, key.Text, body: null);
            response.IsSuccessStatusCode.Should().BeTrue();
            (await description.ComplaintAsync(description.Operations.Single(operation => operation.Method == HttpMethod.Get && operation.Path == path), response)).Should().BeNull();
        }
    }

    [Fact]
    public async Task EveryExampleOfAForm_IsValid_IsAccepted_AndItsAnswerIsWhatTheDocumentSays()
    {
        var description = await ApiDescription.ReadAsync(shared.Gateway, "v1");
        var key = await shared.Gateway.CreateKeyAsync("500");
        var forms = description.Operations.Where(static operation => operation.Form is not null).ToArray();
        forms.Select(static operation => operation.Path).Should().BeEquivalentTo("/v1/images/edits", "/v1/audio/transcriptions", "/v1/stt");
        foreach (var operation in forms)
        {
            operation.FormExamples.Should().NotBeEmpty("{0} needs one", operation);
            foreach (var example in operation.FormExamples)
            {
                description.Check.Complaint(operation.Form!.Value, example).Should().BeNull();
                using var content = FormPart.Write(FormPart.Of(operation.Form.Value, example));
                using var response = await key.SendFormAsync(operation, content);
                response.IsSuccessStatusCode.Should().BeTrue("{0} answered {1}", operation, await response.Content.ReadAsStringAsync());
                (await description.ComplaintAsync(operation, response)).Should().BeNull();
                if (example.TryGetProperty("response_format", out var format) && format.GetString() == "verbose_json")
                    description.Check.Complaint(Verbose(description, operation), await response.JsonAsync()).Should().BeNull();
            }
        }

        (await key.SettledLedgerAsync()).Should().NotBeEmpty();
    }

    [Fact]
    public async Task VideoInXaisShape_IsToldAsTheDocumentSays_WhileItGoesOnAndWhenItIsOver()
    {
        await using var gateway = await TestGateway.StartAsync(configuration: VideoGateway.Fast);
        var description = await ApiDescription.ReadAsync(gateway, "v1");
        var poll = description.Operations.Single(static operation => operation.Json.Text("operationId") == "pollVideo");
        var key = await gateway.CreateKeyAsync();
        foreach (var (ending, last) in ((string, int)[])[("never", 202), ("done", 200), ("failed", 200), ("flagged", 200), ("expired", 200)])
        {
            using var start = await gateway.SendAsync(
                HttpMethod.Post, "/v1/videos/generations", key.Text, $$"""{"model":"grok-imagine-video","prompt":"[[sim:video={{ending}}]] {{ending}}","duration":1}""");
            var path = $"/v1/videos/{(await start.JsonAsync()).Text("request_id")}";
            using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
            for (var status = 0; status != last;)
            {
                using var response = await gateway.SendAsync(HttpMethod.Get, path, key.Text, body: null, limit.Token);
                (await description.ComplaintAsync(poll, response)).Should().BeNull();
                status = (int)response.StatusCode;
                await Task.Delay(TimeSpan.FromMilliseconds(20), limit.Token);
            }
        }
    }

    [Fact]
    public async Task EveryExampleOfOperators_IsAccepted_AndItsAnswerIsWhatTheDocumentSays()
    {
        var description = await ApiDescription.ReadAsync(shared.Gateway, "admin");
        var key = await shared.Gateway.CreateKeyAsync();
        foreach (var operation in description.Operations.Where(static operation => operation.Path != "/admin/v1/unreconciled/{id}").OrderBy(static operation => operation.Path.EndsWith("/revoke", StringComparison.Ordinal)))
        {
            string?[] bodies = operation.Schema is null ? [null] : operation.Examples.Count == 0 ? [Least(operation)] : [.. operation.Examples.Select(static example => example.GetRawText())];
            foreach (var body in bodies)
            {
                if (body is not null)
                    description.Check.Complaint(operation.Schema!.Value, JsonSerializer.Deserialize<JsonElement>(body)).Should().BeNull();
                using var response = await shared.Gateway.AdminAsync(operation.Method, operation.Path.Replace("{id}", key.Id, StringComparison.Ordinal), body, ("Idempotency-Key", operation.Path));
                response.IsSuccessStatusCode.Should().BeTrue("{0} answered {1}", operation, await response.Content.ReadAsStringAsync());
                (await description.ComplaintAsync(operation, response)).Should().BeNull();
            }
        }
    }

    /// <summary>Each word and each end of each range that the document names is taken, and what is beyond it is not.</summary>
    [Fact]
    public async Task EveryDocumentedLimit_IsTheParsersOwn()
    {
        var description = await ApiDescription.ReadAsync(shared.Gateway, "v1");
        var wrong = new List<string>();
        foreach (var operation in description.Operations.Where(static operation => operation.Schema is not null))
        {
            foreach (var field in operation.Schema!.Value.GetProperty("properties").EnumerateObject())
            {
                foreach (var (value, isTaken) in LimitCases.Of(field.Value))
                {
                    using var response = await shared.Gateway.SendAsync(
                        operation.Method, operation.Path, shared.Key.Text, LimitCases.Body(operation, field.Name, value).ToJsonString(), default, ("X-LLMTR-Dry-Run", "true"));

                    // 402: the parser took it, and it costs more than the key has.
                    var wasTaken = response.IsSuccessStatusCode || (int)response.StatusCode == 402;
                    if (wasTaken != isTaken)
                        wrong.Add($"{operation} {field.Name}: {value?.ToJsonString() ?? "null"} should{(isTaken ? "" : " not")} be taken: {await response.Content.ReadAsStringAsync()}");
                }
            }
        }

        wrong.Should().BeEmpty();
    }

    // A transcript of xAI's own shape is looser, and would let a broken one of OpenAI's pass.
    private static JsonElement Verbose(ApiDescription description, DescribedOperation operation)
    {
        var schema = description.Answer(operation, 200)!.Value.GetProperty("content").GetProperty("application/json").GetProperty("schema");
        return schema.GetProperty("anyOf").EnumerateArray().Where(static form => form.TryGetProperty("anyOf", out _)).SelectMany(static form => form.GetProperty("anyOf").EnumerateArray())
            .Single(static form => form.GetProperty("properties").TryGetProperty("segments", out _));
    }

    private static string Least(DescribedOperation operation) => operation.Path.Split('/')[^1] switch
    {
        "rotate" => """{"grace_seconds":60}""",
        "revoke" => """{"reason":"gone"}""",
        "{id}" => """{"label":"renamed","limits":{"max_concurrent":3},"expires_at":"never"}""",
        var other => throw new NotSupportedException($"{other} needs an example in the document, or a body here."),
    };
}
