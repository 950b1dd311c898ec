using System.Text.Json;

namespace LlmTr.Admin;

/// <summary>The rows of a list over keys, and the keys that are missing in it because their ledgers are broken.</summary>
/// <param name="Rows">What was asked for.</param>
/// <param name="BrokenLedgers">Objects of <c>key</c> and <c>why</c>.</param>
internal sealed record Listing(List<JsonElement> Rows, List<JsonElement> BrokenLedgers)
{
    /// <summary>Takes in a page of the gateway's.</summary>
    public void Add(JsonElement page)
    {
        Rows.AddRange(page.GetProperty("data").EnumerateArray());
        if (page.TryGetProperty("broken_ledgers", out var broken) && broken.ValueKind == JsonValueKind.Array)
            BrokenLedgers.AddRange(broken.EnumerateArray());
    }

    /// <summary>The sentence for a ledger that is broken.</summary>
    public static string Sentence(string key, string why) =>
        $"The ledger of {key} is broken, and the key is refused until you have looked ('ledger verify {key}' names the line): {why}";
}
