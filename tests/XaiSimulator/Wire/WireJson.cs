using System.Buffers;
using System.Globalization;
using System.Text.Json;

namespace LlmTr.XaiSimulator.Wire;

/// <summary>JSON as xAI writes it: no spaces, letters beyond ASCII as they are, and a decimal point in every float.</summary>
internal static class WireJson
{
    private static readonly JsonWriterOptions Options = new() { Encoder = new PlainJsonEncoder(), SkipValidation = true };

    /// <summary>The UTF-8 bytes of one object whose members the given writer adds.</summary>
    public static byte[] Object(Action<Utf8JsonWriter> members) => Value(writer =>
    {
        writer.WriteStartObject();
        members(writer);
        writer.WriteEndObject();
    });

    /// <summary>The UTF-8 bytes of one value.</summary>
    public static byte[] Value(Action<Utf8JsonWriter> value)
    {
        var buffer = new ArrayBufferWriter<byte>(1024);
        using (var writer = new Utf8JsonWriter(buffer, Options))
            value(writer);
        return buffer.WrittenSpan.ToArray();
    }

    /// <summary>Writes a float with at least one decimal ("0.0", "0.7"), as every capture shows it.</summary>
    public static void WriteFloat(this Utf8JsonWriter writer, string name, double value)
    {
        var text = value.ToString("R", CultureInfo.InvariantCulture);
        writer.WritePropertyName(name);
        writer.WriteRawValue(text.AsSpan().IndexOfAny('.', 'E') < 0 ? text + ".0" : text);
    }

    /// <summary>Writes a string, or null where there is none.</summary>
    public static void WriteStringOrNull(this Utf8JsonWriter writer, string name, string? value)
    {
        if (value is null)
            writer.WriteNull(name);
        else
            writer.WriteString(name, value);
    }

    /// <summary>Writes a whole number, or null where there is none.</summary>
    public static void WriteNumberOrNull(this Utf8JsonWriter writer, string name, long? value)
    {
        if (value is { } number)
            writer.WriteNumber(name, number);
        else
            writer.WriteNull(name);
    }
}
