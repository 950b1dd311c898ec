using System.Globalization;
using System.Text;

namespace LlmTr.Api.Tests.Fuzz;

/// <summary>How long a fuzz run is: <c>LLMTR_FUZZ_CASES</c> and <c>LLMTR_FUZZ_SEED</c> make it longer and other.</summary>
internal static class FuzzSettings
{
    /// <summary>How many bodies are made.</summary>
    public static int Cases { get; } = Setting("LLMTR_FUZZ_CASES", 10_000);

    /// <summary>The first one's seed.</summary>
    public static int Seed { get; } = Setting("LLMTR_FUZZ_SEED", 1);

    /// <summary>The front of a body, for people.</summary>
    public static string Shown(byte[] body)
    {
        var text = Encoding.UTF8.GetString(body);
        return text.Length > 600 ? $"{text[..600]}… ({body.Length} bytes)" : text;
    }

    private static int Setting(string name, int otherwise) =>
        int.TryParse(Environment.GetEnvironmentVariable(name), NumberStyles.None, CultureInfo.InvariantCulture, out var value) ? value : otherwise;
}
