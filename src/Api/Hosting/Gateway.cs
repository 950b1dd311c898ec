using LlmTr.Api.Accounts;
using LlmTr.Api.Admin;
using LlmTr.Api.Audio;
using LlmTr.Api.Chat;
using LlmTr.Api.Customer;
using LlmTr.Api.Errors;
using LlmTr.Api.Images;
using LlmTr.Api.Metering;
using LlmTr.Api.Models;
using LlmTr.Api.OpenApi;
using LlmTr.Api.Requests;
using LlmTr.Api.Responses;
using LlmTr.Api.Telemetry;
using LlmTr.Api.Video;
using LlmTr.Silo;
using LlmTr.Silo.Azure.Media;
using LlmTr.Silo.Cluster;
using LlmTr.Silo.Hosting;
using LlmTr.Silo.Sqlite;
using LlmTr.Silo.Telemetry;
using LlmTr.Xai.Catalogue;
using LlmTr.Xai.Tokens;
using LlmTr.Xai.Wire;
using Microsoft.Extensions.Options;

namespace LlmTr.Api.Hosting;

/// <summary>Puts the gateway together: front end and silo in one process, or a front end of a cluster.</summary>
internal static class Gateway
{
    /// <summary>Builds the gateway; nothing listens yet.</summary>
    /// <param name="settings">What the environment says.</param>
    /// <param name="folder">The data folder, which the caller owns.</param>
    /// <param name="xaiBaseUrl">Where xAI answers.</param>
    /// <param name="customize">For tests: changes to services and options.</param>
    /// <exception cref="StartupException">The catalogue, a secret or an option cannot be used.</exception>
    public static WebApplication Build(GatewaySettings settings, DataFolder folder, Uri xaiBaseUrl, Action<WebApplicationBuilder>? customize = null)
    {
        // The program's own folder, not the caller's: 'dotnet run --project' starts it from anywhere.
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { ContentRootPath = AppContext.BaseDirectory });
        LogLevels.Check(builder.Configuration);
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;

            // Enough for any head; a client that sends it bit by bit holds a connection no longer.
            kestrel.Limits.RequestHeadersTimeout = TimeSpan.FromSeconds(10);
            kestrel.Listen(settings.Host, settings.Port);
        });

        // A request goes on where its bytes were read, and an answer is sent where it was written, each without waking another thread: nothing here blocks one.
        builder.WebHost.UseSockets(static sockets => sockets.UnsafePreferInlineScheduling = true);

        // A start that fails is told by the program, in a sentence.
        builder.Logging.AddFilter("Microsoft.Extensions.Hosting.Internal.Host", LogLevel.None);
        builder.Services.AddSingleton(settings.Cluster);
        if (settings.Cluster.IsDistributed)
            AddFrontEnd(builder, settings.Cluster);
        else
            builder.Host.UseOrleans(silo => silo.AddLlmTrSilo(folder, settings.Cluster));
        AddGateway(builder, settings, folder, xaiBaseUrl);
        customize?.Invoke(builder);
        builder.AddFrontEndTelemetry(settings.Cluster);

        var app = builder.Build();
        app.UsePageHeaders();
        app.UseRequestTrace();
        app.UseDraining();
        app.UseErrorEnvelope();
        app.UseCrossOrigin();
        app.UseAdminGuard();
        app.MapResponses();
        app.MapChat();
        app.MapAudio();
        app.MapVideo();
        app.MapImages();
        app.MapModels();
        app.MapCustomer();
        app.MapAdmin();
        if (settings.Cluster.Dashboard)
            app.MapDashboard();
        app.MapService();
        app.MapDocuments();
        app.MapLlmTrMetrics();
        return app;
    }

    private static void AddFrontEnd(WebApplicationBuilder builder, ClusterSettings cluster)
    {
        builder.Host.UseOrleansClient(client => client.ConnectToCluster(cluster));
        builder.Services.AddSingleton(TimeProvider.System);
        builder.Services.AddAzureMedia();

        // The client's start waits for a cluster. Beside it the server starts, and says that it is not ready.
        builder.Services.Configure<HostOptions>(static host => host.ServicesStartConcurrently = true);
    }

    private static void AddGateway(WebApplicationBuilder builder, GatewaySettings settings, DataFolder folder, Uri xaiBaseUrl)
    {
        var services = builder.Services;
        services.AddSettings<MeteringOptions>("Metering").Validate(static options => options.IsValid, MeteringOptions.Requirement);
        services.AddSingleton(static services => services.GetRequiredService<IOptions<MeteringOptions>>().Value);

        // A shutdown first waits for load balancers to notice, then for calls in flight, then for their settlements.
        services.AddSettings<ShutdownOptions>("Shutdown").Validate(static options => options.IsValid, ShutdownOptions.Requirement);
        services.AddOptions<HostOptions>().Configure<MeteringOptions, IOptions<ShutdownOptions>>(static (host, metering, shutdown) =>
            host.ShutdownTimeout = shutdown.Value.Drain + metering.ShutdownLimit + metering.SettlePatience + TimeSpan.FromSeconds(5));
        services.AddSingleton<GracefulStop>();
        services.AddHostedService(static services => services.GetRequiredService<GracefulStop>());
        services.AddSettings<ReadinessOptions>("Readiness").Validate(static options => options.IsValid, ReadinessOptions.Requirement);
        services.AddSingleton<Readiness>();

        var catalogue = settings.CataloguePath ?? ModelCatalogue.ShippedPath;
        CheckCatalogue(catalogue);
        services.AddSingleton(services => new CurrentCatalogue(
            catalogue, settings.CatalogueInterval, services.GetRequiredService<TimeProvider>(), services.GetRequiredService<ILogger<CurrentCatalogue>>()));
        services.AddHostedService(static services => services.GetRequiredService<CurrentCatalogue>());
        services.AddTransient(static services => services.GetRequiredService<CurrentCatalogue>().Value);
        services.AddSingleton(new InputCeiling(Secrets.Sampling(settings, folder)));
        services.AddXai(xaiBaseUrl, settings.XaiApiKey);
        services.AddSingleton(Secrets.Keys(settings, folder));
        services.AddSingleton(Secrets.Admin(settings, folder));
        services.AddSingleton<AccountClient>();
        services.AddSingleton<Endings>();
        services.AddSingleton<LargeBodies>();
        services.AddVideo(settings, folder);
        services.AddSingleton<CallsInFlight>();
        services.AddAudio(folder);
        services.AddDocuments();
        services.AddCors();
        services.AddHostedService(static services => services.GetRequiredService<CallsInFlight>());
        services.AddSingleton(static services => new MeteringServices(
            services.GetRequiredService<AccountClient>(),
            services.GetRequiredService<Endings>(),
            services.GetRequiredService<CallsInFlight>(),
            services.GetRequiredService<XaiClient>(),
            services.GetRequiredService<GatewayMetrics>(),
            services.GetRequiredService<ProviderMetrics>(),
            services.GetRequiredService<MeteringOptions>(),
            services.GetRequiredService<TimeProvider>(),
            services.GetRequiredService<ILogger<MeteredCall>>()));
    }

    private static void CheckCatalogue(string path)
    {
        try
        {
            ModelCatalogue.Load(path);
        }
        catch (CatalogueException exception)
        {
            throw new StartupException($"The catalogue cannot be used: {exception.Message}", exception);
        }
    }
}
