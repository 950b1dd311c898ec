using System.Collections.Concurrent;
using LlmTr.XaiSimulator.Control;
using LlmTr.XaiSimulator.Wire;

namespace LlmTr.XaiSimulator.Files;

/// <summary>The files that answers name. A file is made again whenever it is read: the shelf holds only what it is called and how long it lives.</summary>
internal sealed class FileShelf(TimeProvider time)
{
    private const int UsualGoneStatus = 403;

    private readonly ConcurrentDictionary<string, HostedFile> _files = [];

    /// <summary>Puts a file there.</summary>
    /// <param name="path">Its path, with the slash at its start.</param>
    /// <param name="sample">What it shows.</param>
    /// <param name="behaviour">Its length and its life.</param>
    public void Add(string path, Sample sample, Behaviour behaviour)
    {
        var now = time.GetUtcNow();
        var name = path[(path.LastIndexOf('/') + 1)..];
        _files[path] = new HostedFile(sample, name, behaviour.FileBytes, now, now + behaviour.Expires, behaviour.Expired ?? UsualGoneStatus);
    }

    /// <summary>The file of that path, or null.</summary>
    public HostedFile? Find(string path) => _files.GetValueOrDefault(path);

    /// <summary>Lets the files that are there now be gone.</summary>
    public void ExpireAll(int status)
    {
        var now = time.GetUtcNow();
        foreach (var (path, file) in _files)
            _files[path] = file with { GoneAt = now, GoneStatus = status };
    }
}

/// <summary>A file that an answer named.</summary>
/// <param name="Sample">What it shows.</param>
/// <param name="Name">Its name.</param>
/// <param name="Bytes">Its length where that is not its sample's.</param>
/// <param name="Made">When.</param>
/// <param name="GoneAt">From when on it is gone; null never.</param>
/// <param name="GoneStatus">The status then.</param>
internal sealed record HostedFile(Sample Sample, string Name, long? Bytes, DateTimeOffset Made, DateTimeOffset? GoneAt, int GoneStatus)
{
    /// <summary>Makes its bytes.</summary>
    public Content Open() => Sample.Named(Name, Bytes);
}
