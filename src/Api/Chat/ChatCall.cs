using System.Buffers;
using LlmTr.Xai.Responses;

namespace LlmTr.Api.Chat;

/// <summary>A function call as chat completions writes it.</summary>
internal static class ChatCall
{
    /// <summary>Writes the members and the closing brace; what stands before them is the caller's.</summary>
    /// <param name="call">The call.</param>
    /// <param name="arguments">Its arguments as far as they are told here: a JSON string with its quotes, or nothing.</param>
    /// <param name="output">Where to.</param>
    public static void Write(in OutputItem call, ReadOnlySpan<byte> arguments, IBufferWriter<byte> output)
    {
        WriteHead(call, output);
        output.Write(arguments.IsEmpty ? "\"\""u8 : arguments);
        output.Write("}}"u8);
    }

    /// <summary>Writes what stands before the arguments; these and two closing braces are the caller's too.</summary>
    public static void WriteHead(in OutputItem call, IBufferWriter<byte> output)
    {
        output.Write("\"id\":"u8);
        Text(call.CallId, output);
        output.Write(",\"type\":\"function\",\"function\":{\"name\":"u8);
        Text(call.Name, output);
        output.Write(",\"arguments\":"u8);
    }

    private static void Text(ReadOnlySpan<byte> text, IBufferWriter<byte> output) => output.Write(text.IsEmpty ? "\"\""u8 : text);
}
