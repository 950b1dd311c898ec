using System.Globalization;
using System.Text.Json.Nodes;
using LlmTr.Api.Audio.Transcriptions;
using LlmTr.Api.Requests.Json;
using LlmTr.Xai.Catalogue;
using Microsoft.OpenApi;

namespace LlmTr.Api.OpenApi.Operations;

/// <summary>The two routes that write down what is said.</summary>
internal static class TranscriptionOperations
{
    public static IEnumerable<Operation> Of(OnSale sale)
    {
        yield return new Operation
        {
            Method = HttpMethod.Post,
            Path = TranscriptionOrder.Endpoint,
            Id = "createTranscription",
            Tag = "Voice",
            Summary = "Writes down what is said",
            Description = "As JSON with the audio in base64, or as a form with the audio as `file`, of at most 500 MB. What `response_format` asks for comes; each costs the same. "
                + "In a form, a hint that is ignored may be a list or an object too: `timestamp_granularities[]`, `chunking_strategy[type]`.",
            IsCharged = true,
            Bodies =
            [
                new Body(
                    Body.Json,
                    Order(sale),
                    ("container", """{"model":"xai/grok-voice-stt","audio_base64":"T2dnUw==","language":"tr","format":true}"""),
                    ("raw", """{"model":"xai/grok-voice-stt","audio_base64":"AAAAAAAAAAA=","audio_format":"pcm","sample_rate":16000}"""),
                    ("text", """{"model":"xai/grok-voice-stt","audio_base64":"T2dnUw==","response_format":"text"}"""),
                    ("subtitles", """{"model":"xai/grok-voice-stt","audio_base64":"T2dnUw==","response_format":"srt"}"""),
                    ("webvtt", """{"model":"xai/grok-voice-stt","audio_base64":"T2dnUw==","response_format":"vtt"}"""),
                    ("verbose", """{"model":"xai/grok-voice-stt","audio_base64":"T2dnUw==","response_format":"verbose_json","timestamp_granularities":["word"]}""")),
                new Body(
                    Body.Form,
                    Form(Order(sale), Granularities()),
                    ("container", """{"model":"xai/grok-voice-stt","language":"tr","format":true,"file":"hello.wav"}"""),
                    ("verbose", """{"model":"xai/grok-voice-stt","response_format":"verbose_json","timestamp_granularities[]":["word","segment"],"file":"hello.wav"}"""),
                    ("subtitles", """{"file":"hello.wav","model":"xai/grok-voice-stt","response_format":"srt","temperature":"0"}""")),
            ],
            Answers = [new Answer(200, "The transcript.", (Body.Json, Shape.AnyOf("", Transcript(), Verbose())), ("text/plain", null), ("text/vtt", null))],
        };
        yield return new Operation
        {
            Method = HttpMethod.Post,
            Path = TranscriptionOrder.XaiEndpoint,
            Id = "createStt",
            Tag = "Voice",
            Summary = "Writes down what is said, in xAI's own shape",
            Description = $"The same as `{TranscriptionOrder.Endpoint}`, for xAI's clients: a form that names no model.",
            IsCharged = true,
            Bodies =
            [
                new Body(
                    Body.Form,
                    Form(Order(sale).Without(TranscriptionOrder.NotXais)),
                    ("container", """{"language":"tr","format":true,"diarize":false,"file":"hello.wav"}"""),
                    ("raw", """{"audio_format":"pcm","sample_rate":16000,"file":"hello.pcm"}""")),
            ],
            Answers = [new Answer(200, "The transcript.", (Body.Json, Transcript()))],
        };
    }

