using System.Collections.Concurrent;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Logging.Console;

namespace LlmTr.Api.Tests.Telemetry;

/// <summary>What a gateway would write to its console as JSON, by the formatter and with the options that it has configured itself.</summary>
internal sealed class JsonLog : ILoggerProvider, ISupportExternalScope
{
    private readonly ConcurrentQueue<string> _lines = new();
    private readonly ConsoleFormatter _formatter;
    private IExternalScopeProvider? _scopes;

    private JsonLog(ConsoleFormatter formatter) => _formatter = formatter;

    public IReadOnlyList<string> Lines => [.. _lines];

    /// <summary>The entries whose category begins so.</summary>
    public IReadOnlyList<JsonElement> Entries(string category) =>
    [
        .. _lines.Select(static line => JsonSerializer.Deserialize<JsonElement>(line))
            .Where(entry => entry.GetProperty("Category").GetString()!.StartsWith(category, StringComparison.Ordinal)),
    ];

    /// <summary>Adds one in place of the console; it is had from the gateway's services.</summary>
    public static void AddTo(IServiceCollection services)
    {
        services.AddLogging(static logging => logging.AddConsole());
        foreach (var console in services.Where(static service => service.ImplementationType == typeof(ConsoleLoggerProvider)).ToList())
            services.Remove(console);
        services.AddSingleton(static services => new JsonLog(services.GetServices<ConsoleFormatter>().Single(static formatter => formatter.Name == ConsoleFormatterNames.Json)));
        services.AddSingleton<ILoggerProvider>(static services => services.GetRequiredService<JsonLog>());
    }

    /// <summary>A value that an entry's scopes carry; null where none does.</summary>
    public static string? Scoped(JsonElement entry, string name)
    {
        foreach (var scope in entry.GetProperty("Scopes").EnumerateArray())
        {
            if (scope.ValueKind == JsonValueKind.Object && scope.TryGetProperty(name, out var value))
                return value.GetString();
        }

        return null;
    }

    public ILogger CreateLogger(string categoryName) => new Logger(this, categoryName);

    public void SetScopeProvider(IExternalScopeProvider scopeProvider) => _scopes = scopeProvider;

    public void Dispose()
    {
    }

    private sealed class Logger(JsonLog log, string category) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => log._scopes?.Push(state);

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            using var text = new StringWriter();
            log._formatter.Write(new LogEntry<TState>(logLevel, category, eventId, state, exception, formatter), log._scopes, text);
            log._lines.Enqueue(text.ToString());
        }
    }
}
