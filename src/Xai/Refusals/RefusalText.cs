using System.Buffers;
using System.Text;
using System.Text.RegularExpressions;

namespace LlmTr.Xai.Refusals;

/// <summary>Makes a text of xAI's fit to be shown: without team ids or keys (xAI contract, end of section 1.4), without HTML, on one line, bounded.</summary>
internal static partial class RefusalText
{
    /// <summary>The longest text that is shown, in UTF-16 characters.</summary>
    public const int MaxLength = 500;

    // Enough to fill MaxLength after the ids are gone; it bounds the work on a body of any size.
    private const int MostRead = 4096;

    private static readonly SearchValues<string> s_marksOfHtml =
        SearchValues.Create(["<!doctype", "<html", "<head", "<body", "</"], StringComparison.OrdinalIgnoreCase);

    /// <summary>True for what the edge in front of xAI writes: a page of HTML, by its content type or first byte, or "error code: 502".</summary>
    public static bool IsOfTheEdge(string? contentType, ReadOnlySpan<byte> body)
    {
        var start = body.TrimStart(" \t\r\n"u8);
        return contentType?.StartsWith("text/html", StringComparison.OrdinalIgnoreCase) == true
            || start.StartsWith("<"u8)
            || start.StartsWith("error code:"u8);
    }

    /// <summary>The text of a body that is not JSON; null for what looks like JSON that broke off.</summary>
    public static string? OfPlainText(ReadOnlySpan<byte> body)
    {
        var start = body.TrimStart(" \t\r\n"u8);
        return start.StartsWith("{"u8) || start.StartsWith("["u8) ? null : Clean(Encoding.UTF8.GetString(start[..Math.Min(start.Length, MostRead)]));
    }

    /// <summary>The text as it may be shown, or null when nothing is left of it.</summary>
    public static string? Clean(string? text)
    {
        if (text is null || text.AsSpan().ContainsAny(s_marksOfHtml))
            return null;

        var read = text.Length > MostRead ? text[..MostRead] : text;
        var withoutIds = Uuid().Replace(read, "[id]");
        var withoutKeys = Key().Replace(withoutIds, "[key]");
        var oneLine = Unprintable().Replace(withoutKeys, " ").Trim();
        return oneLine.Length == 0 ? null : Cut(oneLine);
    }

    private static string Cut(string text)
    {
        if (text.Length <= MaxLength)
            return text;
        var end = MaxLength - 1;
        if (char.IsHighSurrogate(text[end - 1]))
            end--;
        return text[..end] + "…";
    }

    [GeneratedRegex("[0-9a-fA-F]{8}-?[0-9a-fA-F]{4}-?[0-9a-fA-F]{4}-?[0-9a-fA-F]{4}-?[0-9a-fA-F]{12}", RegexOptions.CultureInvariant)]
    private static partial Regex Uuid();

    // xAI's keys begin with xai-; some services quote a refused key with its middle starred out.
    [GeneratedRegex(@"xai-[\w*.…-]{6,}", RegexOptions.CultureInvariant)]
    private static partial Regex Key();

    [GeneratedRegex(@"[\s\p{Cc}\p{Cf}]+", RegexOptions.CultureInvariant)]
    private static partial Regex Unprintable();
}
