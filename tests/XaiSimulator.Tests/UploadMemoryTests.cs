using System.Security.Cryptography;

namespace LlmTr.XaiSimulator.Tests;

/// <summary>What an upload allocates. It counts the whole process, so nothing else may run meanwhile.</summary>
[Collection(nameof(Alone))]
public sealed class UploadMemoryTests : MediaTest
{
    [Fact]
    public async Task LongFile_IsMeasuredWithoutBeingKept()
    {
        const int length = 64 * 1024 * 1024;
        var file = new byte[length];
        Wav(0).CopyTo(file, 0);
        BitConverter.TryWriteBytes(file.AsSpan(40), (uint)(length - 44));
        using var form = Form(file);
        var before = GC.GetTotalAllocatedBytes();

        (await TranscribeAsync(form)).Status.Should().Be(200);

        (GC.GetTotalAllocatedBytes() - before).Should().BeLessThan(16 * 1024 * 1024, "neither side may copy the file");
        var request = await LastAsync();
        request.Parts[^1].Bytes.Should().Be(length);
        request.Parts[^1].Sha256.Should().Be(Convert.ToHexStringLower(SHA256.HashData(file)));
        request.Facts["duration_ms"].Should().Be($"{(length - 44L) * 1000 / 32_000}");
    }
}

/// <summary>Tests that run when no others do.</summary>
[CollectionDefinition(nameof(Alone), DisableParallelization = true)]
public sealed class Alone;
