using System.Buffers;
using System.Buffers.Text;
using System.Text;
using LlmTr.Grains.Abstractions;

namespace LlmTr.Grains.Ledgers;

/// <summary>Bytes of a line as it is being written: on the stack at first, in a pooled array where that is too short.</summary>
internal ref struct LineBuffer(Span<byte> first)
{
    // What System.Text.Json writes as it is: printable ASCII but for what HTML, JSON or a URL could mistake.
    private static readonly SearchValues<char> Plain =
        SearchValues.Create(" !#$%()*,-./0123456789:;=?@ABCDEFGHIJKLMNOPQRSTUVWXYZ[]^_abcdefghijklmnopqrstuvwxyz{|}~");

    private Span<byte> _bytes = first;
    private byte[]? _rented;
    private int _length;

    public readonly byte[] ToArray() => _bytes[.._length].ToArray();

    public void Append(scoped ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(Room(bytes.Length));
        _length += bytes.Length;
    }

    public void Append(long number)
    {
        Utf8Formatter.TryFormat(number, Room(20), out var written);
        _length += written;
    }

    public void AppendId(RequestId id)
    {
        // As RequestId.ToString, without the text in between.
        Append("\"req_"u8);
        Utf8Formatter.TryFormat(id.Value, Room(32), out var written, 'N');
        _length += written;
        Append("\""u8);
    }

    public void AppendTime(DateTimeOffset at)
    {
        // The round-trip form, cut behind the milliseconds, is what the converter writes.
        const int ToMilliseconds = 23;
        Append("\""u8);
        Utf8Formatter.TryFormat(at.UtcDateTime, Room(28), out _, 'O');
        _length += ToMilliseconds;
        Append("Z\""u8);
    }

    /// <summary>Appends a text in quotes; false, and nothing is appended, where some of it needs an escape.</summary>
    public bool TryAppendPlain(string text)
    {
        if (text.AsSpan().ContainsAnyExcept(Plain))
            return false;
        var room = Room(text.Length + 2);
        room[0] = (byte)'"';
        Encoding.ASCII.GetBytes(text, room[1..]);
        room[text.Length + 1] = (byte)'"';
        _length += text.Length + 2;
        return true;
    }

    /// <summary>Gives the pooled array back; the buffer is not used after it.</summary>
    public void Return()
    {
        if (_rented is { } rented)
            ArrayPool<byte>.Shared.Return(rented);
        _rented = null;
    }

    private Span<byte> Room(int size)
    {
        if (_bytes.Length - _length < size)
        {
            var larger = ArrayPool<byte>.Shared.Rent(Math.Max(_bytes.Length * 2, _length + size));
            _bytes[.._length].CopyTo(larger);
            Return();
            _bytes = _rented = larger;
        }

        return _bytes[_length..];
    }
}
