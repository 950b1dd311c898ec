using LlmTr.Grains.Accounts;
using LlmTr.Silo.Sqlite;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;

namespace LlmTr.Silo.Tests.Ledgers;

public sealed class SqliteLedgerStoreTests : LedgerStoreConformance, IDisposable
{
    private readonly TemporaryFolder _temporary = new();
    private readonly DataFolder _folder;
    private SqliteLedgerStore _store;

    public SqliteLedgerStoreTests()
    {
        _folder = _temporary.Open();
        _store = new SqliteLedgerStore(_folder);
    }

    protected override ILedgerStore Store => _store;

    private string LedgerFile => _temporary.File("ledger.db");

    public void Dispose()
    {
        _store.Dispose();
        _folder.Dispose();
        _temporary.Dispose();
    }

    protected override Task ReopenAsync()
    {
        _store.Dispose();
        _store = new SqliteLedgerStore(_folder);
        return Task.CompletedTask;
    }

    [Fact]
    public async Task Append_WhileTheWriterIsBusy_GoesOutWithAllOthersInOneTransactionWhichAConflictDoesNotSpoil()
    {
        await Store.AppendAsync("taken", LedgerPosition.Start, [Line("x")], CancellationToken.None);
        var before = _store.Transactions;
        Task<LedgerPosition>[] appends;
        using (WriteLock())
        {
            // The first is taken out of the queue alone and waits for the lock; all others wait behind it.
            var first = Store.AppendAsync("first", LedgerPosition.Start, [Line("x")], CancellationToken.None);
            while (_store.Waiting > 0)
                await Task.Yield();
            appends = [first, .. Enumerable.Range(0, 300).Select(i => Store.AppendAsync(i % 3 == 0 ? "taken" : $"account {i}", LedgerPosition.Start, [Line("x")], CancellationToken.None))];
        }

        await Task.WhenAll(appends.Select(static append => append.ContinueWith(static _ => { }, TaskScheduler.Default)));

        (_store.Transactions - before).Should().Be(2);
        appends.Count(static append => append.Exception?.InnerException is LedgerConflictException).Should().Be(100);
        appends.Count(static append => append.IsCompletedSuccessfully).Should().Be(201);
    }

    [Fact]
    public async Task Dispose_WithAppendsWaiting_WritesThemFirst()
    {
        Task<LedgerPosition>[] appends = [.. Enumerable.Range(0, 500).Select(i => Store.AppendAsync($"account {i}", LedgerPosition.Start, [Line("x")], CancellationToken.None))];

        await ReopenAsync();

        appends.Should().OnlyContain(static append => append.IsCompletedSuccessfully);
        (await Store.ListAccountsAsync(null, 1000, CancellationToken.None)).Should().HaveCount(500);
    }

    [Fact]
    public async Task Calls_AfterDispose_AreRefusedInASentence()
    {
        var closed = _store;
        await ReopenAsync();
        var calls = new Func<Task>[]
        {
            () => closed.AppendAsync("a", LedgerPosition.Start, [Line("x")], CancellationToken.None),
            () => closed.LoadAsync("a", CancellationToken.None),
        };

        foreach (var call in calls)
            (await call.Should().ThrowAsync<IOException>()).Which.Message.Should().Contain("the program is ending");
    }

    [Fact]
    public async Task Dispose_Twice_IsHarmless()
    {
        // The silo registers the store as itself and as ILedgerStore, and the container disposes of it once for each.
        var services = new ServiceCollection();
        using var temporary = new TemporaryFolder();
        services.AddSingleton(temporary.Open());
        services.AddSingleton<SqliteLedgerStore>();
        services.AddSingleton<ILedgerStore>(static provider => provider.GetRequiredService<SqliteLedgerStore>());
        var provider = services.BuildServiceProvider();
        await provider.GetRequiredService<ILedgerStore>().AppendAsync("a", LedgerPosition.Start, [Line("x")], CancellationToken.None);

        var dispose = async () => await provider.DisposeAsync();

        await dispose.Should().NotThrowAsync();
    }

    [Fact]
    public async Task Append_OnAFullDisk_IsRefusedAndGoesOnWhenThereIsRoomAgain()
    {
        var position = await Store.AppendAsync("a", LedgerPosition.Start, Lines(1, 1), CancellationToken.None);
        _store.MostPages = 20;

        var append = () => Store.AppendAsync("a", position, [new byte[1_000_000]], CancellationToken.None);

        (await append.Should().ThrowAsync<IOException>()).Which.Message.Should().Contain("full");
        ShouldBe((await Store.LoadAsync("a", CancellationToken.None)).Lines, Lines(1, 1));
        _store.MostPages = 1_000_000;
        await Store.AppendAsync("a", position, Lines(2, 1), CancellationToken.None);
        await ReopenAsync();
        ShouldBe((await Store.LoadAsync("a", CancellationToken.None)).Lines, Lines(1, 2));
    }

