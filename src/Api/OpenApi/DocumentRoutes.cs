using System.Security.Cryptography;
using System.Text;
using LlmTr.Api.Hosting;
using LlmTr.Xai.Catalogue;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;
using Scalar.AspNetCore;

namespace LlmTr.Api.OpenApi;

/// <summary>The documents for programs at <c>/openapi</c>, and the page that shows them to people at <c>/docs</c>.</summary>
internal static class DocumentRoutes
{
    /// <summary>The page.</summary>
    public const string Page = "/docs";

    private const int NonceDigits = 32;

    /// <summary>Adds what the routes use.</summary>
    public static void AddDocuments(this IServiceCollection services)
    {
        foreach (var name in (string[])[ApiDocument.Customers, ApiDocument.Operators])
        {
            services.AddOpenApi(name, static options =>
            {
                options.OpenApiVersion = OpenApiSpecVersion.OpenApi3_1;
                options.ShouldInclude = static _ => false;
                options.AddDocumentTransformer<ApiDocument>();
            });
            services.AddKeyedSingleton<WrittenDocument>(name);
        }
    }

    /// <summary>Maps the routes.</summary>
    public static void MapDocuments(this IEndpointRouteBuilder routes)
    {
        foreach (var name in (string[])[ApiDocument.Customers, ApiDocument.Operators])
        {
            routes.MapGet($"/openapi/{name}.json", async http =>
            {
                var json = await http.RequestServices.GetRequiredKeyedService<WrittenDocument>(name).ReadAsync(http.RequestServices, http.RequestAborted);
                http.Response.ContentType = "application/json; charset=utf-8";
                http.Response.ContentLength = json.Length;
                await http.Response.BodyWriter.WriteAsync(json, http.RequestAborted);
            });
        }

        // Everything that the page needs is in the program: no fonts, no scripts and no proxy of others.
        routes.MapScalarApiReference(Page, static (options, http) =>
        {
            var nonce = RandomNumberGenerator.GetHexString(NonceDigits);
            http.Response.Headers.MarkAsPageOf(nonce);
            options.WithNonce(nonce);
            options
                .WithTitle("LlmTr.Orleans")
                .WithOpenApiRoutePattern("/openapi/{documentName}.json")
                .AddDocument(ApiDocument.Customers, "Customers")
                .AddDocument(ApiDocument.Operators, "Operators")
                .DisableDefaultFonts()
                .DisableTelemetry()
                .DisableAgent()
                .DisableMcp()
                .HideClientButton()
                .HideDeveloperTools()
                .HideModels()
                .PreserveSchemaPropertyOrder();
        });
    }
}

/// <summary>One document as it was last written: anybody may ask for it, so asking must be cheap. It is written anew when the catalogue has changed.</summary>
internal sealed class WrittenDocument([ServiceKey] string name)
{
    private volatile Written? _last;

    /// <summary>The document as JSON, UTF-8.</summary>
    public async Task<ReadOnlyMemory<byte>> ReadAsync(IServiceProvider services, CancellationToken cancellation)
    {
        var catalogue = services.GetRequiredService<ModelCatalogue>();
        if (_last is { } last && ReferenceEquals(last.Catalogue, catalogue))
            return last.Json;
        var document = await services.GetRequiredKeyedService<IOpenApiDocumentProvider>(name).GetOpenApiDocumentAsync(cancellation);
        var json = Encoding.UTF8.GetBytes(await document.SerializeAsJsonAsync(OpenApiSpecVersion.OpenApi3_1, cancellation));
        _last = new Written(catalogue, json);
        return json;
    }

    private sealed record Written(ModelCatalogue Catalogue, ReadOnlyMemory<byte> Json);
}
