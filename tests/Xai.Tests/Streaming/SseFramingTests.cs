using System.Buffers;
using System.Text;
using System.Text.RegularExpressions;
using LlmTr.Xai.Streaming;

namespace LlmTr.Xai.Tests.Streaming;

public class SseFramingTests
{
    public static TheoryData<string> LineEnds => ["\n", "\r\n", "\r"];

    [Theory]
    [MemberData(nameof(LineEnds))]
    public void Stream_SplitAtEveryByte_GivesTheSameFrames(string lineEnd)
    {
        var frames = SampleStream.Frames(lineEnd);
        var bytes = SampleStream.Bytes(frames);
        for (var split = 0; split <= bytes.Length; split++)
            Read(bytes, split).Should().Equal(frames.Select(Latin), "it was split after byte {0}", split);
    }

    [Theory]
    [MemberData(nameof(LineEnds))]
    public void Stream_ArrivingByteByByte_GivesTheSameFrames(string lineEnd)
    {
        var frames = SampleStream.Frames(lineEnd);
        var bytes = SampleStream.Bytes(frames);
        Read(bytes, [.. Enumerable.Range(1, bytes.Length - 1)]).Should().Equal(frames.Select(Latin));
    }

    [Fact]
    public void MixedLineEnds_SplitAtEveryTwoBytes_GiveTheSameFrames()
    {
        string[] frames = [": hi\r\n\n", "data: a\r\rata: no\n\n", "event: x\ndata: b\r\r\n", "data: c\r\n\r\n", "\n", "\r\n", "data\rdata\n\r\n", "data: d\n\r"];
        // The second frame ends at its CR CR: what follows is the next one.
        string[] expected = [": hi\r\n\n", "data: a\r\r", "ata: no\n\n", "event: x\ndata: b\r\r\n", "data: c\r\n\r\n", "\n", "\r\n", "data\rdata\n\r\n", "data: d\n\r"];
        var bytes = SampleStream.Bytes(frames);
        for (var first = 0; first <= bytes.Length; first++)
            for (var second = first; second <= bytes.Length; second++)
                Read(bytes, first, second).Should().Equal(expected, "it was split after bytes {0} and {1}", first, second);
    }

    [Fact]
    public void ByteOrderMark_AtTheStart_BelongsToTheFirstFrame()
    {
        string[] frames = ["\uFEFFdata: a\n\n", "data: b\n\n"];
        var bytes = SampleStream.Bytes(frames);
        for (var split = 0; split <= bytes.Length; split++)
            Read(bytes, split).Should().Equal(frames.Select(Latin));
    }

    [Fact]
    public void ByteOrderMark_OnALineOfItsOwn_IsABlankLineOnlyAtTheStart()
    {
        var bytes = SampleStream.Bytes(["\uFEFF\ndata: a\n\uFEFF\ndata: b\n\n"]);
        for (var split = 0; split <= bytes.Length; split++)
            Read(bytes, split).Should().Equal(Latin("\uFEFF\n"), Latin("data: a\n\uFEFF\ndata: b\n\n"));
    }

    [Fact]
    public void Frame_InSeveralSegments_IsASliceOfTheBuffer()
    {
        var bytes = SampleStream.Bytes(["data: one\n\n", "data: two\n\nrest"]);
        var buffer = Pieces.Chop(bytes, 3);
        var framing = new SseFraming();

        framing.TryReadFrame(ref buffer, out var one).Should().BeTrue();
        framing.TryReadFrame(ref buffer, out var two).Should().BeTrue();
        framing.TryReadFrame(ref buffer, out _).Should().BeFalse();

        Encoding.UTF8.GetString(one).Should().Be("data: one\n\n");
        Encoding.UTF8.GetString(two).Should().Be("data: two\n\n");
        Encoding.UTF8.GetString(buffer).Should().Be("rest");
        one.IsSingleSegment.Should().BeFalse();
    }

    [Fact]
    public void FrameThatEndsInCr_AtTheEndOfTheStream_IsWhole()
    {
        var framing = new SseFraming();
        var buffer = new ReadOnlySequence<byte>("data: a\r\r"u8.ToArray());

        framing.TryReadFrame(ref buffer, out _).Should().BeFalse("an LF could still follow and belong to it");
        framing.TryReadLast(ref buffer, out var frame, out var isWhole).Should().BeTrue();

        isWhole.Should().BeTrue();
        Encoding.UTF8.GetString(frame).Should().Be("data: a\r\r");
        buffer.IsEmpty.Should().BeTrue();
    }

    [Theory]
    [InlineData("data: a")]
    [InlineData("data: a\n")]
    [InlineData("data: a\r")]
    public void FrameWithoutItsBlankLine_AtTheEndOfTheStream_IsNotWhole(string rest)
    {
        var framing = new SseFraming();
        var buffer = new ReadOnlySequence<byte>(Encoding.UTF8.GetBytes(rest));

        framing.TryReadFrame(ref buffer, out _).Should().BeFalse();
        framing.TryReadLast(ref buffer, out var frame, out var isWhole).Should().BeTrue();

        isWhole.Should().BeFalse();
        Encoding.UTF8.GetString(frame).Should().Be(rest);
    }

    [Fact]
    public void NothingLeft_AtTheEndOfTheStream_IsNoFrame()
    {
        var framing = new SseFraming();
        var buffer = new ReadOnlySequence<byte>("data: a\n\n"u8.ToArray());
        framing.TryReadFrame(ref buffer, out _).Should().BeTrue();
        framing.TryReadLast(ref buffer, out _, out _).Should().BeFalse();
    }

