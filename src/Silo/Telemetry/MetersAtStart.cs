using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace LlmTr.Silo.Telemetry;

/// <summary>
/// Makes all instruments when the program starts and not when they are first used: an alert on something that has never happened needs its zero.
/// </summary>
internal sealed class MetersAtStart(IServiceProvider services, IEnumerable<MeterType> types) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken)
    {
        foreach (var type in types)
            services.GetRequiredService(type.Type);
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}

/// <summary>A class that makes instruments.</summary>
internal sealed record MeterType(Type Type);

/// <summary>Registers classes that make instruments.</summary>
public static class MeterRegistration
{
    /// <summary>Adds a class that makes instruments, one of it, made when the program starts.</summary>
    public static void AddMetersAtStart<TMeters>(this IServiceCollection services)
        where TMeters : class
    {
        services.AddSingleton<TMeters>();
        services.AddSingleton(new MeterType(typeof(TMeters)));
    }
}
