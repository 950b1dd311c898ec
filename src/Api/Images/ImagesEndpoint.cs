using LlmTr.Api.Metering;

namespace LlmTr.Api.Images;

/// <summary><c>POST /v1/images/generations</c> and <c>POST /v1/images/edits</c>.</summary>
internal static class ImagesEndpoint
{
    private const long MaxGenerationBytes = 32 * 1024 * 1024;

    // Five images of 10 MiB in base64, and a prompt.
    private const long MaxEditBytes = 72 * 1024 * 1024;

    /// <summary>Maps the routes.</summary>
    public static void MapImages(this IEndpointRouteBuilder routes)
    {
        Map(routes, ImageRequest.Generations, MaxGenerationBytes);
        Map(routes, ImageRequest.Edits, MaxEditBytes);
    }

    private static void Map(IEndpointRouteBuilder routes, string path, long maxBytes) =>
        routes.MapMetered(path, (http, key) => JsonCalls.RunAsync(http, key, maxBytes, (body, catalogue, metering) =>
            ImageRequest.TryParse(body.Bytes, path, catalogue, out var parsed, out var error)
                ? (new ImageCall(parsed, body, metering.Options, metering.Clock), null)
                : (null, error)));
}
