using System.Globalization;
using System.Net.Sockets;
using LlmTr.Cluster.Tests.Processes;

namespace LlmTr.Cluster.Tests.Topology;

/// <summary>The Redis that keeps the membership, with its append-only file as operators are told to run it.</summary>
internal sealed class Redis(string folder, Reaper reaper) : IAsyncDisposable
{
    private readonly int _port = FreePorts.Next();
    private ChildProcess? _process;

    /// <summary>Where it is, as StackExchange.Redis writes it.</summary>
    public string Address => string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{_port}");

    /// <summary>Starts it over what it has kept; returns when it takes connections.</summary>
    public async Task StartAsync()
    {
        var data = Directory.CreateDirectory(Path.Combine(folder, "redis")).FullName;
        _process = ChildProcess.Start(
            Path.Combine(folder, "redis.log"), reaper, [], Tools.Redis!, "--bind", "127.0.0.1", "--port", _port.ToString(CultureInfo.InvariantCulture), "--dir", data,
            "--appendonly", "yes", "--appendfsync", "everysec", "--save", "");
        await Connections.WaitForAsync(_port);
    }

    /// <summary><c>kill -9</c>.</summary>
    public Task KillAsync() => _process!.KillAsync();

    public async ValueTask DisposeAsync()
    {
        if (_process is not null)
            await _process.DisposeAsync();
    }
}

/// <summary>Whether somebody listens.</summary>
internal static class Connections
{
    private static readonly TimeSpan Most = TimeSpan.FromSeconds(60);

    /// <exception cref="OperationCanceledException">Nobody does within a minute.</exception>
    public static async Task WaitForAsync(int port)
    {
        using var limit = new CancellationTokenSource(Most);
        while (true)
        {
            try
            {
                using var client = new TcpClient();
                await client.ConnectAsync("127.0.0.1", port, limit.Token);
                return;
            }
            catch (SocketException)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(50), limit.Token);
            }
        }
    }
}
