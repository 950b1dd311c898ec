namespace LlmTr.Admin;

/// <summary>What the program ends with, for scripts.</summary>
internal static class ExitCode
{
    /// <summary>Done.</summary>
    public const int Ok = 0;

    /// <summary>The gateway said no, or a ledger is not what it should be.</summary>
    public const int Refused = 1;

    /// <summary>The command line is wrong; nothing was sent.</summary>
    public const int Usage = 2;

    /// <summary>The gateway, or its ledger, could not be reached. What became of a command is not known: repeat it.</summary>
    public const int Unreachable = 3;
}

/// <summary>Ends a command with a sentence on the error stream and an exit code.</summary>
internal sealed class CommandFailureException(int exitCode, string message) : Exception(message)
{
    /// <summary>One of <see cref="Admin.ExitCode"/>.</summary>
    public int ExitCode { get; } = exitCode;
}
