using System.Collections;

namespace LlmTr.XaiSimulator.Wire;

/// <summary>A long run of bytes that is made where it is read, so that a file of any length needs no memory. Always the same bytes at the same place.</summary>
internal abstract class Content
{
    /// <summary>How many bytes there are.</summary>
    public abstract long Length { get; }

    /// <summary>Makes the bytes from an offset on; the span ends within <see cref="Length"/>.</summary>
    public abstract void Read(long offset, Span<byte> into);

    /// <summary>All bytes at once: for small ones.</summary>
    public byte[] ToArray()
    {
        var all = new byte[Length];
        Read(0, all);
        return all;
    }
}

/// <summary>A part of a content, cut into pieces that are made one at a time when they are sent.</summary>
/// <param name="content">Of what.</param>
/// <param name="start">The offset of the first byte.</param>
/// <param name="length">How many bytes.</param>
/// <param name="size">The bytes of each piece but the last, at least 1.</param>
internal sealed class Pieces(Content content, long start, long length, int size) : IReadOnlyList<ReadOnlyMemory<byte>>
{
    /// <summary>What one write carries where nobody asks for anything else.</summary>
    public const int UsualSize = 16 * 1024;

    public int Count => checked((int)((length + size - 1) / size));

    public ReadOnlyMemory<byte> this[int index]
    {
        get
        {
            var from = (long)index * size;
            var piece = new byte[Math.Min(size, length - from)];
            content.Read(start + from, piece);
            return piece;
        }
    }

    /// <summary>So many pieces of as equal a size as can be; null is the usual size.</summary>
    public static Pieces Of(Content content, long start, long length, int? count) =>
        new(content, start, length, count is { } pieces ? (int)Math.Clamp((length + pieces - 1) / pieces, 1, int.MaxValue / 2) : UsualSize);

    public IEnumerator<ReadOnlyMemory<byte>> GetEnumerator()
    {
        for (var i = 0; i < Count; i++)
            yield return this[i];
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
