using LlmTr.Grains.Abstractions.Video;
using LlmTr.Grains.Video;
using LlmTr.Silo.Media;
using LlmTr.Xai.Wire;
using Microsoft.Extensions.Options;

namespace LlmTr.Silo.Video;

/// <summary>What video jobs do with files: xAI's are copied into the media store, input images are read out of it.</summary>
public sealed class JobMedia(IMediaStore store, MediaDownload download, IOptions<VideoJobOptions> options, TimeProvider clock) : IJobMedia
{
    // An image of 10 MiB as base64, and what stands around it.
    private const int MostImageBytes = 16 * 1024 * 1024;

    /// <summary>The name of a job's video in the media store.</summary>
    public static string VideoName(string jobId) => $"{jobId}.mp4";

    /// <inheritdoc/>
    public async Task<ReadOnlyMemory<byte>?> ReadImageAsync(string name, CancellationToken cancellation)
    {
        await using var stream = await store.OpenAsync(name, cancellation);
        if (stream is null || stream.Length > MostImageBytes)
            return null;
        var bytes = new byte[stream.Length];
        await stream.ReadExactlyAsync(bytes, cancellation);
        return bytes;
    }

    /// <inheritdoc/>
    public Task DeleteAsync(string name, CancellationToken cancellation) => store.DeleteAsync(name, cancellation);

    /// <inheritdoc/>
    public async Task<VideoFile> CopyAsync(string jobId, string url, CancellationToken cancellation)
    {
        using var response = await download.OpenAsync(url, cancellation);
        var most = options.Value.MaxFileBytes;
        if (response.Content.Headers.ContentLength > most)
            throw new MediaTooLargeException($"The file is longer than {most} bytes.");
        await using var body = await response.Content.ReadAsStreamAsync(cancellation);
        var name = VideoName(jobId);
        var saved = await store.SaveAsync(name, body, most, cancellation);
        if (saved.Bytes == 0)
            throw new IOException("The file is empty.");
        return new VideoFile(name, saved.Bytes, saved.Sha256, clock.GetUtcNow() + options.Value.KeepFiles);
    }
}