    private static OpenApiSchema Order(OnSale sale) => Fields.Of<TranscriptionField>(
        [TranscriptionField.Model, TranscriptionField.AudioBase64],
        (TranscriptionField.Model, MediaShapes.Model<TranscriptionModel>(sale)),
        (TranscriptionField.AudioFormat, Shape.Word("What the audio is; needed for pcm, mulaw and alaw, which have no header.", TranscriptionOrder.AudioFormats)),
        (TranscriptionField.SampleRate, Shape.Whole(
            "Hertz; for pcm, mulaw and alaw only, and needed there.", TranscriptionOrder.LeastSampleRate, TranscriptionOrder.MostSampleRate)),
        (TranscriptionField.Language, Shape.Text("A language tag.", TranscriptionOrder.ShortestLanguage, TranscriptionOrder.LongestLanguage, "^[A-Za-z0-9-]+$")),
        (TranscriptionField.Format, Shape.Flag("Whether numbers and the like are written in digits; needs language.")),
        (TranscriptionField.AudioBase64, Shape.Text("The audio.", least: 1)),
        (TranscriptionField.DurationSeconds, new OpenApiSchema
        {
            Type = JsonSchemaType.Number,
            ExclusiveMinimum = "0",
            Maximum = sale.Most<TranscriptionModel>(static model => model.MostSeconds).ToString(CultureInfo.InvariantCulture),
            Description = "How long the audio is, where its header does not say: a closer hold. What is charged is what xAI measures.",
        }),
        (TranscriptionField.MaxBudgetUsd, Fields.MaxBudget()),
        (TranscriptionField.ResponseFormat, Shape.Word("How the transcript comes: json is xAI's own, verbose_json is OpenAI's, srt and vtt are subtitles.", TranscriptionOrder.ResponseFormats)),
        (TranscriptionField.Stream, Shape.OnlyFalse()),
        (TranscriptionField.Temperature, Shape.Ignored()),
        (TranscriptionField.Prompt, Shape.Ignored()),
        (TranscriptionField.ChunkingStrategy, Shape.Ignored()),
        (TranscriptionField.TimestampGranularities, Shape.Ignored()),
        (TranscriptionField.Url, RefusedUnlessFalse("Send the audio itself.")),
        (TranscriptionField.Diarize, RefusedUnlessFalse("Speakers are not told apart.")),
        (TranscriptionField.Multichannel, RefusedUnlessFalse("One channel is written down.")),
        (TranscriptionField.Channels, RefusedUnlessFalse("One channel is written down.")),
        (TranscriptionField.Keyterm, RefusedUnlessFalse("No terms are taken.")),
        (TranscriptionField.FillerWords, RefusedUnlessFalse("It cannot be chosen here.")),
        (TranscriptionField.VadThreshold, RefusedUnlessFalse("It cannot be chosen here.")));

    // The clients of xAI send false for what they do not want.
    private static OpenApiSchema RefusedUnlessFalse(string why) =>
        Shape.Only(JsonSchemaType.Boolean, JsonValue.Create(false), $"Refused, but for false. {why}");

    private static OpenApiSchema Form(OpenApiSchema order, params IEnumerable<(string Name, OpenApiSchema Schema)> lists)
    {
        var form = FormBody.Of(order, UploadForm.Files, UploadForm.Literals, [("file", FormBody.File("The audio.")), .. lists]);
        form.Required!.Add("file");
        return form;
    }

    private static (string Name, OpenApiSchema Schema) Granularities() =>
        ($"{TranscriptionField.TimestampGranularities.Name()}[]", Shape.List("The same, as OpenAI's clients send it: a part for each.", Shape.Text("")));

    private static OpenApiSchema Transcript() => Shape.Open(
        "xAI's own, with what it cost.",
        ["text", "usage"],
        ("text", Shape.Text("What was said.")),
        ("language", Shape.OrNull(Shape.Text(""))),
        ("duration", Shape.Number("Seconds.", "0")),
        ("words", Shape.List(
            "",
            Shape.Open("", ["word", "start", "end"], ("word", Shape.Text("")), ("text", Shape.Text("The same.")), ("start", Shape.Number("Seconds.")), ("end", Shape.Number("Seconds."))))),
        ("usage", Usage()));

    private static OpenApiSchema Verbose() => Shape.Exact(
        "verbose_json: OpenAI's. What only OpenAI's own model has is zero or empty.",
        ("task", Shape.Word("", "transcribe")),
        ("language", Shape.Text("A language tag.")),
        ("duration", Shape.Number("Seconds.", "0")),
        ("text", Shape.Text("What was said.")),
        ("segments", Shape.List("Words that belong together, cut at the ends of sentences and at silences.", Shape.Exact(
            "",
            ("id", Shape.Whole("", 0)),
            ("seek", Zero()),
            ("start", Shape.Number("Seconds.", "0")),
            ("end", Shape.Number("Seconds.", "0")),
            ("text", Shape.Text("")),
            ("tokens", Shape.List("Empty.", Shape.Whole(""), most: 0)),
            ("temperature", Zero()),
            ("avg_logprob", Zero()),
            ("compression_ratio", Zero()),
            ("no_speech_prob", Zero())))),
        ("words", Shape.List("", Shape.Exact("", ("word", Shape.Text("")), ("start", Shape.Number("Seconds.", "0")), ("end", Shape.Number("Seconds.", "0"))))),
        ("usage", Usage()));

    private static OpenApiSchema Zero() => Shape.Only(JsonSchemaType.Number, JsonValue.Create(0), "Zero.");

    private static OpenApiSchema Usage() => Shape.Exact("", [("type", Shape.Word("", "duration")), ("seconds", Shape.Number("", "0")), .. MediaShapes.Cost]);
}
