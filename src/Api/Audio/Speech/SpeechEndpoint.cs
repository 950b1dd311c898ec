using LlmTr.Api.Errors;
using LlmTr.Api.Keys;
using LlmTr.Api.Metering;
using LlmTr.Api.Requests;
using LlmTr.Xai.Catalogue;

namespace LlmTr.Api.Audio.Speech;

/// <summary><c>POST /v1/audio/speech</c>, and <c>POST /v1/tts</c> as xAI's clients know it.</summary>
internal static class SpeechEndpoint
{
    private const long MaxBodyBytes = 32 * 1024 * 1024;

    private delegate ApiError? Reading(ReadOnlyMemory<byte> json, ModelCatalogue catalogue, out SpeechOrder? order);

    /// <summary>Maps the routes.</summary>
    public static void MapSpeech(this IEndpointRouteBuilder routes)
    {
        routes.MapMetered(SpeechOrder.Endpoint, static (http, key) => HandleAsync(http, key, SpeechOrder.Read));
        routes.MapMetered(TtsBody.Endpoint, static (http, key) => HandleAsync(http, key, TtsBody.Read));
    }

    private static async Task HandleAsync(HttpContext http, PresentedKey key, Reading read)
    {
        var services = http.RequestServices;
        var (body, error) = await PooledBody.ReadAsync(http, MaxBodyBytes);
        if (body is null)
        {
            await ErrorWriter.WriteAsync(http, error!);
            return;
        }

        // The order points into the body, which must outlive the call.
        using (body)
        {
            if (read(body.Bytes, services.GetRequiredService<ModelCatalogue>(), out var order) is { } refusal)
            {
                await ErrorWriter.WriteAsync(http, refusal);
                return;
            }

            var metering = services.GetRequiredService<MeteringServices>();
            using var call = new MeteredCall(http, key, new SpeechRequest(order!, body, services.GetRequiredService<AudioOptions>(), metering), metering);
            await call.RunAsync();
        }
    }
}
