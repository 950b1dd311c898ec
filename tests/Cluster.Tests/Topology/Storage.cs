using System.Globalization;
using LlmTr.Cluster.Tests.Processes;

namespace LlmTr.Cluster.Tests.Topology;

/// <summary>
/// The storage account: Azurite, behind a proxy that can be slow or away. Azurite answers before it has written its index, which it does every few seconds; killed, it would lose what
/// it has acknowledged, which Azure does not. So what Azure's customers would see as a failure, cut connections and then silence, is made at the proxy, and Azurite itself is ended in peace
/// behind it and started again over the same data.
/// </summary>
internal sealed class Storage : IAsyncDisposable
{
    // Azurite's own account and key, the same everywhere and known to all.
    private const string Account = "devstoreaccount1";
    private const string Key = "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==";

    private readonly int _port = FreePorts.Next();
    private readonly string _folder;
    private readonly Reaper _reaper;
    private readonly TcpProxy _proxy;
    private ChildProcess? _process;

    public Storage(string folder, Reaper reaper)
    {
        (_folder, _reaper) = (folder, reaper);
        _proxy = new TcpProxy(_port);
    }

    public string ConnectionString => string.Create(
        CultureInfo.InvariantCulture, $"DefaultEndpointsProtocol=http;AccountName={Account};AccountKey={Key};BlobEndpoint=http://127.0.0.1:{_proxy.Port}/{Account};");

    /// <summary>How much longer every request takes.</summary>
    public TimeSpan Delay
    {
        get => _proxy.Delay;
        set => _proxy.Delay = value;
    }

    public async Task StartAsync()
    {
        var data = Directory.CreateDirectory(Path.Combine(_folder, "azurite")).FullName;
        string[] command =
        [
            .. Tools.Azurite!.Split(' ', StringSplitOptions.RemoveEmptyEntries),
            "--blobHost", "127.0.0.1", "--blobPort", _port.ToString(CultureInfo.InvariantCulture), "--location", data, "--silent", "--skipApiVersionCheck", "--disableTelemetry",
        ];
        _process = ChildProcess.Start(Path.Combine(_folder, "azurite.log"), _reaper, [], command);
        await Connections.WaitForAsync(_port);
        _proxy.Open();
    }

    public async Task StopAsync()
    {
        await _proxy.CutAsync();
        await _process!.TerminateAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _proxy.DisposeAsync();
        if (_process is not null)
            await _process.DisposeAsync();
    }
}
