using System.Reflection;
using LlmTr.Api.Accounts;
using LlmTr.Api.Video;
using Microsoft.Extensions.Logging.Abstractions;

namespace LlmTr.Api.Tests.Accounts;

/// <summary>
/// A front end that knows of no silo is told by Orleans, of every kind of grain, that nothing implements it: an <see cref="ArgumentException"/>, which is also what a grain throws
/// for a command that contradicts itself. It must be taken for "not reachable", and be tried again.
/// </summary>
public sealed class NoSiloKnownTests
{
    private static readonly TimeSpan Soon = TimeSpan.FromMilliseconds(200);

    private readonly IGrainFactory _grains = DispatchProxy.Create<IGrainFactory, NothingImplemented>();

    [Fact]
    public async Task Account_IsAskedForAgainUntilThePatienceEnds()
    {
        var accounts = new AccountClient(_grains, TimeProvider.System, NullLogger<AccountClient>.Instance);

        var told = await accounts.RepeatAsync("key", 0, static async (account, _) => (object)(await account.Read() is null), Soon, CancellationToken.None);

        told.Should().BeNull();
        ((NothingImplemented)_grains).Asked.Should().BeGreaterThan(1);
    }

    [Fact]
    public async Task VideoJob_IsAskedForAgainUntilTheCallerGoes()
    {
        var jobs = new VideoJobClient(_grains, TimeProvider.System, NullLogger<VideoJobClient>.Instance);
        using var patience = new CancellationTokenSource(Soon);

        var (told, job) = await jobs.ReadAsync("vid_x", keyId: null, patience.Token);

        told.Should().BeFalse();
        job.Should().BeNull();
        ((NothingImplemented)_grains).Asked.Should().BeGreaterThan(1);
    }
}

/// <summary>A cluster without silos, as its client sees it. Not sealed: the proxy derives from it.</summary>
public class NothingImplemented : DispatchProxy
{
    public int Asked { get; private set; }

    protected override object? Invoke(MethodInfo? targetMethod, object?[]? args)
    {
        Asked++;
        throw new ArgumentException("Could not find an implementation for interface");
    }
}
