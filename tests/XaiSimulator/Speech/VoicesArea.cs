using System.Globalization;
using System.Text.Json;
using LlmTr.XaiSimulator.Serving;
using LlmTr.XaiSimulator.Wire;

namespace LlmTr.XaiSimulator.Speech;

/// <summary><c>GET /v1/tts/voices</c> and <c>/v1/tts/voices/{id}</c> (xAI contract, sections 7.1 and 10.7).</summary>
/// <param name="id">The voice, or null for all.</param>
internal sealed class VoicesArea(string? id) : IArea, IAsked
{
    public IReadOnlyList<string> Methods => ["GET"];

    public IAsked Read(Incoming incoming) => this;

    public Reply Answer(Turn turn)
    {
        if (turn.KeyFault() is { } fault)
            return turn.Refuse(fault);
        if (turn.Scripted(HeaderSet.Plain) is { } scripted)
            return scripted;
        if (id is null)
            return Reply.Json(WireJson.Object(WriteAll), HeaderSet.Plain);
        return Voices.All.Contains(id)
            ? Reply.Json(WireJson.Value(writer => WriteVoice(writer, id)), HeaderSet.Plain)
            : turn.Refuse(Fault.NotFound("The requested voice does not exist."));
    }

    private static void WriteAll(Utf8JsonWriter writer)
    {
        writer.WriteStartArray("voices");
        foreach (var voice in Voices.All)
            WriteVoice(writer, voice);
        writer.WriteEndArray();
    }

    /// <summary>The value of <c>language</c> was never seen.</summary>
    private static void WriteVoice(Utf8JsonWriter writer, string voice)
    {
        writer.WriteStartObject();
        writer.WriteString("voice_id", voice);
        writer.WriteString("name", CultureInfo.InvariantCulture.TextInfo.ToTitleCase(voice));
        writer.WriteString("language", "multilingual");
        writer.WriteEndObject();
    }
}
