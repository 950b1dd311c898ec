using LlmTr.Api.Errors;
using LlmTr.Api.Keys;
using LlmTr.Api.Metering;
using LlmTr.Api.Requests;
using LlmTr.Xai.Catalogue;
using LlmTr.Xai.Tokens;

namespace LlmTr.Api.Responses;

/// <summary><c>POST /v1/responses</c>.</summary>
internal static class ResponsesEndpoint
{
    private const long MaxBodyBytes = 32 * 1024 * 1024;

    /// <summary>Maps the route.</summary>
    public static void MapResponses(this IEndpointRouteBuilder routes) => routes.MapMetered(ResponsesRequest.Endpoint, HandleAsync);

    private static async Task HandleAsync(HttpContext http, PresentedKey key)
    {
        var services = http.RequestServices;
        var metering = services.GetRequiredService<MeteringServices>();
        var (body, error) = await PooledBody.ReadAsync(http, MaxBodyBytes);
        if (body is null)
        {
            await ErrorWriter.WriteAsync(http, error!);
            return;
        }

        // The parsed request points into the body, which must outlive the call.
        using (body)
        {
            if (!ResponsesRequest.TryParse(
                body.Bytes, services.GetRequiredService<ModelCatalogue>(), services.GetRequiredService<InputCeiling>(), out var parsed, out error))
            {
                await ErrorWriter.WriteAsync(http, error);
                return;
            }

            using var call = new MeteredCall(http, key, new TextRequest(parsed, body.Bytes, metering.Options, metering.Clock), metering);
            await call.RunAsync();
        }
    }
}
