namespace LlmTr.Silo.Hosting;

/// <summary>A program cannot start. The message is one sentence for whoever started it: what is wrong, and what to do.</summary>
public sealed class StartupException : Exception
{
    /// <summary>Says nothing more.</summary>
    public StartupException()
        : this("The gateway cannot start.")
    {
    }

    /// <summary>Says why.</summary>
    public StartupException(string message)
        : base(message)
    {
    }

    /// <summary>Says why, and what lies behind it.</summary>
    public StartupException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
