using System.Net;
using LlmTr.Api.Accounts;
using LlmTr.Api.Admin;
using LlmTr.Api.Audio;
using LlmTr.Api.Chat;
using LlmTr.Api.Customer;
using LlmTr.Api.Errors;
using LlmTr.Api.Images;
using LlmTr.Api.Metering;
using LlmTr.Api.Models;
using LlmTr.Api.Requests;
using LlmTr.Api.Responses;
using LlmTr.Api.Video;
using LlmTr.Silo;
using LlmTr.Silo.Sqlite;
using LlmTr.Xai.Catalogue;
using LlmTr.Xai.Tokens;
using LlmTr.Xai.Wire;
using Microsoft.Extensions.Options;

namespace LlmTr.Api.Hosting;

/// <summary>Puts the embedded gateway together: front end and silo in one process.</summary>
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
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;

            // Enough for any head; a client that sends it bit by bit holds a connection no longer.
            kestrel.Limits.RequestHeadersTimeout = TimeSpan.FromSeconds(10);
            kestrel.Listen(IPAddress.Loopback, settings.Port);
        });

        // A start that fails is told by the program, in a sentence.
        builder.Logging.AddFilter("Microsoft.Extensions.Hosting.Internal.Host", LogLevel.None);
        builder.Host.UseOrleans(silo => silo.AddLlmTrSilo(folder));
        AddGateway(builder, settings, folder, xaiBaseUrl);
        customize?.Invoke(builder);

        var app = builder.Build();
        app.UseRequestTrace();
        app.UseErrorEnvelope();
        app.UseAdminGuard();
        app.MapResponses();
        app.MapChat();
        app.MapAudio();
        app.MapVideo();
        app.MapImages();
        app.MapModels();
        app.MapCustomer();
        app.MapAdmin();
        app.MapService();
        return app;
    }

    private static void AddGateway(WebApplicationBuilder builder, GatewaySettings settings, DataFolder folder, Uri xaiBaseUrl)
    {
        var services = builder.Services;
        services.AddOptions<MeteringOptions>().BindConfiguration("Metering").Validate(static options => options.IsValid, MeteringOptions.Requirement).ValidateOnStart();
        services.AddSingleton(static services => services.GetRequiredService<IOptions<MeteringOptions>>().Value);

        // A shutdown first waits for calls in flight, then for their settlements.
        services.AddOptions<HostOptions>().Configure<MeteringOptions>(static (host, metering) =>
            host.ShutdownTimeout = metering.ShutdownLimit + metering.SettlePatience + TimeSpan.FromSeconds(5));

        var catalogue = settings.CataloguePath ?? ModelCatalogue.ShippedPath;
        CheckCatalogue(catalogue);
        services.AddSingleton(services => new CurrentCatalogue(
            catalogue, settings.CatalogueInterval, services.GetRequiredService<TimeProvider>(), services.GetRequiredService<ILogger<CurrentCatalogue>>()));
        services.AddHostedService(static services => services.GetRequiredService<CurrentCatalogue>());
        services.AddTransient(static services => services.GetRequiredService<CurrentCatalogue>().Value);
        services.AddSingleton<InputCeiling>();
        services.AddSingleton(MakeXaiClient(settings, xaiBaseUrl));
        services.AddSingleton(Secrets.Keys(settings, folder));
        services.AddSingleton(Secrets.Admin(settings, folder));
        services.AddSingleton<AccountClient>();
        services.AddSingleton<Endings>();
        services.AddSingleton<LargeBodies>();
        services.AddVideo(settings, folder, xaiBaseUrl);
        services.AddSingleton<CallsInFlight>();
        services.AddAudio(folder);
        services.AddHostedService(static services => services.GetRequiredService<CallsInFlight>());
        services.AddSingleton(static services => new MeteringServices(
            services.GetRequiredService<AccountClient>(),
            services.GetRequiredService<Endings>(),
            services.GetRequiredService<CallsInFlight>(),
            services.GetRequiredService<XaiClient>(),
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

    private static XaiClient MakeXaiClient(GatewaySettings settings, Uri xaiBaseUrl)
    {
        try
        {
            return new XaiClient(new XaiOptions { BaseUrl = xaiBaseUrl.ToString(), ApiKey = settings.XaiApiKey });
        }
        catch (ArgumentException exception)
        {
            throw new StartupException(exception.Message, exception);
        }
    }
}
