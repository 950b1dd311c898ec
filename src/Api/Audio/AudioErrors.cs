using LlmTr.Api.Errors;

namespace LlmTr.Api.Audio;

/// <summary>The refusals of uploads.</summary>
internal static class AudioErrors
{
    public static ApiError FileTooLarge { get; } = ApiError.RequestTooLarge("The file is larger than 500 MB, the limit of this endpoint. Send it in parts.", "file");

    public static ApiError TooManyUploads { get; } = new(
        503, "provider_unavailable", "The gateway has as many uploads at once as it can hold. Nothing was sent and nothing charged. Try again shortly.");

    public static ApiError NotStored { get; } = new(
        503, "provider_unavailable", "The gateway cannot store the upload right now. Nothing was sent and nothing charged. Try again shortly.");

    public static ApiError UploadTooSlow { get; } = new(
        408, "invalid_request_error", "The upload took longer than this gateway waits. Nothing was sent and nothing charged.");

    public static ApiError EmptyAudio(string field) => ApiError.InvalidRequest($"The field '{field}' holds no audio.", field);

    public static ApiError NotBase64 { get; } = ApiError.InvalidRequest(
        "The field 'audio_base64' must be base64 of the audio, without 'data:' in front.", "audio_base64");
}
