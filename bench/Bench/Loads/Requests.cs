using System.Text;

namespace LlmTr.Bench.Loads;

/// <summary>The bodies that clients send.</summary>
internal static class Requests
{
    /// <summary>1 KB. It holds at most 0.0011 USD.</summary>
    public static string Small { get; } = OfLength(1024, "{\"model\":\"xai/grok-4.3\",\"max_output_tokens\":64,\"input\":\"", "\"}");

    /// <summary>256 KB.</summary>
    public static string Large { get; } = OfLength(256 * 1024, "{\"model\":\"xai/grok-4.3\",\"max_output_tokens\":64,\"input\":\"", "\"}");

    private static string OfLength(int bytes, string begin, string end)
    {
        const string Words = "Merhaba, who are you? ";
        var text = new StringBuilder(begin, bytes);
        while (text.Length < bytes - end.Length)
            text.Append(Words[text.Length % Words.Length]);
        return text.Append(end).ToString();
    }
}
