using LlmTr.Api.Metering;
using LlmTr.Api.Requests;
using LlmTr.Api.Responses;
using LlmTr.Xai.Tokens;

namespace LlmTr.Api.Chat;

/// <summary><c>POST /v1/chat/completions</c>: another face of <c>/v1/responses</c>, for clients that know no other.</summary>
internal static class ChatEndpoint
{
    private const long MaxBodyBytes = 32 * 1024 * 1024;

    /// <summary>Maps the route.</summary>
    public static void MapChat(this IEndpointRouteBuilder routes) =>
        routes.MapMetered(ChatRequest.Endpoint, (http, key) => JsonCalls.RunAsync(http, key, MaxBodyBytes, (body, catalogue, metering) =>
        {
            var ceiling = http.RequestServices.GetRequiredService<InputCeiling>();
            return ChatRequest.TryParse(body.Bytes, catalogue, ceiling, out var parsed, out var error)
                ? (new TextRequest(parsed.Text, new ChatFace(parsed, http.GetRequestTrace().Id), body, ceiling, metering.Options, metering.Clock), null)
                : (null, error);
        }));
}
