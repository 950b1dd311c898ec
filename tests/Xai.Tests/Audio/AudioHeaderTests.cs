using System.Buffers.Binary;
using System.Diagnostics;
using System.Text;
using LlmTr.Xai.Audio;

namespace LlmTr.Xai.Tests.Audio;

public sealed class AudioHeaderTests
{
    private static string Folder => Path.Combine(AppContext.BaseDirectory, "Audio", "Samples");

    public static TheoryData<string> Samples => [.. Names];

    private static string[] Names { get; } = [.. Directory.EnumerateFiles(Folder).Select(path => Path.GetFileName(path)).Where(name => name != "README.md").Order(StringComparer.Ordinal)];

    [Theory]
    [InlineData("mulaw.wav", 1_500_000_000)]
    [InlineData("streamed.wav", 1_500_000_000)]
    [InlineData("xing-cbr.mp3", 1_584_000_000)]
    [InlineData("xing-vbr.mp3", 1_584_000_000)]
    [InlineData("bare-cbr.mp3", 1_584_000_000)]
    [InlineData("bare-vbr.mp3", 1_584_000_000)]
    [InlineData("a.m4a", 1_500_000_000)]
    [InlineData("a.mov", 1_500_000_000)]
    [InlineData("a.flac", 1_500_000_000)]
    public void Length_IsWhatTheFileSays(string name, long nanoseconds) =>
        Read(Sample(name)).Should().Be(new AudioLength(nanoseconds));

    [Fact]
    public void TagsAroundTheFrames_AreNotAudio() => Read(Sample("tagged.mp3"))!.Value.Nanoseconds.Should().BeInRange(1_500_000_000, 1_800_000_000);

    [Theory]
    [InlineData("a.opus")]
    [InlineData("a.aac")]
    [InlineData("a.mkv")]
    [InlineData("adpcm.wav")]
    [InlineData("fragmented.mp4")]
    public void WhatCannotBeRead_IsNotGuessed(string name) => Read(Sample(name)).Should().BeNull();

    [Fact]
    public void WaveThatClaimsLittle_InFrontOfMuch_IsMeasuredByWhatIsThere()
    {
        var wave = Wave(claimed: 160, samples: 16_000 * 60);
        Read(wave).Should().Be(AudioLength.OfSeconds(60));
    }

    [Theory]
    [InlineData(0u)]
    [InlineData(uint.MaxValue)]
    public void WaveWhoseSizeWasNotKnown_IsMeasuredByWhatIsThere(uint claimed) => Read(Wave(claimed, 32_000)).Should().Be(AudioLength.OfSeconds(2));

    [Fact]
    public void WaveThatStatesAnotherRateThanItsSamplesHave_IsMeasuredByTheSamples()
    {
        var wave = Wave(claimed: 16_000, samples: 16_000);
        BinaryPrimitives.WriteUInt32LittleEndian(wave.AsSpan(28), uint.MaxValue);
        Read(wave).Should().Be(AudioLength.OfSeconds(1));
    }

    [Fact]
    public void Mp3WhoseHeaderClaimsOneFrame_IsMeasuredByItsFrames()
    {
        var file = Sample("xing-vbr.mp3");
        var xing = file.AsSpan().IndexOf("Info"u8) is >= 0 and var info ? info : file.AsSpan().IndexOf("Xing"u8);
        BinaryPrimitives.WriteUInt32BigEndian(file.AsSpan(xing + 8), 1);
        Read(file).Should().Be(new AudioLength(1_584_000_000));
    }

    [Fact]
    public void LargeMp3WithoutAHeader_IsMeasuredByThePartThatWasWalked()
    {
        var frames = Sample("bare-cbr.mp3");
        using var large = new MemoryStream();
        const int times = 6000;
        for (var i = 0; i < times; i++)
            large.Write(frames);

        var length = AudioHeader.ReadLength(large)!.Value;

        ((double)length.Nanoseconds).Should().BeApproximately(1.584e9 * times, 1.584e9 * times / 100);
    }

    [Fact]
    public void LargeMp3WhoseHeaderClaimsOneFrame_IsNotBelieved()
    {
        var first = Sample("xing-cbr.mp3");
        BinaryPrimitives.WriteUInt32BigEndian(first.AsSpan(first.AsSpan().IndexOf("Info"u8) + 8), 1);
        var frames = Sample("bare-cbr.mp3");
        using var large = new MemoryStream();
        large.Write(first);
        const int times = 6000;
        for (var i = 0; i < times; i++)
            large.Write(frames);

        ((double)AudioHeader.ReadLength(large)!.Value.Nanoseconds).Should().BeApproximately(1.584e9 * times, 1.584e9 * times / 100);
    }

    [Fact]
    public void EmptyAndTinyFiles_HaveNoLength()
    {
        for (var length = 0; length < 64; length++)
            Read(new byte[length]).Should().BeNull();
    }

