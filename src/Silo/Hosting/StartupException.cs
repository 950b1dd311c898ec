using Microsoft.Extensions.Options;

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

    /// <summary>What to tell whoever started the program, where an exception says that its settings cannot be used; null where it says something else.</summary>
    public static string? SentenceOf(Exception exception) => exception switch
    {
        StartupException or OptionsValidationException => exception.Message,

        // So the host tells of several sections at once.
        AggregateException several when several.InnerExceptions.All(static one => SentenceOf(one) is not null) =>
            string.Join("; ", several.InnerExceptions.Select(static one => one.Message)),
        _ => null,
    };

    /// <summary>Says why, and what lies behind it.</summary>
    public StartupException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
