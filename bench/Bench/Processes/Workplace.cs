using System.Net;
using System.Net.Sockets;

namespace LlmTr.Bench.Processes;

/// <summary>The folder that holds all of one run: data, logs, configurations, requests. What an earlier run left in it is gone.</summary>
internal sealed class Workplace
{
    private readonly string _root;

    public Workplace(string root)
    {
        _root = Path.GetFullPath(root);
        if (Directory.Exists(_root))
            Directory.Delete(_root, recursive: true);
        Directory.CreateDirectory(Logs);
    }

    public string Logs => Path.Combine(_root, "logs");

    /// <summary>A new, empty folder.</summary>
    public string Folder(string name)
    {
        var path = Path.Combine(_root, name);
        for (var another = 2; Directory.Exists(path); another++)
            path = Path.Combine(_root, $"{name}-{another}");
        return Directory.CreateDirectory(path).FullName;
    }

    /// <summary>A file with this content.</summary>
    public string File(string name, string content)
    {
        var path = Path.Combine(_root, name);
        System.IO.File.WriteAllText(path, content);
        return path;
    }

    /// <summary>A port of 127.0.0.1 that nothing listens on.</summary>
    public static int FreePort()
    {
        using var probe = new TcpListener(IPAddress.Loopback, 0);
        probe.Start();
        return ((IPEndPoint)probe.LocalEndpoint).Port;
    }
}
