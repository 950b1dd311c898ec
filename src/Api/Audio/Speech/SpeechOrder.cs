using System.Buffers;
using System.Globalization;
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

    private readonly RequestBody<SpeechField> _body;

    private SpeechOrder(RequestBody<SpeechField> body) => _body = body;

    /// <summary>The model that speaks.</summary>
    public required SpeechModel Model { get; init; }

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
        json.WriteRawValue(_body.Raw(SpeechField.Input), skipInputValidation: true);
        json.WriteString("voice_id"u8, Voice);
        json.WriteString("language"u8, Language);
        json.WriteStartObject("output_format"u8);
        json.WriteString("codec"u8, Format);
        if (SampleRate is { } sampleRate)
            json.WriteNumber("sample_rate"u8, sampleRate);
        if (BitRate is { } bitRate)
            json.WriteNumber("bit_rate"u8, bitRate);
        json.WriteEndObject();
        if (_body.Has(SpeechField.Speed))
        {
            json.WritePropertyName("speed"u8);
            json.WriteRawValue(_body.Raw(SpeechField.Speed), skipInputValidation: true);
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
            ?? Input(body, model, out characters)
            ?? Voiced(body, model, out voice)
            ?? Spoken(body, model, out language)
            ?? body.Word(SpeechField.ResponseFormat, model.Formats, model.Formats[0], out format)
            ?? body.Number(SpeechField.Speed, model.LeastSpeedPercent / 100.0, model.MostSpeedPercent / 100.0)
            ?? OneOf(body, SpeechField.SampleRate, model.SampleRates, out sampleRate)
            ?? OneOf(body, SpeechField.BitRate, model.BitRates, out bitRate)
            ?? (bitRate is not null && format != "mp3" ? FieldChecks.Wrong(SpeechField.BitRate, "is for mp3 only; leave it out") : null)
            ?? body.Budget(SpeechField.MaxBudgetUsd, out budget);
        if (refusal is not null)
            return refusal;
        order = new SpeechOrder(body)
        {
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

    private static ApiError? Input(RequestBody<SpeechField> body, SpeechModel model, out int characters)
    {
        characters = 0;
        if (!body.Has(SpeechField.Input))
            return ApiError.InvalidRequest("The field 'input' is missing; send the text to be spoken.", "input");
        if (body.KindOf(SpeechField.Input) != JsonTokenType.String)
            return FieldChecks.Wrong(SpeechField.Input, "must be a string");
        characters = SpokenText.Count(body.Raw(SpeechField.Input)[1..^1]);
        if (characters == 0)
            return FieldChecks.Wrong(SpeechField.Input, "is empty; send the text to be spoken");
        return characters <= model.MostCharacters
            ? null
            : FieldChecks.Wrong(SpeechField.Input, string.Create(
                CultureInfo.InvariantCulture, $"has {characters} characters, but may have at most {model.MostCharacters}; send it in parts"));
    }

    // xAI was seen to replace an unknown voice in silence.
    private static ApiError? Voiced(RequestBody<SpeechField> body, SpeechModel model, out string voice)
    {
        voice = model.Voices[0];
        if (!body.Has(SpeechField.Voice))
            return null;
        var name = body.Word(SpeechField.Voice, stackalloc char[JsonText.LongestWord]);
        if (model.FindVoice(name.ToString()) is not { } found)
            return FieldChecks.Wrong(SpeechField.Voice, $"must be one of {string.Join(", ", model.Voices)}");
        voice = found;
        return null;
    }

    private static ApiError? Spoken(RequestBody<SpeechField> body, SpeechModel model, out string language)
    {
        language = model.Languages[0];
        if (!body.Has(SpeechField.Language))
            return null;
        var said = body.Word(SpeechField.Language, stackalloc char[JsonText.LongestWord]);
        foreach (var known in model.Languages)
        {
            // Language tags have no case (BCP 47).
            if (!said.Equals(known, StringComparison.OrdinalIgnoreCase))
                continue;
            language = known;
            return null;
        }

        return FieldChecks.Wrong(SpeechField.Language, $"must be one of {string.Join(", ", model.Languages)}");
    }

    private static ApiError? OneOf(RequestBody<SpeechField> body, SpeechField field, IReadOnlyList<int> numbers, out int? number)
    {
        number = null;
        if (!body.Has(field))
            return null;
        var reader = body.Open(field);
        if (reader.TokenType != JsonTokenType.Number || !reader.TryGetInt32(out var said) || !numbers.Contains(said))
            return FieldChecks.Wrong(field, $"must be one of {string.Join(", ", numbers)}");
        number = said;
        return null;
    }
}
