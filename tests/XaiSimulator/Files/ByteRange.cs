using System.Globalization;

namespace LlmTr.XaiSimulator.Files;

/// <summary>What of a file is sent.</summary>
/// <param name="Status">200 for all of it, 206 for a part, 416 where the part is not there.</param>
/// <param name="Start">The first byte.</param>
/// <param name="Length">How many bytes.</param>
/// <param name="ContentRange">The header of that name, or null.</param>
internal readonly record struct ByteRange(int Status, long Start, long Length, string? ContentRange)
{
    private const string Unit = "bytes=";

    /// <summary>All of it.</summary>
    public static ByteRange Whole(long size) => new(200, 0, size, null);

    /// <summary>Reads a header. What is none, or asks for several parts, gets the whole file, as HTTP allows.</summary>
    public static ByteRange Read(string? header, long size)
    {
        if (header is null || !header.StartsWith(Unit, StringComparison.OrdinalIgnoreCase) || header.Contains(','))
            return Whole(size);
        var dash = header.IndexOf('-');
        if (dash < 0 || !TryRead(header.AsSpan(Unit.Length, dash - Unit.Length), out var first) || !TryRead(header.AsSpan(dash + 1), out var last))
            return Whole(size);
        return (first, last) switch
        {
            (null, null) => Whole(size),
            (null, { } tail) => tail == 0 ? Missing(size) : Part(Math.Max(0, size - tail), size - 1, size),
            ({ } from, _) when from >= size => Missing(size),
            ({ } from, { } to) when to < from => Whole(size),
            ({ } from, _) => Part(from, Math.Min(last ?? size - 1, size - 1), size),
        };
    }

    private static ByteRange Part(long first, long last, long size) => new(206, first, last - first + 1, $"bytes {first}-{last}/{size}");

    private static ByteRange Missing(long size) => new(416, 0, 0, $"bytes */{size}");

    private static bool TryRead(ReadOnlySpan<char> text, out long? number)
    {
        number = null;
        if (text.IsEmpty)
            return true;
        if (!long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var value))
            return false;
        number = value;
        return true;
    }
}
