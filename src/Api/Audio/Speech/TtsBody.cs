using LlmTr.Api.Errors;
using LlmTr.Api.Requests.Json;
using LlmTr.Money;
using LlmTr.Xai.Catalogue;

namespace LlmTr.Api.Audio.Speech;

/// <summary>Reads xAI's own speech request, which names no model, into the same order.</summary>
internal static class TtsBody
{
    /// <summary>xAI's own path.</summary>
    public const string Endpoint = "/v1/tts";

    /// <summary>Reads and checks a request.</summary>
    /// <param name="json">The whole body.</param>
    /// <param name="catalogue">What is sold.</param>
    /// <param name="order">The order; null when an error is returned.</param>
    public static ApiError? Read(ReadOnlyMemory<byte> json, ModelCatalogue catalogue, out SpeechOrder? order)
    {
        order = null;
        SpeechModel model = null!;
        var characters = 0;
        string voice = "", language = "";
        UsdTicks? budget = null;
        var output = default(Output);
        if ((RequestBody<TtsField>.Read(json, out var body) ?? ModelChoice.Only(catalogue, SpeechOrder.Endpoint, out model)) is { } unread)
            return unread;
        var refusal = body.OnlyZero(TtsField.OptimizeStreamingLatency)
            ?? body.OnlyFalse(TtsField.WithTimestamps)
            ?? body.Refused(TtsField.TextNormalization, "Send the text as it is to be spoken.")
            ?? body.Refused(TtsField.Replace, "Send the text as it is to be spoken.")
            ?? SpeechChecks.Input(body, TtsField.Text, model, out characters)
            ?? SpeechChecks.Voice(body, TtsField.VoiceId, model, out voice)
            ?? SpeechChecks.Language(body, TtsField.Language, model, out language)
            ?? OutputOf(body, model, out output)
            ?? body.Number(TtsField.Speed, model.LeastSpeedPercent / 100.0, model.MostSpeedPercent / 100.0)
            ?? body.Budget(TtsField.MaxBudgetUsd, out budget);
        if (refusal is not null)
            return refusal;
        order = new SpeechOrder
        {
            Path = Endpoint,
            Model = model,
            Text = body.RawMemory(TtsField.Text),
            Voice = voice,
            Language = language,
            Format = output.Codec,
            SampleRate = output.SampleRate,
            BitRate = output.BitRate,
            Speed = body.RawMemory(TtsField.Speed),
            Characters = characters,
            MaxBudget = budget,
        };
        return null;
    }

    private static ApiError? OutputOf(RequestBody<TtsField> body, SpeechModel model, out Output output)
    {
        output = new Output(model.Formats[0], null, null);
        if (!body.Has(TtsField.OutputFormat))
            return null;
        if (body.KindOf(TtsField.OutputFormat) != System.Text.Json.JsonTokenType.StartObject)
            return FieldChecks.Wrong(TtsField.OutputFormat, "must be an object, such as {\"codec\":\"mp3\"}");
        var codec = model.Formats[0];
        int? sampleRate = null, bitRate = null;
        var refusal = RequestBody<TtsFormatField>.Read(body.RawMemory(TtsField.OutputFormat), out var format)
            ?? (format.Has(TtsFormatField.Codec) ? null : ApiError.InvalidRequest("The field 'output_format' needs a 'codec'.", "codec"))
            ?? format.Word(TtsFormatField.Codec, model.Formats, codec, out codec)
            ?? SpeechChecks.OneOf(format, TtsFormatField.SampleRate, model.SampleRates, out sampleRate)
            ?? SpeechChecks.OneOf(format, TtsFormatField.BitRate, model.BitRates, out bitRate)
            ?? (bitRate is not null && codec != "mp3" ? FieldChecks.Wrong(TtsFormatField.BitRate, "is for mp3 only; leave it out") : null);
        output = new Output(codec, sampleRate, bitRate);
        return refusal is null ? null : refusal with { Param = $"output_format.{refusal.Param}" };
    }

    private readonly record struct Output(string Codec, int? SampleRate, int? BitRate);
}
