using System.Buffers;
using System.Text;
using LlmTr.XaiSimulator.Control;

namespace LlmTr.XaiSimulator.Responses;

/// <summary>What the simulator says: short, always the same for the same question, and open about what it is. In Turkish where the question is.</summary>
internal static class AnswerText
{
    private const int LongestQuote = 60;

    private static readonly SearchValues<char> TurkishLetters = SearchValues.Create("çğıöşüÇĞİÖŞÜ");

    private static readonly SearchValues<string> TurkishWords =
        SearchValues.Create([" bir ", " ve ", " ne ", "merhaba", "selam", "nedir", " mi?"], StringComparison.OrdinalIgnoreCase);

    /// <summary>The answer to a request that asks for plain text.</summary>
    public static string Reply(Conversation input)
    {
        var question = PromptMarker.Strip(input.LastUserText);
        var isTurkish = question.AsSpan().ContainsAny(TurkishLetters) || question.AsSpan().ContainsAny(TurkishWords);
        if (input.ToolOutput is { } output)
        {
            return isTurkish
                ? $"Araç {output.Length} karakter döndürdü. Bu yanıtı xAI benzetimi verdi; hiçbir modele sorulmadı."
                : $"The tool returned {output.Length} characters. This is the xAI simulator's answer; no model was asked.";
        }

        var words = question.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).Length;
        return isTurkish
            ? $"Merhaba! Bu yanıtı xAI benzetimi verdi; hiçbir modele sorulmadı. Sorunuz {words} sözcük, {question.Length} karakter."
            : $"Hello! This is the xAI simulator's answer; no model was asked. Your question has {words} words and {question.Length} characters.";
    }

    /// <summary>The summary of what was thought before answering.</summary>
    public static string Summary(Conversation input)
    {
        var question = PromptMarker.Strip(input.LastUserText);
        if (question.Length > LongestQuote)
            question = string.Concat(question.EnumerateRunes().Take(LongestQuote)) + "…";
        return input.ToolOutput is null ? $"The user said: \"{question}\"\n" : "The tool has answered.\n";
    }

    /// <summary>Exactly so many bytes of plain text.</summary>
    public static string OfBytes(int bytes)
    {
        const string words = "These words are only here to fill an answer. ";
        var text = new StringBuilder(bytes + words.Length);
        while (text.Length < bytes)
            text.Append(words);
        return text.ToString(0, bytes);
    }
}
