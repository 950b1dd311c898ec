using MetadataExtractor.Formats.QuickTime;

namespace LlmTr.Xai.Audio;

/// <summary>The length of an mp4, m4a or mov file: the duration of its movie header. A fragmented file says zero there, which is not believed.</summary>
internal static class Mp4Header
{
    public static AudioLength? ReadLength(Stream audio)
    {
        audio.Position = 0;
        try
        {
            using var bounded = new BoundedReads(audio, AudioFile.MostBytesRead);
            var movie = QuickTimeMetadataReader.ReadMetadata(bounded).OfType<QuickTimeMovieHeaderDirectory>().FirstOrDefault();
            return movie?.GetObject(QuickTimeMovieHeaderDirectory.TagDuration) is TimeSpan { Ticks: > 0 and <= long.MaxValue / TimeSpan.NanosecondsPerTick } duration
                ? new AudioLength(duration.Ticks * TimeSpan.NanosecondsPerTick)
                : null;
        }
#pragma warning disable CA1031 // The library throws whatever a broken file makes it stumble over; none of it says more than that the file is broken.
        catch (Exception exception) when (exception is not OutOfMemoryException)
#pragma warning restore CA1031
        {
            return null;
        }
    }

    /// <summary>A stream that ends after so many bytes and so many reads, wherever its reader jumps to: no file can keep the reader busy.</summary>
    private sealed class BoundedReads(Stream inner, int mostBytes) : Stream
    {
        private const int MostReads = 100_000;

        private int _bytesLeft = mostBytes;
        private int _reads;

        public override bool CanRead => true;

        public override bool CanSeek => true;

        public override bool CanWrite => false;

        public override long Length => inner.Length;

        public override long Position
        {
            get => inner.Position;
            set => inner.Position = value;
        }

        public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

        public override int Read(Span<byte> buffer)
        {
            if (++_reads > MostReads)
                return 0;
            var read = inner.Read(buffer[..Math.Min(buffer.Length, _bytesLeft)]);
            _bytesLeft -= read;
            return read;
        }

        public override long Seek(long offset, SeekOrigin origin) => inner.Seek(offset, origin);

        public override void Flush()
        {
        }

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}
