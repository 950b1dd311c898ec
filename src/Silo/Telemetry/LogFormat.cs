using System.Text.Encodings.Web;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Console;

namespace LlmTr.Silo.Telemetry;

/// <summary>The form of the log: one line an entry, times in UTC, the request's id on each that belongs to one.</summary>
internal static class LogFormat
{
    private const string Timestamp = "yyyy-MM-ddTHH:mm:ss.fffZ ";

    /// <summary>Sets it for the console, whatever providers there are.</summary>
    public static void AddRequestIdLogs(this IServiceCollection services, bool json)
    {
        services.TryAddSingleton<IExternalScopeProvider>(new RequestIdScopes(withOthers: json));
        services.PostConfigure<ConsoleLoggerOptions>(options => options.FormatterName = json ? ConsoleFormatterNames.Json : ConsoleFormatterNames.Simple);
        services.PostConfigure<SimpleConsoleFormatterOptions>(static options =>
        {
            (options.SingleLine, options.IncludeScopes, options.UseUtcTimestamp) = (true, true, true);
            options.TimestampFormat = Timestamp;
        });
        services.PostConfigure<JsonConsoleFormatterOptions>(static options =>
        {
            (options.IncludeScopes, options.UseUtcTimestamp) = (true, true);
            options.TimestampFormat = Timestamp.TrimEnd();
            options.JsonWriterOptions = new JsonWriterOptions { Indented = false, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
        });
    }
}
