using System.Net.Sockets;
using LlmTr.Api.Demo;
using LlmTr.Silo.Hosting;
using LlmTr.Silo.Sqlite;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;

namespace LlmTr.Api.Hosting;

/// <summary>The program: reads the environment, starts the gateway, says how to use it, and ends with it.</summary>
internal static class GatewayProgram
{
    public static async Task<int> RunAsync(string[] args)
    {
        try
        {
            var settings = GatewaySettings.Read(new ConfigurationBuilder().AddEnvironmentVariables().AddCommandLine(args).Build());
            RequireFree(settings);
            if (!settings.IsDemo)
            {
                await RunAsync(settings, settings.DataPath, settings.XaiBaseUrl ?? XaiSettings.DefaultBaseUrl);
                return 0;
            }

            // Simulated money and real money never share a ledger: a demo key must not spend at xAI once a platform key is configured.
            await using var simulator = await DemoSimulator.StartAsync();
            await RunAsync(settings with { XaiApiKey = DemoSimulator.ApiKey }, Path.Combine(settings.DataPath, "demo"), simulator.BaseUrl, isDemo: true);
            return 0;
        }
        catch (Exception exception) when (exception is DataFolderException || StartupException.SentenceOf(exception) is not null)
        {
            await Console.Error.WriteLineAsync(StartupException.SentenceOf(exception) ?? exception.Message);
            return 1;
        }
    }

    // Before anything else is started: the server binds last, when there is a silo to be stopped again.
    private static void RequireFree(GatewaySettings settings)
    {
        try
        {
            using var probe = new TcpListener(settings.Host, settings.Port);
            probe.Start();
        }
        catch (SocketException exception)
        {
            throw new StartupException(
                $"Port {settings.Port} on {settings.Host} cannot be used ({exception.Message}). Stop what listens there, or give PORT another number.", exception);
        }
    }

    private static async Task RunAsync(GatewaySettings settings, string dataPath, Uri xaiBaseUrl, bool isDemo = false)
    {
        using var folder = DataFolder.Open(dataPath);
        await using var app = Gateway.Build(settings, folder, xaiBaseUrl);
        try
        {
            await app.StartAsync();
        }
        catch (OperationCanceledException) when (app.Lifetime.ApplicationStopping.IsCancellationRequested)
        {
            // Told to stop while it was still looking for the cluster.
            return;
        }

        var baseUrl = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First();
        var demoKey = isDemo ? await DemoKey.GetAsync(app.Services, folder) : null;
        await Console.Out.WriteAsync(Banner.Text(baseUrl, settings, folder, demoKey));
        await app.WaitForShutdownAsync();
    }
}