    [Theory]
    [MemberData(nameof(Samples))]
    public void EveryBeginningOfAFile_IsReadWithoutComplaint(string name)
    {
        var file = Sample(name);
        for (var length = 0; length < file.Length; length += 1 + (file.Length / 500))
            Read(file[..length]);
    }

    [Fact]
    public void Nonsense_NeitherThrowsNorTakesTime()
    {
        var random = new Random(4711);
        var samples = Names.Select(Sample).ToArray();
        var began = Stopwatch.GetTimestamp();
        var allocated = GC.GetAllocatedBytesForCurrentThread();
        const int rounds = 100_000;
        for (var i = 0; i < rounds; i++)
        {
            var file = i % 10 == 0 ? Random(random) : Mutated(samples[random.Next(samples.Length)], random);
            var length = Read(file);
            if (length is { IsPositive: false })
                Assert.Fail($"Round {i} has a length of {length}.");
        }

        Stopwatch.GetElapsedTime(began).Should().BeLessThan(TimeSpan.FromMinutes(2));
        ((GC.GetAllocatedBytesForCurrentThread() - allocated) / rounds).Should().BeLessThan(1024 * 1024, "a header's claim is no reason to allocate");
    }

    [Fact]
    public void LargeNonsense_IsReadBoundedly()
    {
        using var zeros = new EndlessStream(500_000_000, 0);
        using var syncs = new EndlessStream(500_000_000, 0xFF);
        using var frames = new EndlessStream(500_000_000, Sample("bare-cbr.mp3").AsSpan(0, 144).ToArray());
        foreach (var stream in new[] { zeros, syncs, frames })
        {
            AudioHeader.ReadLength(stream);
            stream.BytesRead.Should().BeLessThanOrEqualTo(32 * 1024 * 1024);
        }
    }

    private static byte[] Random(Random random)
    {
        var file = new byte[random.Next(0, 3000)];
        random.NextBytes(file);
        string[] heads = ["RIFF\0\0\0\0WAVEfmt ", "fLaC\0\0\0\"", "\0\0\0\u0018ftypM4A ", "ID3\u0003\0\0\0\0\0\u0005", "ÿû\u0090"];
        var head = Encoding.Latin1.GetBytes(heads[random.Next(heads.Length)]);
        if (file.Length > head.Length)
            head.CopyTo(file, 0);
        return file;
    }

    private static byte[] Mutated(byte[] sample, Random random)
    {
        var file = sample[..Math.Min(sample.Length, 4000)];
        var changes = random.Next(1, 20);
        for (var i = 0; i < changes; i++)
        {
            var at = random.Next(Math.Min(file.Length, random.Next(2) == 0 ? 100 : int.MaxValue));
            file[at] = random.Next(4) switch { 0 => 0, 1 => 0xFF, 2 => 0x7F, _ => (byte)random.Next(256) };
        }

        return file;
    }

    private static byte[] Wave(uint claimed, int samples)
    {
        var wave = new byte[44 + samples];
        "RIFF"u8.CopyTo(wave);
        BinaryPrimitives.WriteUInt32LittleEndian(wave.AsSpan(4), claimed);
        "WAVEfmt "u8.CopyTo(wave.AsSpan(8));
        wave[16] = 16;
        wave[20] = 1;
        wave[22] = 1;
        BinaryPrimitives.WriteUInt32LittleEndian(wave.AsSpan(24), 8000);
        BinaryPrimitives.WriteUInt32LittleEndian(wave.AsSpan(28), 16000);
        wave[32] = 2;
        wave[34] = 16;
        "data"u8.CopyTo(wave.AsSpan(36));
        BinaryPrimitives.WriteUInt32LittleEndian(wave.AsSpan(40), claimed);
        return wave;
    }

    private static byte[] Sample(string name) => File.ReadAllBytes(Path.Combine(Folder, name));

    private static AudioLength? Read(byte[] file)
    {
        using var stream = new MemoryStream(file);
        return AudioHeader.ReadLength(stream);
    }

    /// <summary>A large file of one piece over and over.</summary>
    private sealed class EndlessStream(long length, params byte[] piece) : Stream
    {
        public long BytesRead { get; private set; }

        public override bool CanRead => true;

        public override bool CanSeek => true;

        public override bool CanWrite => false;

        public override long Length => length;

        public override long Position { get; set; }

        public override int Read(byte[] buffer, int offset, int count)
        {
            var read = (int)Math.Min(count, Math.Max(0, length - Position));
            for (var i = 0; i < read; i++)
                buffer[offset + i] = piece[(Position + i) % piece.Length];
            Position += read;
            BytesRead += read;
            return read;
        }

        public override long Seek(long offset, SeekOrigin origin) =>
            Position = origin switch { SeekOrigin.Begin => offset, SeekOrigin.Current => Position + offset, _ => length + offset };

        public override void Flush() => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}
