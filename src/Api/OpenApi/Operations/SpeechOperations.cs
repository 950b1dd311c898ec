using LlmTr.Api.Audio.Speech;
using LlmTr.Xai.Catalogue;
using Microsoft.OpenApi;

namespace LlmTr.Api.OpenApi.Operations;

/// <summary>The two routes that speak.</summary>
internal static class SpeechOperations
{
    private static readonly string[] AudioTypes = ["audio/mpeg", "audio/wav", "audio/pcm", "audio/basic", "audio/alaw"];

    public static IEnumerable<Operation> Of(OnSale sale)
    {
        yield return Speech(SpeechOrder.Endpoint, "createSpeech", "Speaks a text", "The audio is streamed; its cost is known beforehand and stands in its headers.", new Body(
            Body.Json,
            OpenAIs(sale),
            ("short", """{"model":"xai/grok-voice-tts","input":"Merhaba!","language":"tr"}"""),
            ("all", """{"model":"xai/grok-voice-tts","input":"Hello there.","voice":"ara","language":"en","response_format":"mp3","speed":1.1,"sample_rate":24000,"bit_rate":128000,"max_budget_usd":1}""")));
        yield return Speech(TtsBody.Endpoint, "createTts", "Speaks a text, in xAI's own shape", $"The same as `{SpeechOrder.Endpoint}`, for xAI's clients: it names no model.", new Body(
            Body.Json,
            Xais(sale),
            ("short", """{"text":"Merhaba!","language":"tr"}"""),
            ("all", """{"text":"Hello there.","voice_id":"ara","language":"en","output_format":{"codec":"mp3","sample_rate":24000,"bit_rate":128000},"speed":1.1,"optimize_streaming_latency":0,"with_timestamps":false,"max_budget_usd":1}""")));
    }

    private static Operation Speech(string path, string id, string summary, string description, Body body) => new()
    {
        Method = HttpMethod.Post,
        Path = path,
        Id = id,
        Tag = "Voice",
        Summary = summary,
        Description = description,
        IsCharged = true,
        Bodies = [body],
        Answers = [new Answer(200, "The audio.", [.. AudioTypes.Select(static type => (type, (OpenApiSchema?)null))])],
    };

    private static OpenApiSchema OpenAIs(OnSale sale) => Fields.Of<SpeechField>(
        [SpeechField.Model, SpeechField.Input],
        (SpeechField.Model, MediaShapes.Model<SpeechModel>(sale)),
        (SpeechField.Input, Text(sale)),
        (SpeechField.Voice, Voice(sale)),
        (SpeechField.Language, Language(sale)),
        (SpeechField.ResponseFormat, Codec(sale)),
        (SpeechField.Speed, Speed(sale)),
        (SpeechField.SampleRate, SampleRate(sale)),
        (SpeechField.BitRate, BitRate(sale)),
        (SpeechField.MaxBudgetUsd, Fields.MaxBudget()),
        (SpeechField.StreamFormat, Shape.Word("Accepted where it changes nothing.", "audio")),
        (SpeechField.Instructions, Shape.Refused("xAI's voices take none; choose another voice or speed.")));

    private static OpenApiSchema Xais(OnSale sale) => Fields.Of<TtsField>(
        [TtsField.Text],
        (TtsField.Text, Text(sale)),
        (TtsField.VoiceId, Voice(sale)),
        (TtsField.Language, Language(sale)),
        (TtsField.OutputFormat, Fields.Of<TtsFormatField>(
            [TtsFormatField.Codec],
            (TtsFormatField.Codec, Codec(sale)),
            (TtsFormatField.SampleRate, SampleRate(sale)),
            (TtsFormatField.BitRate, BitRate(sale)))),
        (TtsField.Speed, Speed(sale)),
        (TtsField.MaxBudgetUsd, Fields.MaxBudget()),
        (TtsField.OptimizeStreamingLatency, Shape.OnlyZero()),
        (TtsField.WithTimestamps, Shape.OnlyFalse()),
        (TtsField.TextNormalization, Shape.Refused("Send the text as it is to be spoken.")),
        (TtsField.Replace, Shape.Refused("Send the text as it is to be spoken.")));

    private static OpenApiSchema Text(OnSale sale) => Shape.Text("What to say.", 1, (int)sale.Most<SpeechModel>(static model => model.MostCharacters));

    private static OpenApiSchema Voice(OnSale sale) =>
        Shape.Text($"One of {Words(sale.Any<SpeechModel, string>(static model => model.Voices))}, whatever the case, or a name of the operator's.", least: 1);

    private static OpenApiSchema Language(OnSale sale) =>
        Shape.Text($"One of {Words(sale.Any<SpeechModel, string>(static model => model.Languages))}, whatever the case.", least: 1);

    private static OpenApiSchema Codec(OnSale sale) => Shape.Word("The codec.", sale.Any<SpeechModel, string>(static model => model.Formats));

    private static OpenApiSchema Speed(OnSale sale) => Shape.Number(
        "1 is normal.", Hundredths(sale.Least<SpeechModel>(static model => model.LeastSpeedPercent)), Hundredths(sale.Most<SpeechModel>(static model => model.MostSpeedPercent)));

    private static OpenApiSchema SampleRate(OnSale sale) => Shape.OneOf("Hertz.", sale.Any<SpeechModel, int>(static model => model.SampleRates));

    private static OpenApiSchema BitRate(OnSale sale) => Shape.OneOf("Bits a second, for mp3 only.", sale.Any<SpeechModel, int>(static model => model.BitRates));

    private static string Words(IEnumerable<string> words) => string.Join(", ", words);

    private static string Hundredths(long percent) => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{percent / 100}.{percent % 100:D2}");
}
