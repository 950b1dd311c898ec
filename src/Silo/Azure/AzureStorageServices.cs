using Azure.Core;
using LlmTr.Silo.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace LlmTr.Silo.Azure;

/// <summary>Makes the storage account known to a node.</summary>
public static class AzureStorageServices
{
    /// <summary>
    /// Adds <see cref="AzureStorage"/> from section <c>Azure</c> of the configuration, which is looked at when the program starts. A <see cref="TokenCredential"/> among the services
    /// is used in place of the process's own identity. May be called more than once.
    /// </summary>
    public static IServiceCollection AddAzureStorage(this IServiceCollection services)
    {
        services.AddSettings<AzureStorageOptions>("Azure");
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<AzureStorageOptions>, Validation>());
        services.TryAddSingleton(static provider => new AzureStorage(provider.GetRequiredService<IOptions<AzureStorageOptions>>(), provider.GetService<TokenCredential>()));
        return services;
    }

    private sealed class Validation : IValidateOptions<AzureStorageOptions>
    {
        public ValidateOptionsResult Validate(string? name, AzureStorageOptions options) =>
            options.Problems() is { Count: > 0 } problems ? ValidateOptionsResult.Fail(problems) : ValidateOptionsResult.Success;
    }
}
