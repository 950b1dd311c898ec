namespace LlmTr.Silo.Sqlite;

/// <summary>
/// The folder of the embedded mode's data, locked against a second process for as long as this object lives: two writers with one
/// SQLite file each believing in their own memory is what fencing is for, and this keeps it from ever being needed by accident.
/// </summary>
public sealed class DataFolder : IDisposable
{
    private readonly FileStream _lock;

    private DataFolder(string path, FileStream @lock)
    {
        Path = path;
        _lock = @lock;
    }

    /// <summary>The folder, absolute.</summary>
    public string Path { get; }

    /// <summary>Creates the folder where needed, tries a write, and locks it.</summary>
    /// <exception cref="DataFolderException">It cannot be created or written, or another process has it.</exception>
    public static DataFolder Open(string path)
    {
        var full = System.IO.Path.GetFullPath(path);
        try
        {
            if (OperatingSystem.IsWindows())
                Directory.CreateDirectory(full);
            else
                Directory.CreateDirectory(full, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
            var probe = System.IO.Path.Combine(full, ".probe");
            File.WriteAllBytes(probe, []);
            File.Delete(probe);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new DataFolderException(
                $"The data folder '{full}' cannot be written ({exception.Message.TrimEnd('.')}). Give LLMTR_DATA a folder that this user can write to.", exception);
        }

        try
        {
            return new DataFolder(full, new FileStream(
                System.IO.Path.Combine(full, "lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None));
        }
        catch (UnauthorizedAccessException exception)
        {
            throw new DataFolderException(
                $"The lock file of the data folder '{full}' cannot be opened. Give this user the right to write to it, or give LLMTR_DATA another folder.", exception);
        }
        catch (IOException exception)
        {
            throw new DataFolderException(
                $"The data folder '{full}' is in use by another gateway. Stop that one, or give LLMTR_DATA another folder.", exception);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _lock.Dispose();
}

/// <summary>The data folder cannot be used; the message says why and what to do.</summary>
public sealed class DataFolderException : Exception
{
    /// <summary>Says nothing more.</summary>
    public DataFolderException()
        : this("The data folder cannot be used.")
    {
    }

    /// <summary>Says why.</summary>
    public DataFolderException(string message)
        : base(message)
    {
    }

    /// <summary>Says why, and what lies behind it.</summary>
    public DataFolderException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
