namespace LlmTr.Silo.Media;

/// <summary>The names that files may have, wherever they are kept.</summary>
internal static class MediaName
{
    private const int Longest = 200;

    /// <summary>The name, if it is one.</summary>
    /// <exception cref="ArgumentException">It is none.</exception>
    public static string Checked(string name) =>
        name.Length is >= 1 and <= Longest && name[0] != '.' && name.All(static c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.')
            ? name
            : throw new ArgumentException("A file's name has 1 to 200 letters, digits, dashes, underscores and dots, and no dot in front.", nameof(name));
}
