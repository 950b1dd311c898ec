using LlmTr.Silo.Sqlite;

namespace LlmTr.Silo.Tests.Ledgers;

/// <summary>A folder that is gone when the test is over.</summary>
internal sealed class TemporaryFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("llmtr-").FullName;

    public string File(string name) => System.IO.Path.Combine(Path, name);

    public DataFolder Open() => DataFolder.Open(Path);

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
