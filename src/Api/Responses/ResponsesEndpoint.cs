using LlmTr.Api.Metering;
using LlmTr.Xai.Tokens;

namespace LlmTr.Api.Responses;

/// <summary><c>POST /v1/responses</c>.</summary>
internal static class ResponsesEndpoint
{
    private const long MaxBodyBytes = 32 * 1024 * 1024;

    /// <summary>Maps the route.</summary>
    public static void MapResponses(this IEndpointRouteBuilder routes) =>
        routes.MapMetered(ResponsesRequest.Endpoint, (http, key) => JsonCalls.RunAsync(http, key, MaxBodyBytes, (body, catalogue, metering) =>
        {
            var ceiling = http.RequestServices.GetRequiredService<InputCeiling>();
            return ResponsesRequest.TryParse(body.Bytes, catalogue, ceiling, out var parsed, out var error)
                ? (new TextRequest(parsed, new ResponsesFace(parsed), body, ceiling, metering.Options, metering.Clock), null)
                : (null, error);
        }));
}
