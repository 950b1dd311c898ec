using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging;

namespace LlmTr.Silo.Hosting;

/// <summary>The levels of the log, <c>Logging:LogLevel:…</c>: .NET's own settings, which .NET refuses with a stack trace.</summary>
public static class LogLevels
{
    /// <summary>Checks them.</summary>
    /// <exception cref="StartupException">One is no level; the message names it.</exception>
    public static void Check(IConfiguration configuration)
    {
        foreach (var (name, value) in configuration.GetSection("Logging").AsEnumerable())
        {
            if (name.Contains(":LogLevel:", StringComparison.OrdinalIgnoreCase) && value is { Length: > 0 } && !Enum.TryParse<LogLevel>(value, ignoreCase: true, out _))
                throw new StartupException($"{name} is '{value}', but must be one of {string.Join(", ", Enum.GetNames<LogLevel>())}.");
        }
    }
}
