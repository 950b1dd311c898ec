namespace LlmTr.Silo.Media;

/// <summary>Files that customers made or sent. A name is chosen by the caller: letters, digits, dashes, underscores and dots.</summary>
public interface IMediaStore
{
    /// <summary>Keeps a file, in place of an earlier one of its name. When the task completes it is durable, and was never to be seen in part.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="content">Its bytes; read to the end.</param>
    /// <param name="mostBytes">The longest that is kept.</param>
    /// <param name="cancellation">Ends it; nothing is kept.</param>
    /// <exception cref="MediaTooLargeException">It is longer.</exception>
    Task<MediaFile> SaveAsync(string name, Stream content, long mostBytes, CancellationToken cancellation);

    /// <summary>Opens a file; null where there is none. Dispose the stream, which can seek.</summary>
    Task<Stream?> OpenAsync(string name, CancellationToken cancellation);

    /// <summary>Deletes a file; one that is not there is no failure.</summary>
    Task DeleteAsync(string name, CancellationToken cancellation);

    /// <summary>Deletes the files that were kept before a moment, and says how many.</summary>
    Task<int> DeleteOldAsync(DateTimeOffset keptBefore, CancellationToken cancellation);
}

/// <summary>A file that was kept.</summary>
/// <param name="Bytes">How long it is.</param>
/// <param name="Sha256">The SHA-256 of its bytes, hexadecimal.</param>
public readonly record struct MediaFile(long Bytes, string Sha256);

/// <summary>A file is longer than is kept.</summary>
public sealed class MediaTooLargeException : Exception
{
    /// <summary>Says nothing more.</summary>
    public MediaTooLargeException()
        : this("The file is longer than is kept.")
    {
    }

    /// <summary>Says how long.</summary>
    public MediaTooLargeException(string message)
        : base(message)
    {
    }

    /// <summary>Says how long, and what lies behind it.</summary>
    public MediaTooLargeException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
