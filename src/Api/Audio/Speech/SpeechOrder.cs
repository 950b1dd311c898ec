using System.Buffers;
using System.Text.Json;
using LlmTr.Api.Errors;
using LlmTr.Api.Requests.Json;
using LlmTr.Money;
using LlmTr.Xai.Catalogue;

namespace LlmTr.Api.Audio.Speech;

/// <summary>A valid request for speech: what is to be said, how, and what it costs. Pure; it keeps the body's bytes until <see cref="WriteForwardBody"/>.</summary>
internal sealed class SpeechOrder
{
    /// <summary>The gateway's path for this kind of request.</summary>
    public const string Endpoint = "/v1/audio/speech";

    /// <summary>The path that was called.</summary>
    public required string Path { get; init; }

    /// <summary>The model that speaks.</summary>
    public required SpeechModel Model { get; init; }

    /// <summary>What is to be said: a JSON string, as it stands in the body.</summary>
    public required ReadOnlyMemory<byte> Text { get; init; }

    /// <summary>How fast: a JSON number, as it stands in the body; empty for xAI's own.</summary>
    public required ReadOnlyMemory<byte> Speed { get; init; }

    /// <summary>xAI's name of the voice.</summary>
    public required string Voice { get; init; }

    /// <summary>The language as xAI writes it.</summary>
    public required string Language { get; init; }

    /// <summary>The codec.</summary>
    public required string Format { get; init; }

    /// <summary>The sample rate in hertz; null for xAI's own.</summary>
    public required int? SampleRate { get; init; }

    /// <summary>The bit rate in bits a second; null for xAI's own.</summary>
    public required int? BitRate { get; init; }

    /// <summary>Characters that are spoken and billed.</summary>
    public required int Characters { get; init; }

    /// <summary>The most that the caller wants to pay.</summary>
    public required UsdTicks? MaxBudget { get; init; }

    /// <summary>What it costs, known beforehand.</summary>
    public UsdTicks Cost => Model.PricePerCharacter * Characters;

    /// <summary>Reads and checks a request.</summary>
    /// <param name="json">The whole body.</param>
    /// <param name="catalogue">What is sold.</param>
    /// <param name="order">The order; null when an error is returned.</param>
    public static ApiError? Read(ReadOnlyMemory<byte> json, ModelCatalogue catalogue, out SpeechOrder? order)
    {
        order = null;
        return RequestBody<SpeechField>.Read(json, out var body) ?? Check(body, catalogue, out order);
    }

    /// <summary>Writes the body that xAI gets (xAI contract, section 7.1).</summary>
    public void WriteForwardBody(IBufferWriter<byte> writer)
    {
        using var json = new Utf8JsonWriter(writer);
        json.WriteStartObject();
        json.WritePropertyName("text"u8);
        json.WriteRawValue(Text.Span, skipInputValidation: true);
        json.WriteString("voice_id"u8, Voice);
        json.WriteString("language"u8, Language);
        json.WriteStartObject("output_format"u8);
        json.WriteString("codec"u8, Format);
        if (SampleRate is { } sampleRate)
            json.WriteNumber("sample_rate"u8, sampleRate);
        if (BitRate is { } bitRate)
            json.WriteNumber("bit_rate"u8, bitRate);
        json.WriteEndObject();
        if (!Speed.IsEmpty)
        {
            json.WritePropertyName("speed"u8);
            json.WriteRawValue(Speed.Span, skipInputValidation: true);
        }

        json.WriteEndObject();
    }

    private static ApiError? Check(RequestBody<SpeechField> body, ModelCatalogue catalogue, out SpeechOrder? order)
    {
        order = null;
        string voice = "", language = "", format = "";
        int? sampleRate = null, bitRate = null;
        var characters = 0;
        UsdTicks? budget = null;
        var refusal = ModelChoice.Find(body, SpeechField.Model, catalogue, Endpoint, out SpeechModel model)
            ?? body.Refused(SpeechField.Instructions, "xAI's voices take no instructions; choose another voice or speed.")
            ?? body.OnlyWord(SpeechField.StreamFormat, "audio")
            ?? SpeechChecks.Input(body, SpeechField.Input, model, out characters)
            ?? SpeechChecks.Voice(body, SpeechField.Voice, model, out voice)
            ?? SpeechChecks.Language(body, SpeechField.Language, model, out language)
            ?? body.Word(SpeechField.ResponseFormat, model.Formats, model.Formats[0], out format)
            ?? body.Number(SpeechField.Speed, model.LeastSpeedPercent / 100.0, model.MostSpeedPercent / 100.0)
            ?? SpeechChecks.OneOf(body, SpeechField.SampleRate, model.SampleRates, out sampleRate)
            ?? SpeechChecks.OneOf(body, SpeechField.BitRate, model.BitRates, out bitRate)
            ?? (bitRate is not null && format != "mp3" ? FieldChecks.Wrong(SpeechField.BitRate, "is for mp3 only; leave it out") : null)
            ?? body.Budget(SpeechField.MaxBudgetUsd, out budget);
        if (refusal is not null)
            return refusal;
        order = new SpeechOrder
        {
            Path = Endpoint,
            Text = body.RawMemory(SpeechField.Input),
            Speed = body.RawMemory(SpeechField.Speed),
            Model = model,
            Voice = voice,
            Language = language,
            Format = format,
            SampleRate = sampleRate,
            BitRate = bitRate,
            Characters = characters,
            MaxBudget = budget,
        };
        return null;
    }
}
