using System.Buffers;
using System.Text.Json;
using LlmTr.Xai.Streaming;

namespace LlmTr.Xai.Responses;

/// <summary>
/// Puts the public model id where xAI's stands, in a response that a <see cref="ResponseReading"/> has read; every other byte stays what it was.
/// Where a response has no model, or cannot be read, it is passed on unchanged. Allocates nothing.
/// </summary>
public static class ModelRewrite
{
    /// <summary>Writes a JSON body with the public id.</summary>
    /// <param name="json">The body.</param>
    /// <param name="reading">What <see cref="ResponseReading.TryReadBody"/> read from this very body.</param>
    /// <param name="publicId">The public id; encode it once per model.</param>
    /// <param name="output">Where the body goes.</param>
    /// <returns>False when there was no model and the body was written unchanged.</returns>
    /// <exception cref="ArgumentException">The reading is not of this body.</exception>
    public static bool WriteBody(ReadOnlySpan<byte> json, in ResponseReading reading, JsonEncodedText publicId, IBufferWriter<byte> output)
    {
        if (!reading.Model.IsPresent)
        {
            output.Write(json);
            return false;
        }

        WriteAround(json, reading.Model, publicId, output);
        return true;
    }

    /// <summary>Writes a frame whose response has been read already. Data of several lines is no hindrance: a string cannot reach over a line end.</summary>
    /// <param name="frame">The frame.</param>
    /// <param name="reading">What <see cref="ResponseReading.TryReadFrame"/> read from this very frame.</param>
    /// <param name="publicId">The public id; encode it once per model.</param>
    /// <param name="output">Where the frame goes.</param>
    /// <returns>False when there was no model and the frame was written unchanged.</returns>
    /// <exception cref="ArgumentException">The reading is not of this frame.</exception>
    public static bool WriteFrame(in SseFrame frame, in ResponseReading reading, JsonEncodedText publicId, IBufferWriter<byte> output)
    {
        if (!reading.Model.IsPresent)
        {
            output.Write(frame.Bytes);
            return false;
        }

        var model = reading.Model with { Start = frame.OffsetInFrame(reading.Model.Start) };
        WriteAround(frame.Bytes, model, publicId, output);
        return true;
    }

    /// <summary>Reads a frame that may lie in several pieces, and writes it with the public id if it has a response with a model, else unchanged.</summary>
    /// <returns>False when the frame was written unchanged.</returns>
    public static bool WriteFrame(in ReadOnlySequence<byte> frame, JsonEncodedText publicId, IBufferWriter<byte> output)
    {
        using var bytes = ContiguousBytes.Of(frame);
        var parsed = new SseFrame(bytes.Span);
        ResponseReading.TryReadFrame(parsed, out var reading);
        return WriteFrame(parsed, reading, publicId, output);
    }

    private static void WriteAround(ReadOnlySpan<byte> bytes, JsonSpan model, JsonEncodedText publicId, IBufferWriter<byte> output)
    {
        if (model.End > bytes.Length || bytes[model.Start] != '"' || bytes[model.End - 1] != '"')
            throw new ArgumentException("The reading does not belong to these bytes.");

        output.Write(bytes[..(model.Start + 1)]);
        output.Write(publicId.EncodedUtf8Bytes);
        output.Write(bytes[(model.End - 1)..]);
    }
}
