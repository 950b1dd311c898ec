using LlmTr.Api.Errors;
using LlmTr.Api.Hosting;
using LlmTr.Api.Metering;
using LlmTr.Api.Requests;
using LlmTr.Api.Requests.Forms;

namespace LlmTr.Api.Images;

/// <summary><c>POST /v1/images/generations</c> and <c>POST /v1/images/edits</c>.</summary>
internal static class ImagesEndpoint
{
    /// <summary>The largest edit in bytes, as JSON or as a form: five images of 10 MiB in base64, and a prompt.</summary>
    public const long MaxEditBytes = 72 * 1024 * 1024;

    private const long MaxGenerationBytes = 32 * 1024 * 1024;

    /// <summary>Maps the routes.</summary>
    public static void MapImages(this IEndpointRouteBuilder routes)
    {
        routes.MapMetered(ImageRequest.Generations, static (http, key) => JsonCalls.RunAsync(http, key, MaxGenerationBytes, Parse(ImageRequest.Generations)));
        routes.MapMetered(ImageRequest.Edits, static async (http, key) => await JsonCalls.RunAsync(
            http, key, Form.IsForm(http.Request) ? await ReadFormAsync(http) : await PooledBody.ReadAsync(http, MaxEditBytes), Parse(ImageRequest.Edits)));
    }

    private static JsonCalls.Parse Parse(string path) => (body, catalogue, metering) =>
        ImageRequest.TryParse(body.Bytes, path, catalogue, out var parsed, out var error)
            ? (new ImageCall(parsed, body, metering.Options, metering.Clock), null)
            : (null, error);

    private static async Task<(PooledBody? Body, ApiError? Error)> ReadFormAsync(HttpContext http)
    {
        // A client that has gone is noticed by the read itself. At a shutdown nobody waits for what is still to come.
        var stopping = http.RequestServices.GetRequiredService<GracefulStop>().Leaving;
        try
        {
            return await ImageForm.ReadAsync(http, stopping);
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            http.Response.Headers.Connection = "close";
            return (null, GatewayErrors.Stopping);
        }
    }
}
