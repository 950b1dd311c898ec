using System.Globalization;
using System.Text.RegularExpressions;
using LlmTr.Money;
using LlmTr.XaiSimulator.Control;
using LlmTr.XaiSimulator.Serving;
using LlmTr.XaiSimulator.Wire;

namespace LlmTr.XaiSimulator.Speech;

/// <summary><c>POST /v1/tts</c> (xAI contract, sections 7.1 and 10.6).</summary>
internal sealed partial class SpeechArea : IArea
{
    private const int MostCharacters = 15_000;

    private static readonly UsdTicks PerCharacter = new(150_000);

    private static readonly long[] SampleRates = [8_000, 16_000, 22_050, 24_000, 44_100, 48_000];
    private static readonly long[] BitRates = [32_000, 64_000, 96_000, 128_000, 192_000];

    public IReadOnlyList<string> Methods => ["POST"];

    public IAsked Read(Incoming incoming) => new Asked(JsonBody<SpeechRequest>.Read(incoming, SpeechRequest.Read));

    private sealed class Asked(JsonBody<SpeechRequest> body) : IAsked
    {
        public string Prompt => body.Request?.Text ?? "";

        public string MarkerText => Prompt;

        public IReadOnlyList<string> Fields => body.Fields;

        public IReadOnlyList<string> UnknownFields => [.. body.Fields.Except(SpeechRequest.KnownFields)];

        public IReadOnlyDictionary<string, string> Facts => body.Request is not { } request ? new Dictionary<string, string>() : new Dictionary<string, string>
        {
            ["characters"] = request.Characters.ToString(CultureInfo.InvariantCulture),
            ["voice_asked"] = request.VoiceId,
            ["voice_used"] = request.Voice,
            ["codec"] = request.Codec,
        };

        public Reply Answer(Turn turn)
        {
            if (body.Request is not { } request)
                return turn.Refuse(body.Unreadable!);
            if ((turn.KeyFault() ?? Check(request)) is { } fault)
                return turn.Refuse(fault);
            if (turn.Scripted(HeaderSet.Voice) is { } scripted)
                return scripted;
            // Billed whether or not all of it is sent: nobody knows what xAI does with one that breaks.
            return Speak(request, turn.Behaviour) with { Billed = PerCharacter * request.Characters };
        }

        private static Reply Speak(SpeechRequest request, Behaviour behaviour)
        {
            var audio = SpokenAudio.Of(request);
            return request.WithTimestamps
                ? Reply.Json(WithTimestamps(request, audio), HeaderSet.Voice)
                : new Reply(200, SpokenAudio.ContentType(request.Codec), Pieces.Of(audio, 0, audio.Length, behaviour.Pieces)) { Headers = HeaderSet.Voice };
        }

        /// <summary>The form of the times was never seen: a start and an end for each character.</summary>
        private static byte[] WithTimestamps(SpeechRequest request, Content audio) => WireJson.Object(writer =>
        {
            var milliseconds = SpokenAudio.Milliseconds(request);
            var count = request.Characters;
            writer.WriteBase64String("audio", audio.ToArray());
            writer.WriteString("content_type", SpokenAudio.ContentType(request.Codec));
            writer.WritePropertyName("duration");
            writer.WriteRawValue(DurationSwitch.Seconds(milliseconds));
            writer.WriteStartObject("audio_timestamps");
            writer.WriteStartArray("graph_chars");
            foreach (var rune in request.Text.EnumerateRunes())
                writer.WriteStringValue(rune.ToString());
            writer.WriteEndArray();
            writer.WriteStartArray("graph_times");
            for (var i = 0L; i < count; i++)
            {
                writer.WriteStartArray();
                writer.WriteRawValue(DurationSwitch.Seconds(milliseconds * i / count));
                writer.WriteRawValue(DurationSwitch.Seconds(milliseconds * (i + 1) / count));
                writer.WriteEndArray();
            }

            writer.WriteEndArray();
            writer.WriteEndObject();
        });

        /// <summary>The first argument that is wrong, or null. But for the speed, no such text is known.</summary>
        private static Fault? Check(SpeechRequest request)
        {
            if (request.Characters is 0 or > MostCharacters)
                return Fault.InvalidArgument($"text must have between 1 and {MostCharacters} characters");
            if (!LanguageTag().IsMatch(request.Language))
                return Fault.InvalidArgument("language must be a BCP-47 tag or auto");
            if (request.Speed is < 0.7 or > 1.5)
                return Fault.WithoutCode("speed must be between 0.7 and 1.5");
            if (!SampleRates.Contains(request.SampleRate))
                return Fault.InvalidArgument("sample_rate is not supported");
            if (request.BitRate is { } bitRate && (request.Codec != "mp3" || !BitRates.Contains(bitRate)))
                return Fault.InvalidArgument(request.Codec == "mp3" ? "bit_rate is not supported" : "bit_rate is for mp3 only");
            return request.Latency > 2 ? Fault.InvalidArgument("optimize_streaming_latency must be between 0 and 2") : null;
        }
    }

    [GeneratedRegex("^(auto|[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*)$", RegexOptions.CultureInvariant)]
    private static partial Regex LanguageTag();
}
