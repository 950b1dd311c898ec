using LlmTr.Silo.Cluster;
using LlmTr.Silo.Telemetry;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace LlmTr.Silo.Hosting;

/// <summary>The program of a silo among many: reads the environment, joins the cluster, leaves it when told to. Answers HTTP for operators only.</summary>
public static partial class SiloProgram
{
    private const int DefaultPort = 8081;

    // Accounts finish their appends in 2 s, a video job waits up to 20 s for an answer of xAI's; the rest is for the silo's own leave.
    private static readonly TimeSpan MostToLeave = TimeSpan.FromSeconds(45);

    // What the host is given less, so that its own end comes first where it comes at all.
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(5);

    /// <summary>Runs until it is told to stop.</summary>
    /// <returns>0; 1 where a setting cannot be used, which a sentence on standard error names.</returns>
    public static async Task<int> RunAsync(string[] args)
    {
        try
        {
            await using var app = Build(args);
            try
            {
                await app.StartAsync();
            }
            catch (OperationCanceledException) when (app.Lifetime.ApplicationStopping.IsCancellationRequested)
            {
                return 0;
            }

            LogJoined(app.Logger, app.Urls.FirstOrDefault());
            return await LeaveWhenToldAsync(app) ? 0 : 1;
        }
        catch (Exception exception) when (StartupException.SentenceOf(exception) is { } sentence)
        {
            await Console.Error.WriteLineAsync(sentence);
            return 1;
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            await Console.Error.WriteLineAsync($"The silo could not join the cluster: {exception.GetBaseException().Message}");
            return 1;
        }
    }

    // Orleans goes on trying to take its leave in the membership for as long as Redis is away, whatever the host's limit says.
    private static async Task<bool> LeaveWhenToldAsync(WebApplication app)
    {
        var told = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var registration = app.Lifetime.ApplicationStopping.Register(told.SetResult);
        var stopped = app.WaitForShutdownAsync();
        await told.Task;
        try
        {
            await stopped.WaitAsync(MostToLeave);
            return true;
        }
        catch (TimeoutException)
        {
            // What was acknowledged is durable: to end here is no worse than a crash, and the other silos notice within seconds.
            LogForced(app.Logger, MostToLeave.TotalSeconds);
            Environment.Exit(1);
            return false;
        }
    }

    private static WebApplication Build(string[] args)
    {
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { ContentRootPath = AppContext.BaseDirectory });
        builder.Configuration.AddJsonFile("silosettings.json", optional: false).AddEnvironmentVariables().AddCommandLine(args);
        LogLevels.Check(builder.Configuration);
        var cluster = ClusterSettings.Read(builder.Configuration);
        if (!cluster.IsDistributed)
            throw new StartupException("Cluster:Mode is not Redis: a silo of its own is part of a cluster. The gateway in one process is the program LlmTr.Api.");
        var xai = XaiSettings.Read(builder.Configuration);
        if (xai.ApiKey is null && xai.BaseUrl is null)
            throw new StartupException("XAI_API_KEY is not set: silos ask xAI for the state of video jobs. Set it to the platform's key at xAI.");

        var (host, port) = (ListenAddress.ReadHost(builder.Configuration), ListenAddress.ReadPort(builder.Configuration, DefaultPort));
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Listen(host, port);
        });

        // A start that fails is told by the program, in a sentence.
        builder.Logging.AddFilter("Microsoft.Extensions.Hosting.Internal.Host", LogLevel.None);
        builder.Services.Configure<HostOptions>(static options => options.ShutdownTimeout = MostToLeave - Grace);
        builder.Services.AddXai(xai.BaseUrl ?? XaiSettings.DefaultBaseUrl, xai.ApiKey);
        builder.Services.AddSingleton<SiloHealth>();
        builder.Host.UseOrleans(silo => silo.AddLlmTrSilo(cluster));
        builder.Services.AddLlmTrTelemetry(builder.Configuration, "llmtr-silo");
        if (TelemetrySettings.Read(builder.Configuration).Otlp)
            builder.Host.UseOrleans(static silo => silo.AddActivityPropagation());

        var app = builder.Build();
        app.MapSiloHealth();
        app.MapLlmTrMetrics();
        return app;
    }

    [LoggerMessage(LogLevel.Error, "The silo could not leave the cluster within {Seconds} s, as when Redis is away; it ends without. Nothing that was acknowledged is lost.")]
    private static partial void LogForced(ILogger logger, double seconds);

    [LoggerMessage(LogLevel.Information, "The silo has joined the cluster; health and metrics at {Url}.")]
    private static partial void LogJoined(ILogger logger, string? url);
}
