using System.Text;
using LlmTr.XaiSimulator.Wire;

namespace LlmTr.XaiSimulator.Files;

/// <summary>A small real file that stands for a generated one; README.md says how each was made.</summary>
internal sealed class Sample
{
    private readonly byte[] _bytes;
    private readonly Func<byte[], byte[], byte[]> _sign;

    private Sample(string resource, string contentType, Func<byte[], byte[], byte[]> sign)
    {
        using var stream = typeof(Sample).Assembly.GetManifestResourceStream(resource)
            ?? throw new InvalidOperationException($"The resource {resource} is missing from the simulator's assembly.");
        _bytes = new byte[stream.Length];
        stream.ReadExactly(_bytes);
        ContentType = contentType;
        _sign = sign;
    }

    /// <summary>A JPEG of 64 by 64 pixels. Its name goes into a comment, right behind the mark of its start.</summary>
    public static Sample Picture { get; } = new("picture.jpg", "image/jpeg", (bytes, name) =>
        [.. bytes.AsSpan(0, 2), 0xFF, 0xFE, (byte)((name.Length + 2) >> 8), (byte)(name.Length + 2), .. name, .. bytes.AsSpan(2)]);

    /// <summary>An MP4 of one second, H.264 and AAC. Its name goes into a free box at its end.</summary>
    public static Sample Clip { get; } = new("clip.mp4", "video/mp4", (bytes, name) =>
        [.. bytes, 0, 0, (byte)((name.Length + 8) >> 8), (byte)(name.Length + 8), .. "free"u8, .. name]);

    /// <summary>Its type.</summary>
    public string ContentType { get; }

    /// <summary>The file, with its name in a place where no viewer looks, so that no two are the same.</summary>
    /// <param name="name">Its name, ASCII.</param>
    /// <param name="bytes">Make it so long, by zeros at its end; null, or less than it has, leaves it.</param>
    public Content Named(string name, long? bytes) => new Padded(_sign(_bytes, Encoding.ASCII.GetBytes(name)), bytes ?? 0);

    private sealed class Padded(byte[] file, long length) : Content
    {
        public override long Length => Math.Max(file.Length, length);

        public override void Read(long offset, Span<byte> into)
        {
            into.Clear();
            if (offset < file.Length)
                file.AsSpan((int)offset, (int)Math.Min(into.Length, file.Length - offset)).CopyTo(into);
        }
    }
}
