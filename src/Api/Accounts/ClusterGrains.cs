using LlmTr.Grains.Abstractions;

namespace LlmTr.Api.Accounts;

/// <summary>Finds grains for a front end whose silos come and go.</summary>
internal static class ClusterGrains
{
    /// <summary>A grain of a key, wherever it will be.</summary>
    /// <exception cref="AccountUnavailableException">
    /// This front end knows of no silo that has such grains: none has told it yet, or all are gone. Orleans says it as if the caller had named a wrong type, which must not be
    /// taken for what a grain says of a command.
    /// </exception>
    public static TGrain Find<TGrain>(this IGrainFactory grains, string key)
        where TGrain : IGrainWithStringKey
    {
        try
        {
            return grains.GetGrain<TGrain>(key);
        }
        catch (ArgumentException exception)
        {
            throw NoSilo(exception);
        }
    }

    /// <summary>The one grain of its kind.</summary>
    /// <exception cref="AccountUnavailableException">This front end knows of no silo that has it.</exception>
    public static TGrain Find<TGrain>(this IGrainFactory grains)
        where TGrain : IGrainWithIntegerKey
    {
        try
        {
            return grains.GetGrain<TGrain>(0);
        }
        catch (ArgumentException exception)
        {
            throw NoSilo(exception);
        }
    }

    private static AccountUnavailableException NoSilo(ArgumentException exception) => new("No silo has made itself known.", exception);
}