    [Theory]
    [InlineData("data: 4567\n", false)]
    [InlineData("data: 456\n\n", true)]
    [InlineData("data: 4567\n\n", null)]
    [InlineData("data: 4567890123", null)]
    public void FrameBound_OfElevenBytes_HoldsForWholeAndUnfinishedFrames(string text, bool? isWhole)
    {
        var framing = new SseFraming(maxFrameBytes: 11);
        var buffer = new ReadOnlySequence<byte>(Encoding.UTF8.GetBytes(text));
        var read = () => framing.TryReadFrame(ref buffer, out _);

        if (isWhole is null)
            read.Should().Throw<SseFrameTooLargeException>().Where(e => e.MaxFrameBytes == 11).WithMessage("*more than 11 bytes*");
        else
            read().Should().Be(isWhole.Value);
    }

    [Fact]
    public void FrameBound_CountsEachFrameByItself()
    {
        var framing = new SseFraming(maxFrameBytes: 9);
        var buffer = new ReadOnlySequence<byte>("data: a\n\ndata: b\n\ndata: c\n\n"u8.ToArray());
        for (var i = 0; i < 3; i++)
            framing.TryReadFrame(ref buffer, out _).Should().BeTrue();
    }

    [Fact]
    public void Buffer_ThatLostBytes_IsRefused()
    {
        var framing = new SseFraming();
        var buffer = new ReadOnlySequence<byte>("data: abc"u8.ToArray());
        framing.TryReadFrame(ref buffer, out _).Should().BeFalse();

        var shorter = buffer.Slice(1);
        var read = () => framing.TryReadFrame(ref shorter, out _);

        read.Should().Throw<ArgumentException>();
    }

    [Fact]
    public void RandomBytes_InRandomPieces_GiveTheFramesOfTheStandard()
    {
        var random = new Random(20261122);
        // Few different bytes, so that every mix of line ends comes up.
        byte[] alphabet = [.. "\r\n:d ae"u8, 0xEF, 0xBB, 0xBF];
        for (var round = 0; round < 5_000; round++)
        {
            byte[] mark = round % 3 == 0 ? [0xEF, 0xBB, 0xBF] : [];
            byte[] bytes = [.. mark, .. random.GetItems(alphabet, random.Next(60))];
            var splits = Enumerable.Range(0, random.Next(6)).Select(_ => random.Next(bytes.Length + 1)).Order().ToArray();

            Read(bytes, splits).Should().Equal(FramesByLines(Encoding.Latin1.GetString(bytes)));
        }
    }

    [Fact]
    public void FrameScan_AfterWarmUp_AllocatesNothing()
    {
        var bytes = SampleStream.Bytes(SampleStream.Frames());
        var whole = new ReadOnlySequence<byte>(bytes);
        var chopped = Pieces.Chop(bytes, 100);
        var framing = new SseFraming();

        Allocation.OfHundredRuns(() =>
        {
            ScanAll(framing, whole);
            ScanAll(framing, chopped);
        }).Should().Be(0);
    }

    private static int ScanAll(SseFraming framing, ReadOnlySequence<byte> buffer)
    {
        var deltaBytes = 0;
        while (framing.TryReadFrame(ref buffer, out var frame))
        {
            using var bytes = ContiguousBytes.Of(frame);
            var parsed = new SseFrame(bytes.Span);
            deltaBytes += parsed.DeltaTextBytes;
        }

        return deltaBytes;
    }

    /// <summary>
    /// Feeds the bytes as they would arrive if the network had split them there; the unterminated rest, if any, comes last. The frames come as one
    /// character for each byte, so that any bytes compare exactly.
    /// </summary>
    private static List<string> Read(byte[] bytes, params int[] splits)
    {
        var framing = new SseFraming();
        var frames = new List<string>();
        var taken = 0;
        foreach (var arrived in splits.Append(bytes.Length))
        {
            var buffer = new ReadOnlySequence<byte>(bytes, taken, arrived - taken);
            while (framing.TryReadFrame(ref buffer, out var frame))
                frames.Add(Encoding.Latin1.GetString(frame));
            taken = arrived - (int)buffer.Length;
        }

        var rest = new ReadOnlySequence<byte>(bytes, taken, bytes.Length - taken);
        if (framing.TryReadLast(ref rest, out var last, out _))
            frames.Add(Encoding.Latin1.GetString(last));
        return frames;
    }

    private static string Latin(string text) => Encoding.Latin1.GetString(Encoding.UTF8.GetBytes(text));

    /// <summary>The frames found the plain way, with everything at hand: cut into lines, a frame ends at an empty one.</summary>
    private static List<string> FramesByLines(string stream)
    {
        var frames = new List<string>();
        var frame = "";
        foreach (var line in Regex.Matches(stream, "[^\r\n]*(\r\n|\r|\n|$)").Select(m => m.Value).Where(l => l.Length > 0))
        {
            var isFirst = frames.Count == 0 && frame.Length == 0;
            var text = line.TrimEnd('\r', '\n');
            frame += line;
            if (line == text || (text.Length > 0 && !(isFirst && text == Latin("\uFEFF"))))
                continue;
            frames.Add(frame);
            frame = "";
        }

        return frame.Length > 0 ? [.. frames, frame] : frames;
    }
}
