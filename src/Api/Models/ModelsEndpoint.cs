using System.Buffers;
using System.Text.Json;

using LlmTr.Api.Errors;
using LlmTr.Api.Requests.Json;
using LlmTr.Xai.Catalogue;

namespace LlmTr.Api.Models;

/// <summary><c>GET /v1/models</c>, <c>GET /v1/models/{id}</c> and <c>GET /api/models</c>: the catalogue, for everyone. No key is needed.</summary>
internal static class ModelsEndpoint
{
    private const string OwnedBy = "xai";

    /// <summary>Maps the routes.</summary>
    public static void MapModels(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/v1/models", ListAsync);

        // An id holds a slash, which a client may send as it is or as %2F.
        routes.MapGet("/v1/models/{**id}", OneAsync);
        routes.MapGet("/api/models", PricesAsync);
    }

    private static Task ListAsync(HttpContext http) => WriteAsync(http, json =>
    {
        json.WriteStartObject();
        json.WriteString("object"u8, "list"u8);
        json.WriteStartArray("data"u8);
        foreach (var model in OnSale(http))
            Write(json, model);
        json.WriteEndArray();
        json.WriteEndObject();
    });

    private static Task OneAsync(HttpContext http)
    {
        var id = Uri.UnescapeDataString((string)http.Request.RouteValues["id"]!);
        var catalogue = http.RequestServices.GetRequiredService<ModelCatalogue>();
        if (catalogue.TryFind(id, out var model) && !model.Disabled)
            return WriteAsync(http, json => Write(json, model));
        return ErrorWriter.WriteAsync(http, catalogue.TryFindRetired(id, out var retired)
            ? ApiError.ModelRetired(ModelChoice.Prefixed(id), retired)
            : ApiError.ModelNotFound($"The model '{JsonText.Shown(id)}' does not exist. On sale: {string.Join(", ", OnSale(http).Select(sold => sold.Id))}."));
    }

    private static Task PricesAsync(HttpContext http)
    {
        var query = http.Request.Query;
        var operation = query["operation"].ToString();
        var modality = query["modality"].ToString();
        var models = OnSale(http).ToArray();
        var operations = models.SelectMany(model => model.Endpoints).Select(ModelPrices.Operation).Distinct().ToArray();
        var modalities = models.SelectMany(Modalities).Distinct().ToArray();
        if ((Unknown(operation, "operation", operations) ?? Unknown(modality, "modality", modalities)) is { } refusal)
            return ErrorWriter.WriteAsync(http, refusal);

        return WriteAsync(http, json =>
        {
            json.WriteStartObject();
            json.WriteStartArray("data"u8);
            foreach (var model in models)
            {
                var prices = ModelPrices.Of(model).Where(price => operation.Length == 0 || Same(price.Operation, operation)).ToArray();
                if (prices.Length > 0 && (modality.Length == 0 || Modalities(model).Any(known => Same(known, modality))))
                    WriteOffer(json, model, prices);
            }

            json.WriteEndArray();
            json.WriteEndObject();
        });
    }

    private static ApiError? Unknown(string said, string name, string[] known) => said.Length == 0 || known.Any(word => Same(word, said))
        ? null
        : ApiError.InvalidRequest($"'{name}' must be one of {string.Join(", ", known)}.", name);

    private static bool Same(string one, string other) => string.Equals(one, other, StringComparison.OrdinalIgnoreCase);

    private static IEnumerable<CatalogueModel> OnSale(HttpContext http) =>
        http.RequestServices.GetRequiredService<ModelCatalogue>().Models.Where(model => !model.Disabled);

    private static IEnumerable<string> Modalities(CatalogueModel model) => model.InputModalities.Concat(model.OutputModalities).Distinct();

    private static void Write(Utf8JsonWriter json, CatalogueModel model)
    {
        json.WriteStartObject();
        json.WriteString("id"u8, model.Id);
        json.WriteString("object"u8, "model"u8);
        json.WriteNumber("created"u8, model.CreatedUnixSeconds);
        json.WriteString("owned_by"u8, OwnedBy);
        WriteList(json, "endpoints", model.Endpoints);
        json.WriteStartObject("modalities"u8);
        WriteList(json, "input", model.InputModalities);
        WriteList(json, "output", model.OutputModalities);
        json.WriteEndObject();
        if (model is TextModel text)
            json.WriteNumber("context_length"u8, text.ContextTokens);
        else
            json.WriteNull("context_length"u8);
        WritePrices(json, [.. ModelPrices.Of(model)]);
        json.WriteEndObject();
    }

    private static void WriteOffer(Utf8JsonWriter json, CatalogueModel model, ModelPrice[] prices)
    {
        json.WriteStartObject();
        json.WriteString("canonicalId"u8, model.Id);
        WriteList(json, "modalities", Modalities(model));
        WriteList(json, "operations", model.Endpoints.Select(ModelPrices.Operation));
        WritePrices(json, prices);
        json.WriteEndObject();
    }

    private static void WritePrices(Utf8JsonWriter json, ModelPrice[] prices)
    {
        json.WriteStartArray("pricing"u8);
        foreach (var price in prices)
        {
            json.WriteStartObject();
            json.WriteString("operation"u8, price.Operation);
            json.WriteString("metric"u8, price.Metric);
            json.WriteString("unit"u8, price.Unit);
            json.WriteString("price"u8, price.Price.ToUsdString());
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void WriteList(Utf8JsonWriter json, string name, IEnumerable<string> texts)
    {
        json.WriteStartArray(name);
        foreach (var text in texts)
            json.WriteStringValue(text);
        json.WriteEndArray();
    }

    private static async Task WriteAsync(HttpContext http, Action<Utf8JsonWriter> write)
    {
        var body = new ArrayBufferWriter<byte>(4096);
        using (var json = new Utf8JsonWriter(body))
            write(json);
        http.Response.ContentType = "application/json; charset=utf-8";
        http.Response.ContentLength = body.WrittenCount;
        await http.Response.BodyWriter.WriteAsync(body.WrittenMemory, http.RequestAborted);
    }
}
