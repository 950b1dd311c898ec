using LlmTr.Silo.Sqlite;

namespace LlmTr.Silo.Tests.Ledgers;

public sealed class DataFolderTests : IDisposable
{
    private readonly TemporaryFolder _temporary = new();

    public void Dispose() => _temporary.Dispose();

    [Fact]
    public void Open_AFolderThatIsNotThere_MakesItForItsUserOnly()
    {
        var path = _temporary.File("a/b/c");

        using var folder = DataFolder.Open(path);

        folder.Path.Should().Be(path);
        if (!OperatingSystem.IsWindows())
            File.GetUnixFileMode(path).Should().Be(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, "ledgers are nobody else's affair");
    }

    [Fact]
    public void Open_ARelativePath_IsMadeAbsolute()
    {
        using var folder = DataFolder.Open(Path.GetRelativePath(Directory.GetCurrentDirectory(), _temporary.File("here")));

        folder.Path.Should().Be(_temporary.File("here"));
    }

    [Fact]
    public void Open_AFolderThatAnotherHas_IsRefusedUntilThatOneIsGone()
    {
        var first = DataFolder.Open(_temporary.Path);

        ShouldRefuse(_temporary.Path, "is in use by another gateway");
        ShouldRefuse(Path.Combine(_temporary.Path, "."), "is in use by another gateway");

        first.Dispose();
        DataFolder.Open(_temporary.Path).Dispose();
    }

    [Fact]
    public void Open_BelowAFile_IsRefused()
    {
        File.WriteAllText(_temporary.File("file"), "");

        ShouldRefuse(_temporary.File("file"), "cannot be written");
        ShouldRefuse(_temporary.File("file/below"), "cannot be written");
    }

    [SkippableOnWindowsFact]
    public void Open_WhereNobodyCanWrite_IsRefused() => ShouldRefuse("/proc/llmtr", "cannot be written");

    [Fact]
    public void Open_WithALockFileThatCannotBeOpened_IsRefused()
    {
        Directory.CreateDirectory(_temporary.File("lock"));

        ShouldRefuse(_temporary.Path, "lock");
    }

    [Fact]
    public void Open_LeavesNothingButItsLock()
    {
        using var folder = DataFolder.Open(_temporary.Path);

        Directory.GetFileSystemEntries(_temporary.Path).Should().Equal(_temporary.File("lock"));
    }

    private static void ShouldRefuse(string path, string because)
    {
        var open = () => DataFolder.Open(path).Dispose();

        var message = open.Should().Throw<DataFolderException>().Which.Message;
        message.Should().Contain(Path.GetFullPath(path)).And.Contain(because).And.Contain("LLMTR_DATA", "it says what to change").And.EndWith(".");
    }

    private sealed class SkippableOnWindowsFactAttribute : FactAttribute
    {
        public SkippableOnWindowsFactAttribute()
        {
            if (OperatingSystem.IsWindows())
                Skip = "Windows has no folder that even an administrator cannot write to.";
        }
    }
}
