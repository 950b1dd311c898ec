using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using LlmTr.XaiSimulator.Wire;

namespace LlmTr.XaiSimulator.Responses;

/// <summary>An item of <c>output</c>, in the captured order of members (xAI contract, section 3.5).</summary>
internal abstract record OutputItem(string Id)
{
    /// <summary>Writes it as it is when it is finished.</summary>
    public abstract void Write(Utf8JsonWriter writer);

    /// <summary>Writes it as <c>response.output_item.added</c> shows it: empty and in progress.</summary>
    public abstract void WriteStarted(Utf8JsonWriter writer);
}

/// <summary>What the model thought.</summary>
internal sealed record ReasoningItem(string ResponseId, string Summary, bool IsEncryptedShown) : OutputItem($"rs_{ResponseId}")
{
    public override void Write(Utf8JsonWriter writer)
    {
        writer.WriteStartObject();
        writer.WriteString("id", Id);
        writer.WriteStartArray("summary");
        WritePart(writer, Summary);
        writer.WriteEndArray();
        writer.WriteString("type", "reasoning");
        writer.WriteString("status", "completed");
        if (IsEncryptedShown)
            writer.WriteString("encrypted_content", Encrypted());
        writer.WriteEndObject();
    }

    public override void WriteStarted(Utf8JsonWriter writer)
    {
        writer.WriteStartObject();
        writer.WriteString("id", Id);
        writer.WriteStartArray("summary");
        writer.WriteEndArray();
        writer.WriteString("type", "reasoning");
        writer.WriteString("status", "in_progress");
        writer.WriteEndObject();
    }

    /// <summary>Writes a part of the summary.</summary>
    public static void WritePart(Utf8JsonWriter writer, string text)
    {
        writer.WriteStartObject();
        writer.WriteString("text", text);
        writer.WriteString("type", "summary_text");
        writer.WriteEndObject();
    }

    /// <summary>Opaque base64 without padding of the captured kind of length; the same each time it is shown.</summary>
    private string Encrypted()
    {
        const int bytes = 464;
        var sealedBytes = new byte[bytes];
        HKDF.Expand(HashAlgorithmName.SHA256, SHA256.HashData(Encoding.UTF8.GetBytes(Id)), sealedBytes, "reasoning"u8);
        return Convert.ToBase64String(sealedBytes).TrimEnd('=');
    }
}

/// <summary>What the model says.</summary>
internal sealed record MessageItem(string ResponseId, string Text, bool IsCut) : OutputItem($"msg_{ResponseId}")
{
    public override void Write(Utf8JsonWriter writer) => Write(writer, Text, IsCut ? "incomplete" : "completed");

    public override void WriteStarted(Utf8JsonWriter writer) => Write(writer, null, "in_progress");

    /// <summary>Writes a part of the content.</summary>
    public static void WritePart(Utf8JsonWriter writer, string text)
    {
        writer.WriteStartObject();
        writer.WriteString("type", "output_text");
        writer.WriteString("text", text);
        writer.WriteStartArray("logprobs");
        writer.WriteEndArray();
        writer.WriteStartArray("annotations");
        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    private void Write(Utf8JsonWriter writer, string? text, string status)
    {
        writer.WriteStartObject();
        writer.WriteStartArray("content");
        if (text is not null)
            WritePart(writer, text);
        writer.WriteEndArray();
        writer.WriteString("id", Id);
        writer.WriteString("role", "assistant");
        writer.WriteString("type", "message");
        writer.WriteString("status", status);
        writer.WriteEndObject();
    }
}

/// <summary>The function that the client shall call.</summary>
internal sealed record FunctionCallItem(string ResponseId, string Name, string Arguments) : OutputItem($"fc_{ResponseId}_0")
{
    private readonly string _callId = $"call-{Ids.Uuid()}-0";

    public override void Write(Utf8JsonWriter writer) => Write(writer, Arguments, "completed");

    public override void WriteStarted(Utf8JsonWriter writer) => Write(writer, "", "in_progress");

    private void Write(Utf8JsonWriter writer, string arguments, string status)
    {
        writer.WriteStartObject();
        writer.WriteString("arguments", arguments);
        writer.WriteString("call_id", _callId);
        writer.WriteString("name", Name);
        writer.WriteString("type", "function_call");
        writer.WriteString("id", Id);
        writer.WriteString("status", status);
        writer.WriteEndObject();
    }
}
