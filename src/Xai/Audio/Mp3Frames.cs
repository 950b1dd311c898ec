using System.Buffers.Binary;

namespace LlmTr.Xai.Audio;

/// <summary>
/// The length of an mp3 file, which has no header of its own: the frames are counted, one after the other. Where the file is too large to be walked to its end,
/// the rest counts by the frames in a Xing, Info or VBRI header if what was walked bears them out, and else as what was walked.
/// </summary>
internal static class Mp3Frames
{
    // The first frame may hide behind something that is neither a tag nor audio.
    private const int MostBytesBeforeFirst = 64 * 1024;

    // What is walked of one file. Below it a length is exact.
    private const int MostBytesWalked = 8 * 1024 * 1024;

    // Old tags stand at the end: ID3v1, lyrics, APE.
    private const int MostBytesBehind = 64 * 1024;

    public static AudioLength? ReadLength(AudioFile file)
    {
        var start = BehindTags(file);
        if (FindFrame(file, start, MostBytesBeforeFirst) is not { } first)
            return null;
        if (!Mp3FrameHeader.TryRead(file.At(first, 4), out var header))
            return null;

        // A frame that only carries the count of the others is silent.
        var position = first;
        var claimed = ClaimedFrames(file, first, header);
        if (claimed is not null)
            position += header.Bytes;

        var counted = 0L;
        var nanoseconds = 0L;
        var audioStart = position;
        while (position - audioStart < MostBytesWalked && Mp3FrameHeader.TryRead(file.At(position, 4), out var frame))
        {
            counted++;
            nanoseconds += AudioLength.Of(frame.Samples, frame.SampleRate).Nanoseconds;
            position += frame.Bytes;
            if (position < file.Length && !Mp3FrameHeader.TryRead(file.At(position, 4), out _))
            {
                // Something lies between the frames; behind it the audio may go on.
                if (FindFrame(file, position, MostBytesWalked - (position - audioStart)) is not { } next)
                    break;
                position = next;
            }
        }

        if (counted == 0)
            return null;
        if (position >= file.Length - MostBytesBehind)
            return new AudioLength(nanoseconds);

        var all = (Int128)nanoseconds * (file.Length - audioStart) / (position - audioStart);
        var byHeader = claimed is { } frames ? (Int128)AudioLength.Of((long)frames * header.Samples, header.SampleRate).Nanoseconds : 0;
        return new AudioLength((long)Int128.Min(byHeader * 2 >= all ? byHeader : all, long.MaxValue));
    }

    /// <summary>Where the audio begins: ID3v2 tags tell their size, four times seven bits.</summary>
    private static long BehindTags(AudioFile file)
    {
        const int mostTags = 8;
        var position = 0L;
        for (var tag = 0; tag < mostTags; tag++)
        {
            var head = file.At(position, 10);
            if (head.Length < 10 || !head.StartsWith("ID3"u8) || ((head[6] | head[7] | head[8] | head[9]) & 0x80) != 0)
                break;
            const int footer = 0x10;
            var size = (head[6] << 21) | (head[7] << 14) | (head[8] << 7) | head[9];
            position += 10 + size + ((head[5] & footer) != 0 ? 10 : 0);
        }

        return position;
    }

    /// <summary>The next place where two frames follow each other, or one ends the file: two bytes alone that look like a frame are found in any data.</summary>
    private static long? FindFrame(AudioFile file, long from, long within)
    {
        for (var end = Math.Min(file.Length - 4, from + within); from <= end;)
        {
            const int piece = 4096;
            var bytes = file.At(from, piece);
            if (bytes.Length < 4)
                return null;
            var sync = bytes.IndexOf((byte)0xFF);
            if (sync < 0)
            {
                from += bytes.Length;
                continue;
            }

            from += sync;
            if (Mp3FrameHeader.TryRead(file.At(from, 4), out var frame)
                && (from + frame.Bytes == file.Length
                    || (Mp3FrameHeader.TryRead(file.At(from + frame.Bytes, 4), out var next) && next.SampleRate == frame.SampleRate)))
                return from;
            from++;
        }

        return null;
    }

    private static uint? ClaimedFrames(AudioFile file, long frame, in Mp3FrameHeader header)
    {
        var xing = file.At(frame + 4 + header.SideBytes, 12);
        const uint hasFrames = 1;
        if (xing.Length == 12 && (xing.StartsWith("Xing"u8) || xing.StartsWith("Info"u8)))
            return (BinaryPrimitives.ReadUInt32BigEndian(xing[4..]) & hasFrames) != 0 ? BinaryPrimitives.ReadUInt32BigEndian(xing[8..]) : 0;

        // Fraunhofer's own stands at one place whatever the channels.
        var vbri = file.At(frame + 4 + 32, 18);
        return vbri.Length == 18 && vbri.StartsWith("VBRI"u8) ? BinaryPrimitives.ReadUInt32BigEndian(vbri[14..]) : null;
    }
}
