namespace LlmTr.XaiSimulator.Speech;

/// <summary>The voices of xAI (xAI contract, section 7.1).</summary>
internal static class Voices
{
    private const int CustomLength = 8;

    /// <summary>The one that speaks where none is named.</summary>
    public const string Usual = "eve";

    /// <summary>The 26 that are listed, in the order of the contract.</summary>
    public static IReadOnlyList<string> All { get; } =
    [
        "carina", "zagan", "helix", "orion", "luna", "iris", "altair", "zenith", "perseus", "helios", "lux", "kepler", "rigel", "cosmo", "celeste", "ursa",
        "sirius", "lumen", "castor", "naksh", "atlas", "ara", "eve", "leo", "rex", "sal",
    ];

    /// <summary>The voice of that name in any case, or a customer's own of eight characters; null where there is none.</summary>
    public static string? Find(string id) =>
        All.FirstOrDefault(voice => voice.Equals(id, StringComparison.OrdinalIgnoreCase)) ?? (id.Length == CustomLength && id.All(char.IsAsciiLetterOrDigit) ? id : null);
}
