using LlmTr.Api.Audio.Speech;
using LlmTr.Api.Audio.Transcriptions;
using LlmTr.Xai.Catalogue;
using Microsoft.OpenApi;

namespace LlmTr.Api.OpenApi.Operations;

/// <summary>The voice routes.</summary>
internal static class AudioOperations
{
    private static readonly string[] AudioFormats = ["wav", "mp3", "ogg", "opus", "flac", "aac", "mp4", "m4a", "mkv", "pcm", "mulaw", "alaw"];

    private static readonly string[] AudioTypes = ["audio/mpeg", "audio/wav", "audio/pcm", "audio/basic", "audio/alaw"];

    public static IEnumerable<Operation> Of(OnSale sale)
    {
        yield return new Operation
        {
            Method = HttpMethod.Post,
            Path = SpeechOrder.Endpoint,
            Id = "createSpeech",
            Tag = "Voice",
            Summary = "Speaks a text",
            Description = "The audio is streamed; its cost is known beforehand and stands in its headers.",
            IsCharged = true,
            Bodies =
            [
                new Body(
                    Body.Json,
                    SpeechSchema(sale),
                    ("short", """{"model":"xai/grok-voice-tts","input":"Merhaba!","language":"tr"}"""),
                    ("all", """{"model":"xai/grok-voice-tts","input":"Hello there.","voice":"ara","language":"en","response_format":"mp3","speed":1.1,"sample_rate":24000,"bit_rate":128000,"max_budget_usd":1}""")),
            ],
            Answers = [new Answer(200, "The audio.", [.. AudioTypes.Select(static type => (type, (OpenApiSchema?)null))])],
        };
        yield return new Operation
        {
            Method = HttpMethod.Post,
            Path = TranscriptionOrder.Endpoint,
            Id = "createTranscription",
            Tag = "Voice",
            Summary = "Writes down what is said",
            Description = "As JSON with the audio in base64, or as a form with the audio as `file`, of at most 500 MB.",
            IsCharged = true,
            Bodies =
            [
                new Body(
                    Body.Json,
                    TranscriptionSchema(sale),
                    ("container", """{"model":"xai/grok-voice-stt","audio_base64":"T2dnUw==","language":"tr","format":true}"""),
                    ("raw", """{"model":"xai/grok-voice-stt","audio_base64":"AAAAAAAAAAA=","audio_format":"pcm","sample_rate":16000}""")),
                new Body(Body.Form, FormSchema(sale)),
            ],
            Answers = [new Answer(200, "The transcript.", (Body.Json, TranscriptSchema()))],
        };
    }

    private static OpenApiSchema SpeechSchema(OnSale sale) => Fields.Of<SpeechField>(
        [SpeechField.Model, SpeechField.Input],
        (SpeechField.Model, MediaShapes.Model<SpeechModel>(sale)),
        (SpeechField.Input, Shape.Text("What to say.", 1, (int)sale.Most<SpeechModel>(static model => model.MostCharacters))),
        (SpeechField.Voice, Shape.Text($"One of {Words(sale.Any<SpeechModel, string>(static model => model.Voices))}, whatever the case, or a name of the operator's.", least: 1)),
        (SpeechField.Language, Shape.Text($"One of {Words(sale.Any<SpeechModel, string>(static model => model.Languages))}, whatever the case.", least: 1)),
        (SpeechField.ResponseFormat, Shape.Word("The codec.", sale.Any<SpeechModel, string>(static model => model.Formats))),
        (SpeechField.Speed, Shape.Number(
            "1 is normal.", Hundredths(sale.Least<SpeechModel>(static model => model.LeastSpeedPercent)), Hundredths(sale.Most<SpeechModel>(static model => model.MostSpeedPercent)))),
        (SpeechField.SampleRate, Shape.OneOf("Hertz.", sale.Any<SpeechModel, int>(static model => model.SampleRates))),
        (SpeechField.BitRate, Shape.OneOf("Bits a second, for mp3 only.", sale.Any<SpeechModel, int>(static model => model.BitRates))),
        (SpeechField.MaxBudgetUsd, Fields.MaxBudget()),
        (SpeechField.StreamFormat, Shape.Word("Accepted where it changes nothing.", "audio")),
        (SpeechField.Instructions, Shape.Refused("xAI's voices take none; choose another voice or speed.")));

    private static OpenApiSchema TranscriptionSchema(OnSale sale) => Fields.Of<TranscriptionField>(
        [TranscriptionField.Model, TranscriptionField.AudioBase64],
        (TranscriptionField.Model, MediaShapes.Model<TranscriptionModel>(sale)),
        (TranscriptionField.AudioFormat, Shape.Word("What the audio is; needed for pcm, mulaw and alaw, which have no header.", AudioFormats)),
        (TranscriptionField.SampleRate, Shape.Whole("Hertz; for pcm, mulaw and alaw only, and needed there.", 8_000, 192_000)),
        (TranscriptionField.Language, Shape.Text("A language tag.", 2, 35, "^[A-Za-z0-9-]+$")),
        (TranscriptionField.Format, Shape.Flag("Whether numbers and the like are written in digits; needs language.")),
        (TranscriptionField.AudioBase64, Shape.Text("The audio.", least: 1)),
        (TranscriptionField.DurationSeconds, new OpenApiSchema
        {
            Type = JsonSchemaType.Number,
            ExclusiveMinimum = "0",
            Maximum = sale.Most<TranscriptionModel>(static model => model.MostSeconds).ToString(System.Globalization.CultureInfo.InvariantCulture),
            Description = "How long the audio is, where its header does not say: a closer hold. What is charged is what xAI measures.",
        }),
        (TranscriptionField.MaxBudgetUsd, Fields.MaxBudget()),
        (TranscriptionField.ResponseFormat, Shape.Word("Accepted where it changes nothing.", "json")),
        (TranscriptionField.Stream, Shape.OnlyFalse()),
        (TranscriptionField.Temperature, Shape.Ignored()),
        (TranscriptionField.Prompt, Shape.Ignored()),
        (TranscriptionField.ChunkingStrategy, Shape.Ignored()),
        (TranscriptionField.TimestampGranularities, Shape.Ignored()));

    // The same fields, with the file in the place of the base64.
    private static OpenApiSchema FormSchema(OnSale sale)
    {
        var schema = TranscriptionSchema(sale);
        var audio = Requests.Json.FieldNames.Name(TranscriptionField.AudioBase64);
        schema.Properties!.Remove(audio);
        schema.Required!.Remove(audio);
        schema.Replace("file", new OpenApiSchema { Type = JsonSchemaType.String, Format = "binary", Description = "The audio." }, isRequired: true);
        return schema;
    }

    private static OpenApiSchema TranscriptSchema() => Shape.Open(
        "",
        ["text", "usage"],
        ("text", Shape.Text("What was said.")),
        ("language", Shape.OrNull(Shape.Text(""))),
        ("duration", Shape.Number("Seconds.", "0")),
        ("words", Shape.List(
            "",
            Shape.Open("", ["word", "start", "end"], ("word", Shape.Text("")), ("text", Shape.Text("The same.")), ("start", Shape.Number("Seconds.")), ("end", Shape.Number("Seconds."))))),
        ("usage", Shape.Exact("", [("type", Shape.Word("", "duration")), ("seconds", Shape.Number("", "0")), .. MediaShapes.Cost])));

    private static string Words(IEnumerable<string> words) => string.Join(", ", words);

    private static string Hundredths(long percent) => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{percent / 100}.{percent % 100:D2}");
}
