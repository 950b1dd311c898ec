using LlmTr.Grains.Abstractions;
using LlmTr.Silo.Sqlite;
using LlmTr.Silo.Tests.Cluster;
using LlmTr.Silo.Tests.Ledgers;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace LlmTr.Silo.Tests;

public sealed class LlmTrSiloTests : IDisposable
{
    private readonly TemporaryFolder _temporary = new();

    public void Dispose() => _temporary.Dispose();

    [Fact]
    public async Task Host_EndedInOrderAndStartedAgain_ShowsTheSameAccountToTheTick()
    {
        var id = RequestId.New(TimeProvider.System);
        AccountView? before = null;
        await RunAsync(async key =>
        {
            await key.Issue(LedgeredCluster.Issue(1000));
            await key.PlaceHold(LedgeredCluster.Hold(id, 100));
            before = await key.Read();
        });

        await RunAsync(async key =>
        {
            (await key.Read()).Should().Be(before);
            (await key.Settle(LedgeredCluster.Charge(id, 33))).Charged.Value.Should().Be(33);
        });
    }

    [Fact]
    public async Task Host_WithATimeOutOutOfRange_DoesNotStartAndNamesIt()
    {
        using var folder = _temporary.Open();
        using var host = Build(folder, ("Accounts:AppendTimeout", "00:00:09"));

        var start = () => host.StartAsync();

        (await start.Should().ThrowAsync<OptionsValidationException>()).Which.Message.Should().Contain("Accounts:AppendTimeout must be from");
    }

    private async Task RunAsync(Func<IApiKeyGrain, Task> use)
    {
        using var folder = _temporary.Open();
        using var host = Build(folder);
        await host.StartAsync();
        await use(host.Services.GetRequiredService<IGrainFactory>().GetGrain<IApiKeyGrain>("key"));
        await host.StopAsync();
    }

    private static IHost Build(DataFolder folder, params (string Key, string Value)[] settings)
    {
        var builder = Host.CreateApplicationBuilder();
        foreach (var (key, value) in settings)
            builder.Configuration[key] = value;
        builder.UseOrleans(silo => silo.AddLlmTrSilo(folder));
        return builder.Build();
    }
}
