using System.Buffers;

namespace LlmTr.Xai.Streaming;

/// <summary>
/// Bytes in one piece: where they already lie in one piece they are only lent, else they are copied into a pooled array that
/// <see cref="Dispose"/> gives back. Dispose exactly once, after the last use of the span and of everything cut from it.
/// </summary>
public readonly ref struct ContiguousBytes
{
    private readonly byte[]? _rented;

    internal ContiguousBytes(ReadOnlySpan<byte> lent) => Span = lent;

    internal ContiguousBytes(byte[] rented, int length)
    {
        _rented = rented;
        Span = rented.AsSpan(0, length);
    }

    /// <summary>The bytes.</summary>
    public ReadOnlySpan<byte> Span { get; }

    /// <summary>A sequence (a frame from <see cref="SseFraming"/>) in one piece.</summary>
    public static ContiguousBytes Of(in ReadOnlySequence<byte> bytes)
    {
        if (bytes.IsSingleSegment)
            return new ContiguousBytes(bytes.FirstSpan);

        var length = checked((int)bytes.Length);
        var rented = ArrayPool<byte>.Shared.Rent(length);
        bytes.CopyTo(rented);
        return new ContiguousBytes(rented, length);
    }

    /// <summary>Gives a pooled array back, if there is one.</summary>
    public void Dispose()
    {
        if (_rented is not null)
            ArrayPool<byte>.Shared.Return(_rented);
    }
}
