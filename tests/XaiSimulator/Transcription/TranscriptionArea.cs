using System.Globalization;
using System.Text.Json;
using LlmTr.Money;
using LlmTr.XaiSimulator.Control;
using LlmTr.XaiSimulator.Recording;
using LlmTr.XaiSimulator.Serving;
using LlmTr.XaiSimulator.Uploads;
using LlmTr.XaiSimulator.Wire;

namespace LlmTr.XaiSimulator.Transcription;

/// <summary><c>POST /v1/stt</c> (xAI contract, sections 7.2 and 10.6). Its errors were only seen with the older code words.</summary>
internal sealed class TranscriptionArea : IArea
{
    // The captured length: what cannot be measured plays so long.
    private const long UsualMilliseconds = 3_700;

    public IReadOnlyList<string> Methods => ["POST"];

    public bool TakesUploads => true;

    public IAsked Read(Incoming incoming) => new Asked(incoming.Upload);

    /// <summary>What an hour costs, for so many milliseconds, rounded up to a tick: xAI's rounding is not known.</summary>
    private static UsdTicks Price(long milliseconds)
    {
        const long perHour = 1_000_000_000;
        const long hour = 3_600_000;
        return new UsdTicks((long)(((Int128)milliseconds * perHour + hour - 1) / hour));
    }

    private sealed class Asked(Upload? form) : IAsked
    {
        private readonly long _milliseconds = form?.Audio is { } audio ? TranscriptionRules.Milliseconds(form, audio) ?? UsualMilliseconds : UsualMilliseconds;

        /// <summary>A form has no prompt: its key terms are where a test can write to the simulator.</summary>
        public string Prompt => form is null ? "" : string.Join('\n', form.All("keyterm"));

        public string MarkerText => Prompt;

        public string? Model => form?.Field("model");

        public IReadOnlyList<string> Fields => [.. Parts.Select(part => part.Name)];

        public IReadOnlyList<string> UnknownFields => [.. Fields.Except(TranscriptionRules.KnownFields)];

        public IReadOnlyList<RecordedPart> Parts => form?.Parts ?? [];

        public IReadOnlyDictionary<string, string> Facts => form?.Audio is not { } audio ? new Dictionary<string, string>() : new Dictionary<string, string>
        {
            ["container"] = audio.Container ?? "none",
            ["duration_ms"] = _milliseconds.ToString(CultureInfo.InvariantCulture),
        };

        public Reply Answer(Turn turn)
        {
            turn = turn with { Errors = ErrorFamily.Sentences };
            if (form is null)
                return turn.Refuse(Fault.UnsupportedMediaType with { Text = "Expected a request with Content-Type: multipart/form-data" });
            if (form.Complaint is { } complaint)
                return turn.Refuse(Fault.InvalidArgument($"The form cannot be read: {complaint}."));
            if (Model is { } model && !TranscriptionRules.Models.Contains(model))
                return turn.Refuse(Fault.UnknownModel(model));
            if ((turn.KeyFault() ?? TranscriptionRules.Check(form)) is { } fault)
                return turn.Refuse(fault);
            return turn.Scripted(HeaderSet.Voice) ?? Transcribe(form, turn.Behaviour);
        }

        private Reply Transcribe(Upload form, Behaviour behaviour)
        {
            var report = behaviour.Duration ?? DurationSwitch.Milliseconds(_milliseconds);
            var answer = WireJson.Object(writer =>
            {
                var text = behaviour.Answer ?? "Merhaba dünya.";
                writer.WriteString("text", text);
                writer.WriteString("language", form.Field("language") ?? "en");
                report.Write(writer, _milliseconds);
                WriteWords(writer, text.Split(' ', StringSplitOptions.RemoveEmptyEntries), form.Field("diarize") == "true");
            });
            return Reply.Json(answer, HeaderSet.Voice) with { Billed = Price(report.Billed(_milliseconds)) };
        }

        private void WriteWords(Utf8JsonWriter writer, string[] words, bool withSpeaker)
        {
            writer.WriteStartArray("words");
            for (var i = 0; i < words.Length; i++)
            {
                writer.WriteStartObject();
                writer.WriteString("text", words[i]);
                writer.WritePropertyName("start");
                writer.WriteRawValue(DurationSwitch.Seconds(_milliseconds * i / words.Length));
                writer.WritePropertyName("end");
                writer.WriteRawValue(DurationSwitch.Seconds(_milliseconds * (i + 1) / words.Length));
                if (withSpeaker)
                    writer.WriteNumber("speaker", 0);
                writer.WriteEndObject();
            }

            writer.WriteEndArray();
        }
    }
}
