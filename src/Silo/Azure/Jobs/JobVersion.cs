using System.Globalization;
using LlmTr.Grains.Abstractions.Video;
using LlmTr.Grains.Video;

namespace LlmTr.Silo.Azure.Jobs;

/// <summary>
/// What a writer of a job builds on: the blob's ETag, and in which status's lists the job is. So a write knows without another request which lists the job leaves and enters.
/// </summary>
/// <param name="ETag">The blob's.</param>
/// <param name="Status">The status; null for a tombstone, which is in no list.</param>
internal readonly record struct JobVersion(string ETag, VideoJobStatus? Status)
{
    private const char Separator = ';';

    /// <summary>The version of a job that was read or written.</summary>
    public static JobVersion Of(string etag, VideoJob job) =>
        new(etag, job.Phase == JobPhase.Tombstone ? null : job.View("", job.CreatedAt).Status);

    /// <summary>Reads what <see cref="ToString"/> wrote; another text is the version of no job.</summary>
    public static JobVersion Parse(string text)
    {
        var at = text.IndexOf(Separator, StringComparison.Ordinal);
        return at >= 0 && int.TryParse(text.AsSpan(0, at), NumberStyles.None, CultureInfo.InvariantCulture, out var status)
            ? new JobVersion(text[(at + 1)..], (VideoJobStatus)status)
            : new JobVersion(text[(at + 1)..], null);
    }

    /// <summary>The ETag that the store's callers hold.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{(int?)Status}{Separator}{ETag}");
}
