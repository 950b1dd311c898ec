using LlmTr.Silo.Media;

namespace LlmTr.Api.Video;

/// <summary>The front end's side of the media store: away or full, it fails nobody's request with more than a 503.</summary>
internal sealed partial class MediaFiles(IMediaStore store, ILogger<MediaFiles> logger)
{
    /// <summary>Keeps an image; false when the store cannot.</summary>
    public async Task<bool> TrySaveAsync(string name, VideoImage image, CancellationToken cancellation)
    {
        try
        {
            using var content = image.Open();
            await store.SaveAsync(name, content, content.Length, cancellation);
            return true;
        }
        catch (Exception exception) when (IsAway(exception))
        {
            LogNotSaved(name, exception);
            return false;
        }
    }

    /// <summary>Deletes an image that nobody needs; one that stays goes with the old files.</summary>
    public async Task DiscardAsync(string name)
    {
        try
        {
            await store.DeleteAsync(name, CancellationToken.None);
        }
        catch (Exception exception) when (IsAway(exception))
        {
            LogNotDeleted(name, exception);
        }
    }

    /// <summary>Opens a file: (true, null) where there is none, (false, null) when the store cannot tell.</summary>
    public async Task<(bool Told, Stream? File)> OpenAsync(string name, CancellationToken cancellation)
    {
        try
        {
            return (true, await store.OpenAsync(name, cancellation));
        }
        catch (Exception exception) when (IsAway(exception))
        {
            LogNotRead(name, exception);
            return (false, null);
        }
    }

    /// <summary>Notes that an open file could not be read.</summary>
    public void NoteBroken(string name, IOException exception) => LogNotRead(name, exception);

    // What the stores throw when they cannot be reached, are full or may not be written to.
    private static bool IsAway(Exception exception) => exception is IOException or UnauthorizedAccessException;

    [LoggerMessage(LogLevel.Error, "The media store could not keep {Name}; its request was refused.")]
    private partial void LogNotSaved(string name, Exception exception);

    [LoggerMessage(LogLevel.Warning, "The media store could not delete {Name}; it goes with the old files.")]
    private partial void LogNotDeleted(string name, Exception exception);

    [LoggerMessage(LogLevel.Error, "The media store could not read {Name}; who asked for it was told to come back.")]
    private partial void LogNotRead(string name, Exception exception);
}
