using System.Globalization;
using System.Net.Http.Headers;
using System.Text;

namespace LlmTr.Api.Audio.Transcriptions;

/// <summary>
/// What xAI gets: the fields that it knows, then the file, which must be the last part (xAI contract, section 7.2). Of the caller's own file name only the kind is kept.
/// </summary>
internal static class TranscriptionForm
{
    private static readonly string[] Kinds = ["wav", "mp3", "ogg", "opus", "flac", "aac", "mp4", "m4a", "mkv", "webm", "mov"];

    /// <summary>Makes the form.</summary>
    /// <param name="order">What is asked.</param>
    /// <param name="audio">The audio.</param>
    /// <param name="fileName">The caller's name of it; null without one.</param>
    public static HttpContent Of(TranscriptionOrder order, SpooledAudio audio, string? fileName)
    {
        var form = new MultipartFormDataContent();
        if (order.Language is { } language)
            Add(form, "language", language);
        if (order.Format)
            Add(form, "format", "true");

        // At xAI this field means audio without a header: a container's name must not go there.
        if (order.Raw is { } raw)
        {
            Add(form, "audio_format", raw.ToString().ToLowerInvariant());
            Add(form, "sample_rate", order.SampleRate.ToString(CultureInfo.InvariantCulture));
        }

        var file = audio.Content();
        file.Headers.ContentType = new MediaTypeHeaderValue("application/octet-stream");
        file.Headers.ContentDisposition = new ContentDispositionHeaderValue("form-data") { Name = "\"file\"", FileName = $"\"{FileName(order, fileName)}\"" };
        form.Add(file);
        return form;
    }

    private static string FileName(TranscriptionOrder order, string? given)
    {
        var kind = order.Container ?? Kinds.FirstOrDefault(kind => given?.EndsWith($".{kind}", StringComparison.OrdinalIgnoreCase) == true);
        return kind is null || order.Raw is not null ? "audio" : $"audio.{kind}";
    }

    private static void Add(MultipartFormDataContent form, string name, string value)
    {
        var part = new ByteArrayContent(Encoding.UTF8.GetBytes(value));
        part.Headers.ContentDisposition = new ContentDispositionHeaderValue("form-data") { Name = $"\"{name}\"" };
        form.Add(part);
    }
}
