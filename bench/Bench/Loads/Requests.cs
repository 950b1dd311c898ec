using System.Text;

namespace LlmTr.Bench.Loads;

/// <summary>The bodies that clients send.</summary>
internal static class Requests
{
    /// <summary>1 KB. It holds 0.0009 USD.</summary>
    public static string Small { get; } = OfLength(1024, "{\"model\":\"xai/grok-4.3\",\"max_output_tokens\":64,\"input\":\"", "\"}");

    /// <summary>256 KB.</summary>
    public static string Large { get; } = OfLength(256 * 1024, "{\"model\":\"xai/grok-4.3\",\"max_output_tokens\":64,\"input\":\"", "\"}");

    /// <summary>1 KB that asks for a stream.</summary>
    public static string Streamed { get; } = OfLength(1024, "{\"model\":\"xai/grok-4.3\",\"stream\":true,\"max_output_tokens\":64,\"input\":\"", "\"}");

    /// <summary>One that asks for a stream which begins and then is silent.</summary>
    public static string Held { get; } = OfLength(1024, "{\"model\":\"xai/grok-4.3\",\"stream\":true,\"max_output_tokens\":64,\"input\":\"HOLD ", "\"}");

    private static string OfLength(int bytes, string begin, string end)
    {
        const string Words = "Merhaba, who are you? ";
        var text = new StringBuilder(begin, bytes);
        while (text.Length < bytes - end.Length)
            text.Append(Words[text.Length % Words.Length]);
        return text.Append(end).ToString();
    }
}
