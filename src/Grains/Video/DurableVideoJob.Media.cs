using LlmTr.Grains.Abstractions.Video;
using Microsoft.Extensions.Logging;

namespace LlmTr.Grains.Video;

/// <content>What is done at the media store: the video is copied, and the image that it began with deleted.</content>
public sealed partial class DurableVideoJob
{
    private int _copies;

    private async Task<TimeSpan> CopyAsync(VideoJob job)
    {
        VideoFile? file = null;
        try
        {
            using var limit = new CancellationTokenSource(_options.CopyTimeout, _clock);
            file = await services.Media.CopyAsync(id, job.ProviderUrl!, limit.Token);
        }
        catch (Exception exception)
        {
            LogNotCopied(id, exception.GetType().Name, exception.Message);
            if (++_copies < _options.CopyAttempts)
                return NextRetry();
        }

        await WriteAsync(file is null ? job.CopyGivenUp(_clock.GetUtcNow()) : job.Copied(file, _clock.GetUtcNow()));
        return TimeSpan.Zero;
    }

    private async Task DeleteImageAsync(VideoJob job)
    {
        if (job.Order?.ImageName is not { } image)
            return;
        try
        {
            await services.Media.DeleteAsync(image, CancellationToken.None);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // The store's retention takes it in the end.
            LogFailed(id, "delete the image", exception);
        }
    }

    [LoggerMessage(LogLevel.Warning, "Video job {Id}: its file was not copied ({Why}: {Message}).")]
    private partial void LogNotCopied(string id, string why, string message);
}
