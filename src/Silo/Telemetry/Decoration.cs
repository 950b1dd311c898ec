using Microsoft.Extensions.DependencyInjection;

namespace LlmTr.Silo.Telemetry;

/// <summary>Puts an observer around a service that is registered already. The container goes on to own both.</summary>
internal static class Decoration
{
    /// <summary>Replaces the last registration of a service by one that wraps it; false where there is none.</summary>
    public static bool Decorate<TService>(this IServiceCollection services, Func<IServiceProvider, TService, TService> wrap)
        where TService : class
    {
        var at = services.Count - 1;
        while (at >= 0 && (services[at].ServiceType != typeof(TService) || services[at].IsKeyedService))
            at--;
        if (at < 0)
            return false;

        // Under a key the service is still made, and disposed of, as it was registered.
        var key = new object();
        services[at] = Keyed(services[at], key);
        services.AddSingleton(provider => wrap(provider, provider.GetRequiredKeyedService<TService>(key)));
        return true;
    }

    private static ServiceDescriptor Keyed(ServiceDescriptor descriptor, object key)
    {
        if (descriptor.ImplementationInstance is { } instance)
            return new ServiceDescriptor(descriptor.ServiceType, key, instance);
        return descriptor.ImplementationFactory is { } make
            ? new ServiceDescriptor(descriptor.ServiceType, key, (provider, _) => make(provider), descriptor.Lifetime)
            : new ServiceDescriptor(descriptor.ServiceType, key, descriptor.ImplementationType!, descriptor.Lifetime);
    }
}
