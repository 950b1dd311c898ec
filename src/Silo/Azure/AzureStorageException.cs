namespace LlmTr.Silo.Azure;

/// <summary>The storage account cannot be used as it is; the message says why and what to do. A transient failure is not told by this.</summary>
public sealed class AzureStorageException : Exception
{
    /// <summary>Says nothing more.</summary>
    public AzureStorageException()
        : this("The storage account cannot be used.")
    {
    }

    /// <summary>Says why.</summary>
    public AzureStorageException(string message)
        : base(message)
    {
    }

    /// <summary>Says why, and what lies behind it.</summary>
    public AzureStorageException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