    [Fact]
    public void Open_AFileThatIsNoDatabase_SaysSoInASentence()
    {
        _store.Dispose();
        File.WriteAllText(LedgerFile, new string('x', 10_000));

        ShouldNotOpen("file is not a database").Should().Contain("Put a sound file in its place");

        File.ReadAllText(LedgerFile).Should().Be(new string('x', 10_000), "what is not understood is not touched");
    }

    [Fact]
    public void Open_AFolderInPlaceOfTheFile_SaysSoInASentence()
    {
        _store.Dispose();
        foreach (var file in Directory.GetFiles(_temporary.Path, "ledger.db*"))
            File.Delete(file);
        Directory.CreateDirectory(LedgerFile);

        ShouldNotOpen("unable to open").Should().Contain("has room").And.NotContain("sound file", "nothing says that it is damaged");
    }

    [Fact]
    public async Task Open_ALedgerThatIsThere_WritesNothing_SoThatAFullDiskDoesNotKeepItFromBeingRead()
    {
        await Store.AppendAsync("a", LedgerPosition.Start, Lines(1, 1), CancellationToken.None);
        using var observer = new SqliteConnection($"Data Source={LedgerFile};Pooling=False");
        observer.Open();
        using var command = observer.CreateCommand();
        command.CommandText = "PRAGMA data_version";
        var before = command.ExecuteScalar();

        await ReopenAsync();

        ShouldBe((await Store.LoadAsync("a", CancellationToken.None)).Lines, Lines(1, 1));
        command.ExecuteScalar().Should().Be(before, "it changes with every commit of another connection");
    }

    [Fact]
    public void Open_ALedgerOfANewerVersion_SaysSoAndChangesNothing()
    {
        _store.Dispose();
        Run("PRAGMA user_version = 3");

        ShouldNotOpen("newer version");

        Run("PRAGMA user_version").Should().Be(3L);
    }

    [Fact]
    public void Open_ThatFails_LeavesNoFileOpen()
    {
        _store.Dispose();
        Run("PRAGMA user_version = 3");

        for (var i = 0; i < 20; i++)
            ShouldNotOpen("newer version");

        OpenFiles().Where(file => file.StartsWith(LedgerFile, StringComparison.Ordinal)).Should().BeEmpty();
    }

    [Fact]
    public async Task Open_AnEmptyFile_MakesALedgerOfIt()
    {
        _store.Dispose();
        foreach (var file in Directory.GetFiles(_temporary.Path, "ledger.db*"))
            File.Delete(file);
        await File.WriteAllBytesAsync(LedgerFile, []);

        _store = new SqliteLedgerStore(_folder);

        await Store.AppendAsync("a", LedgerPosition.Start, [Line("x")], CancellationToken.None);
    }

    private string ShouldNotOpen(string because)
    {
        var open = () => new SqliteLedgerStore(_folder).Dispose();

        var message = open.Should().Throw<DataFolderException>().Which.Message;
        message.Should().Contain(LedgerFile).And.Contain(because).And.Contain("LLMTR_DATA", "it says what to change").And.EndWith(".");
        message.Should().NotContain("\n");
        return message;
    }

    // What this process has open below the folder; /proc is where Linux says so, and elsewhere there is nothing to see.
    private static string[] OpenFiles() => Directory.Exists("/proc/self/fd")
        ? [.. Directory.GetFiles("/proc/self/fd").Select(static fd => File.ResolveLinkTarget(fd, returnFinalTarget: false)?.FullName ?? "")]
        : [];

    private object? Run(string sql)
    {
        using var connection = Connect();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        return command.ExecuteScalar();
    }

    private SqliteConnection Connect()
    {
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = LedgerFile, Pooling = false }.ToString());
        connection.Open();
        return connection;
    }

    // Keeps the store's writer waiting until it is disposed of.
    private WriteLocked WriteLock()
    {
        var connection = Connect();
        return new WriteLocked(connection, connection.BeginTransaction());
    }

    private sealed record WriteLocked(SqliteConnection Connection, SqliteTransaction Transaction) : IDisposable
    {
        public void Dispose()
        {
            Transaction.Dispose();
            Connection.Dispose();
        }
    }
}
