using LlmTr.Api.Metering;
using LlmTr.Api.Tests.Running;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;

namespace LlmTr.Client.Tests.Running;

/// <summary>A gateway and a simulated xAI for the scenarios of one client, which run one after another.</summary>
public sealed class ClientGateway : IAsyncLifetime
{
    // Milliseconds in place of seconds: a video is there before its client looks for it.
    private static readonly Dictionary<string, string?> FastVideos = new()
    {
        ["Video:FirstPoll"] = "00:00:00.010",
        ["Video:LongestPoll"] = "00:00:00.050",
        ["Video:AttendedPoll"] = "00:00:00.010",
    };

    private readonly ReceivedCalls _received = new();
    private readonly Dictionary<string, string?> _configuration;
    private TestGateway _gateway = null!;
    private TestKey _poor = null!;

    public ClientGateway()
        : this([])
    {
    }

    internal ClientGateway(Dictionary<string, string?> more) => _configuration = new([.. FastVideos, .. more]);

    public async Task InitializeAsync()
    {
        _gateway = await TestGateway.StartAsync(
            configuration: _configuration, customize: builder => builder.Services.AddSingleton<IStartupFilter>(_received));
        _poor = await _gateway.CreateKeyAsync("0.0001");
    }

    public async Task DisposeAsync() => await _gateway.DisposeAsync();

    /// <summary>Starts a scenario with a key of its own and nothing in the books.</summary>
    public async Task<Scenario> BeginAsync()
    {
        // A call is settled a little before its place is free again, and one whose client has left goes on for a while.
        var calls = _gateway.Services.GetRequiredService<CallsInFlight>();
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (calls.Count > 0)
            await Task.Delay(TimeSpan.FromMilliseconds(10), limit.Token);

        var key = await _gateway.CreateKeyAsync(Scenario.CreditUsd);
        _gateway.Xai.ClearScript();
        _gateway.Xai.ForgetRequests();
        _received.Follow(key.Text);
        return new Scenario(key, _poor, _received);
    }
}
