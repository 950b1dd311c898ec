using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using LlmTr.Api.Audio.Transcriptions.Formats;
using LlmTr.Api.Errors;
using LlmTr.Api.Requests.Json;
using LlmTr.Grains.Abstractions;
using LlmTr.Money;
using LlmTr.Xai.Audio;
using LlmTr.Xai.Catalogue;

namespace LlmTr.Api.Audio.Transcriptions;

/// <summary>What is asked of a transcription, without the audio: read from the fields of a body of JSON or of a form. It keeps nothing of them.</summary>
internal sealed record TranscriptionOrder
{
    /// <summary>The gateway's path for this kind of request.</summary>
    public const string Endpoint = "/v1/audio/transcriptions";

    /// <summary>xAI's own path for it, which names no model.</summary>
    public const string XaiEndpoint = "/v1/stt";

    /// <summary>The samples a second of raw audio. What xAI takes is not documented; telephones are the lowest and studios the highest there is.</summary>
    internal const int LeastSampleRate = 8_000, MostSampleRate = 192_000;

    /// <summary>The characters of a language tag, of which none is longer (BCP 47, section 4.4.1).</summary>
    internal const int ShortestLanguage = 2, LongestLanguage = 35;

    /// <summary>What audio may be: containers, and the encodings that have no header.</summary>
    internal static readonly string[] AudioFormats = ["wav", "mp3", "ogg", "opus", "flac", "aac", "mp4", "m4a", "mkv", "pcm", "mulaw", "alaw"];

    /// <summary>How a transcript may come, in the order of <see cref="TranscriptFormat"/>, the default first.</summary>
    internal static readonly string[] ResponseFormats = ["json", "text", "srt", "vtt", "verbose_json"];

    /// <summary>The fields that are ignored.</summary>
    public static IReadOnlyList<TranscriptionField> Hints { get; } =
        [TranscriptionField.Temperature, TranscriptionField.Prompt, TranscriptionField.ChunkingStrategy, TranscriptionField.TimestampGranularities];

    /// <summary>The fields that xAI's own path has not: there the answer has one shape.</summary>
    internal static readonly TranscriptionField[] NotXais = [TranscriptionField.Model, TranscriptionField.ResponseFormat, TranscriptionField.Stream, .. Hints];

    private static readonly TranscriptionField[] Refused =
    [
        TranscriptionField.Url, TranscriptionField.Diarize, TranscriptionField.Multichannel, TranscriptionField.Channels, TranscriptionField.Keyterm,
        TranscriptionField.FillerWords, TranscriptionField.VadThreshold,
    ];

    /// <summary>The path that was called.</summary>
    public required string Path { get; init; }

    /// <summary>How the transcript is written for the caller.</summary>
    public required TranscriptFormat ResponseFormat { get; init; }

    /// <summary>The model that listens.</summary>
    public required TranscriptionModel Model { get; init; }

    /// <summary>The encoding of audio without a header; null for a container, which says itself what it is.</summary>
    public required RawEncoding? Raw { get; init; }

    /// <summary>The container as the caller names it; null where he does not.</summary>
    public required string? Container { get; init; }

    /// <summary>Samples a second; only with <see cref="Raw"/>, and then above zero.</summary>
    public required int SampleRate { get; init; }

    /// <summary>The language; null to let xAI find out.</summary>
    public required string? Language { get; init; }

    /// <summary>True for numbers and the like in written form.</summary>
    public required bool Format { get; init; }

    /// <summary>The length that the caller states.</summary>
    public required AudioLength? Stated { get; init; }

    /// <summary>The most that the caller wants to pay.</summary>
    public required UsdTicks? MaxBudget { get; init; }

    /// <summary>Names of fields that were ignored.</summary>
    public required IReadOnlyList<string> IgnoredFields { get; init; }

