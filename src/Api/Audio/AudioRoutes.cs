using LlmTr.Api.Audio.Speech;
using LlmTr.Api.Audio.Transcriptions;
using LlmTr.Silo.Hosting;
using LlmTr.Silo.Sqlite;
using Microsoft.Extensions.Options;

namespace LlmTr.Api.Audio;

/// <summary>What the gateway needs to add for speech and transcriptions.</summary>
internal static class AudioRoutes
{
    /// <summary>Adds what the routes use. The uploads of a process before this one are deleted.</summary>
    /// <param name="services">Where to.</param>
    /// <param name="folder">The data folder, locked: uploads lie in it while they are on their way.</param>
    public static void AddAudio(this IServiceCollection services, DataFolder folder)
    {
        services.AddSettings<AudioOptions>("Audio").Validate(static options => options.IsValid, AudioOptions.Requirement);
        services.AddSingleton(static services => services.GetRequiredService<IOptions<AudioOptions>>().Value);
        var spool = Path.Combine(folder.Path, "spool");
        AudioSpool.Clear(spool);
        services.AddSingleton(services => new AudioSpool(spool, services.GetRequiredService<AudioOptions>()));
    }

    /// <summary>Maps the routes.</summary>
    public static void MapAudio(this IEndpointRouteBuilder routes)
    {
        routes.MapSpeech();
        routes.MapTranscriptions();
    }
}
