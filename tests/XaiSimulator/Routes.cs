using LlmTr.XaiSimulator.Files;
using LlmTr.XaiSimulator.Images;
using LlmTr.XaiSimulator.Models;
using LlmTr.XaiSimulator.Responses;
using LlmTr.XaiSimulator.Serving;
using LlmTr.XaiSimulator.Speech;
using LlmTr.XaiSimulator.Transcription;
using LlmTr.XaiSimulator.Videos;
using LlmTr.XaiSimulator.Wire;

namespace LlmTr.XaiSimulator;

/// <summary>Which part of the simulator answers which path.</summary>
internal sealed class Routes(FileShelf shelf, VideoJobs jobs)
{
    private const string Voices = "/v1/tts/voices";

    /// <summary>The area of a request; for a path or a method that xAI does not have, one that refuses.</summary>
    public IArea Of(string method, string path)
    {
        var area = Exact(path) ?? Below(path);
        return area is null ? new UnknownRoute(Fault.NotFound("The requested resource does not exist."))
            : area.Methods.Contains(method) ? area
            : new UnknownRoute(Fault.MethodNotAllowed);
    }

    private IArea? Exact(string path) => path switch
    {
        "/v1/responses" => new ResponsesArea(),
        "/v1/images/generations" => new ImagesArea(shelf, isEdit: false),
        "/v1/images/edits" => new ImagesArea(shelf, isEdit: true),
        "/v1/videos/generations" => new VideoStartArea(jobs),
        "/v1/tts" => new SpeechArea(),
        "/v1/stt" => new TranscriptionArea(),
        "/v1/api-key" => new KeyArea(),
        Voices => new VoicesArea(null),
        _ => Listings.All.FirstOrDefault(listing => listing.Path == path) is { } listing ? new ListingArea(listing, null) : null,
    };

    private IArea? Below(string path)
    {
        if (FileArea.Roots.Any(root => path.StartsWith(root, StringComparison.Ordinal)))
            return new FileArea(shelf);
        var slash = path.LastIndexOf('/');
        var (parent, id) = (path[..Math.Max(0, slash)], path[(slash + 1)..]);
        if (id.Length == 0)
            return null;
        if (parent == "/v1/videos")
            return new VideoPollArea(jobs, shelf, id);
        if (parent == Voices)
            return new VoicesArea(id);
        return Listings.All.FirstOrDefault(listing => listing.Path == parent) is { } listing ? new ListingArea(listing, id) : null;
    }
}