    /// <summary>Checks the fields, all but the audio.</summary>
    /// <param name="body">The fields.</param>
    /// <param name="path"><see cref="Endpoint"/> or <see cref="XaiEndpoint"/>.</param>
    /// <param name="catalogue">What is sold.</param>
    /// <param name="order">The order; null when an error is returned.</param>
    public static ApiError? Read(RequestBody<TranscriptionField> body, string path, ModelCatalogue catalogue, out TranscriptionOrder? order)
    {
        order = null;
        string? audioFormat = null, language = null;
        var responseFormat = ResponseFormats[0];
        var sampleRate = 0;
        var format = false;
        AudioLength? stated = null;
        UsdTicks? budget = null;
        var refusal = (path == XaiEndpoint
                ? ModelChoice.Only(catalogue, Endpoint, out TranscriptionModel model) ?? NotXaisOf(body)
                : ModelChoice.Find(body, TranscriptionField.Model, catalogue, Endpoint, out model))
            ?? RefusedOf(body)
            ?? body.Word(TranscriptionField.ResponseFormat, ResponseFormats, ResponseFormats[0], out responseFormat)
            ?? body.OnlyFalse(TranscriptionField.Stream)
            ?? (body.Has(TranscriptionField.AudioFormat) ? body.Word(TranscriptionField.AudioFormat, AudioFormats, "", out audioFormat) : null)
            ?? body.WholeNumber(TranscriptionField.SampleRate, LeastSampleRate, MostSampleRate, 0, out sampleRate)
            ?? LanguageOf(body, out language)
            ?? body.Flag(TranscriptionField.Format, out format)
            ?? (format && language is null ? FieldChecks.Wrong(TranscriptionField.Format, "needs 'language': name the language of the audio") : null)
            ?? StatedOf(body, model, out stated)
            ?? body.Budget(TranscriptionField.MaxBudgetUsd, out budget);
        RawEncoding? raw = audioFormat switch
        {
            "pcm" => RawEncoding.Pcm,
            "mulaw" => RawEncoding.Mulaw,
            "alaw" => RawEncoding.Alaw,
            _ => null,
        };
        refusal ??= (raw, sampleRate) switch
        {
            (not null, 0) => ApiError.InvalidRequest($"The field 'sample_rate' is missing: audio in {audioFormat} has no header that tells it.", "sample_rate"),
            (null, not 0) => FieldChecks.Wrong(TranscriptionField.SampleRate, "is for audio_format pcm, mulaw and alaw only; leave it out"),
            _ => null,
        };
        if (refusal is not null)
            return refusal;
        order = new TranscriptionOrder
        {
            Path = path,
            ResponseFormat = (TranscriptFormat)Array.IndexOf(ResponseFormats, responseFormat),
            Model = model,
            Raw = raw,
            Container = raw is null ? audioFormat : null,
            SampleRate = sampleRate,
            Language = language,
            Format = format,
            Stated = stated,
            MaxBudget = budget,
            IgnoredFields = [.. Hints.Where(body.Has).Select(static field => field.Name())],
        };
        return null;
    }

    /// <summary>Tells this request from others: its fields but the audio, as they were written, and the audio's hash.</summary>
    public static Fingerprint FingerprintOf(RequestBody<TranscriptionField> body, ReadOnlySpan<byte> audioHash)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var field in Enum.GetValues<TranscriptionField>())
        {
            if (field == TranscriptionField.AudioBase64 || !body.Has(field))
                continue;
            hash.AppendData(Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{field}:{body.Raw(field).Length}:")));
            hash.AppendData(body.Raw(field));
        }

        hash.AppendData(audioHash);
        return Fingerprint.Of(hash.GetHashAndReset());
    }

    private static ApiError? NotXaisOf(RequestBody<TranscriptionField> body)
    {
        foreach (var field in NotXais)
        {
            if (body.Refused(field, $"xAI's {XaiEndpoint} has no such field; {Endpoint} has.") is { } refusal)
                return refusal;
        }

        return null;
    }

    private static ApiError? RefusedOf(RequestBody<TranscriptionField> body)
    {
        foreach (var field in Refused)
        {
            // Their clients send these as what changes nothing.
            if (body.Has(field) && body.KindOf(field) != JsonTokenType.False && body.Refused(field, "One channel of speech is written down, from a file.") is { } refusal)
                return refusal;
        }

        return null;
    }

    private static ApiError? LanguageOf(RequestBody<TranscriptionField> body, out string? language)
    {
        language = null;
        if (!body.Has(TranscriptionField.Language))
            return null;
        var word = body.Word(TranscriptionField.Language, stackalloc char[JsonText.LongestWord]);
        if (word.Length is < ShortestLanguage or > LongestLanguage || word.ContainsAnyExcept(Tag))
            return FieldChecks.Wrong(TranscriptionField.Language, "must be a language tag, such as tr or pt-BR");
        language = word.ToString();
        return null;
    }

    private static System.Buffers.SearchValues<char> Tag { get; } = System.Buffers.SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-");

    private static ApiError? StatedOf(RequestBody<TranscriptionField> body, TranscriptionModel model, out AudioLength? stated)
    {
        stated = null;
        if (!body.Has(TranscriptionField.DurationSeconds))
            return null;
        var reader = body.Open(TranscriptionField.DurationSeconds);
        if (reader.TokenType != JsonTokenType.Number
            || !AudioLength.TryParseSeconds(reader.ValueSpan, out var length)
            || !length.IsPositive
            || length > AudioLength.OfSeconds(model.MostSeconds))
        {
            return FieldChecks.Wrong(
                TranscriptionField.DurationSeconds, string.Create(CultureInfo.InvariantCulture, $"must be a number above 0 and up to {model.MostSeconds}"));
        }

        stated = length;
        return null;
    }
}
