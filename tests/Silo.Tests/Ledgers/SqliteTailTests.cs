using System.Collections.Concurrent;
using LlmTr.Grains.Accounts;
using LlmTr.Silo.Sqlite;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;

namespace LlmTr.Silo.Tests.Ledgers;

/// <summary>Appends go to a table of their own, and are moved from there: no line is lost, doubled or let in by that.</summary>
public sealed class SqliteTailTests : LedgerLines, IDisposable
{
    private static readonly CancellationToken None = CancellationToken.None;

    private readonly TemporaryFolder _temporary = new();
    private readonly DataFolder _folder;
    private readonly Logged _log = new();

    public SqliteTailTests() => _folder = _temporary.Open();

    public void Dispose()
    {
        _folder.Dispose();
        _temporary.Dispose();
    }

    [Fact]
    public async Task Reads_WhileTheTailIsMovedAgainAndAgain_SeeEveryAcknowledgedLineOnceAndInOrder()
    {
        using var store = Open(longTail: 300);
        var acknowledged = 0;
        var writing = WriteAsync();

        var reads = 0;
        while (!writing.IsCompleted || reads == 0)
        {
            var atLeast = Volatile.Read(ref acknowledged);
            var lines = await store.ReadAsync("a", 1, 10_000, None);
            ShouldBe(lines, Lines(1, lines.Count));
            lines.Count.Should().BeGreaterThanOrEqualTo(atLeast);
            var loaded = await store.LoadAsync("a", None);
            ShouldBe(loaded.Lines, Lines(1, loaded.Lines.Count));
            loaded.Position.Offset.Should().Be(loaded.Lines.Count);
            loaded.Lines.Count.Should().BeGreaterThanOrEqualTo(lines.Count);
            if (lines.Count > 0)
            {
                // A look at one line finds it in either table.
                ShouldBe(await store.ReadAsync("a", loaded.Lines.Count, 1, None), Lines(loaded.Lines.Count, 1));
                (await store.ListAccountsAsync(null, 10, None)).Should().StartWith("a").And.OnlyHaveUniqueItems();
            }

            reads++;
        }

        await writing;
        store.Moves.Should().BeGreaterThan(20);
        ShouldBe(await store.ReadAsync("a", 1, 10_000, None), Lines(1, acknowledged));

        async Task WriteAsync()
        {
            var (mine, other) = (LedgerPosition.Start, LedgerPosition.Start);
            for (var i = 0; i < 250; i++)
            {
                var (one, two) = (store.AppendAsync("a", mine, Lines(acknowledged + 1, 1 + (i % 3)), None), store.AppendAsync("b", other, Named("b", i + 1, 1), None));
                (mine, other) = (await one, await two);
                Volatile.Write(ref acknowledged, acknowledged + 1 + (i % 3));
            }
        }
    }

    [Fact]
    public async Task Move_OfManyAppends_JoinsThemToRowsThatAreBounded()
    {
        using var store = Open(longTail: 150_000);
        var (position, lines) = (LedgerPosition.Start, new List<byte[]>());

        // Small ones, one that is longer than a row may become, and small ones again, with another account in between.
        for (var i = 1; store.Moves == 0; i++)
        {
            byte[][] append = [Line(new string('x', i == 200 ? 70_000 : 100), i)];
            lines.AddRange(append);
            position = await store.AppendAsync("a", position, append, None);
            await store.AppendAsync("b", new LedgerPosition(0, i - 1), [Line("b", i)], None);
        }

        await FlushMoveAsync(store);

        ShouldBe(await store.ReadAsync("a", 1, 10_000, None), lines);
        ShouldBe(await store.ReadAsync("b", 1, 10_000, None), Named("b", 1, lines.Count));
        var rows = Number("SELECT count(*) FROM ledger WHERE account = 'a'");
        rows.Should().BeInRange(3, 10, "{0} appends are a few rows", lines.Count);
        Number("SELECT max(length(lines)) FROM ledger WHERE first_seq < last_seq").Should().BeInRange(10_000, 65_536);
        Number("SELECT count(*) FROM ledger WHERE first_seq = last_seq AND length(lines) > 65536").Should().Be(1, "what came as one stays one");
    }

    [Fact]
    public async Task Move_OnAFullDisk_LosesNothing_AndGoesOnWhenThereIsRoomAgain()
    {
        using var store = Open(longTail: 20_000);
        var count = 0;
        store.MostPages = (int)Number("PRAGMA page_count") + 7;

        // Room enough for the tail, and not for the same once more.
        while (_log.Errors.IsEmpty)
            await AppendAsync();

        _log.Errors.Should().AllSatisfy(static error => error.Should().Contain("could not be moved").And.Contain("full"));
        store.Moves.Should().Be(0);
        await ShouldHoldAsync();
        var append = () => store.AppendAsync("a", new LedgerPosition(0, count - 1), [Line("stale", count)], None);
        await append.Should().ThrowAsync<LedgerConflictException>();

        store.MostPages = 1_000_000;
        while (store.Moves == 0)
            await AppendAsync();
        await ShouldHoldAsync();
        await FlushMoveAsync(store);
        Number("SELECT max(last_seq) FROM ledger WHERE account = 'a'").Should().BeGreaterThanOrEqualTo(count - 1);

        async Task AppendAsync()
        {
            await store.AppendAsync("a", new LedgerPosition(0, count), [Line(new string('x', 200), count + 1)], None);
            count++;
        }

        async Task ShouldHoldAsync() =>
            ShouldBe(await store.ReadAsync("a", 1, 10_000, None), [.. Enumerable.Range(1, count).Select(static seq => Line(new string('x', 200), seq))]);
    }

    [Fact]
    public async Task Append_BehindAnotherOfTheSameTransaction_FitsOrConflictsByIt()
    {
        using var store = Open();
        Task<LedgerPosition>[] appends;
        using (Locked())
        {
            appends =
            [
                store.AppendAsync("a", LedgerPosition.Start, Lines(1, 2), None),
                store.AppendAsync("a", LedgerPosition.Start, [Line("late")], None),
                store.AppendAsync("a", new LedgerPosition(0, 3), [Line("beyond", 4)], None),
                store.AppendAsync("a", new LedgerPosition(0, 2), Lines(3, 1), None),
                store.AppendAsync("b", new LedgerPosition(0, 1), [Line("beyond", 2)], None),
                store.AppendAsync("a", new LedgerPosition(0, 3), Lines(4, 1), None),
            ];
        }

        await Task.WhenAll(appends.Select(static append => append.ContinueWith(static _ => { }, TaskScheduler.Default)));

        appends.Select(static append => append.IsCompletedSuccessfully).Should().Equal(true, false, false, true, false, true);
        appends.Where(static append => !append.IsCompletedSuccessfully).Should().OnlyContain(static append => append.Exception!.InnerException is LedgerConflictException);
        ShouldBe(await store.ReadAsync("a", 1, 100, None), Lines(1, 4));
        (await store.ListAccountsAsync(null, 10, None)).Should().Equal("a");
    }

    [Fact]
    public async Task Append_AfterATransactionThatFailed_FitsWhereTheLedgerEndsAndNowhereElse()
    {
        using var store = Open();
        await store.AppendAsync("a", LedgerPosition.Start, Lines(1, 1), None);
        store.MostPages = 12;
        var failing = () => store.AppendAsync("a", new LedgerPosition(0, 1), [new byte[200_000]], None);
        await failing.Should().ThrowAsync<IOException>();
        store.MostPages = 1_000_000;

        await ShouldConflictAsync(store, "a", 2);
        await ShouldConflictAsync(store, "a", 0);
        await store.AppendAsync("a", new LedgerPosition(0, 1), Lines(2, 1), None);

        ShouldBe(await store.ReadAsync("a", 1, 100, None), Lines(1, 2));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(100)]
    [InlineData(LedgerTail.DefaultLong)]
    public async Task Append_ByTwoStoresOnOneFile_IsFencedAsIfTheyWereOne(int longTail)
    {
        using var one = Open(longTail);
        using var two = Open(longTail: 100);
        for (var i = 0; i < 60; i += 3)
        {
            // Each has last seen the ledger end where the other has not left it.
            await one.AppendAsync("a", new LedgerPosition(0, i), Lines(i + 1, 1), None);
            await ShouldConflictAsync(two, "a", i);
            (await two.ReadAsync("a", i + 1, 10, None)).Should().ContainSingle("what another has written is seen at once");
            await two.AppendAsync("a", new LedgerPosition(0, i + 1), Lines(i + 2, 2), None);
            await ShouldConflictAsync(one, "a", i + 1);
            (await one.LoadAsync("a", None)).Position.Offset.Should().Be(i + 3);
        }

        ShouldBe(await one.ReadAsync("a", 1, 100, None), Lines(1, 60));
        ShouldBe(await two.ReadAsync("a", 1, 100, None), Lines(1, 60));
    }

    [Fact]
    public async Task Append_AfterSomebodyElseWroteToTheTables_IsFencedByThem()
    {
        using var store = Open();
        await store.AppendAsync("a", LedgerPosition.Start, Lines(1, 1), None);

        Number("INSERT INTO ledger SELECT account, first_seq, last_seq, lines FROM tail; DELETE FROM tail; INSERT INTO tail (account, first_seq, last_seq, lines) VALUES ('a', 2, 2, CAST('{\"seq\":2,\"text\":\"line\"}' AS BLOB)); SELECT 1");

        await ShouldConflictAsync(store, "a", 1);
        await store.AppendAsync("a", new LedgerPosition(0, 2), Lines(3, 1), None);
        ShouldBe(await store.ReadAsync("a", 1, 100, None), Lines(1, 3));
    }

    [Fact]
    public async Task Open_ALedgerThatTheFirstSchemaMade_KeepsItsLinesAndGoesOn()
    {
        File.Copy(Path.Combine(AppContext.BaseDirectory, "Ledgers", "Stored", "ledger-schema-1.db"), _temporary.File("ledger.db"));
        Number("PRAGMA user_version").Should().Be(1);
        for (var opened = 0; opened < 3; opened++)
        {
            using var store = Open(longTail: 60);
            var (a, b) = (await store.LoadAsync("a", None), await store.LoadAsync("b", None));
            ShouldBe(a.Lines, Named("a", 1, 39 + opened));
            ShouldBe(b.Lines, Named("b", 1, 6));
            (await store.ListAccountsAsync(null, 10, None)).Should().Equal("a", "b");
            await ShouldConflictAsync(store, "a", 38 + opened);
            await store.AppendAsync("a", a.Position, Named("a", 40 + opened, 1), None);
            ShouldBe(await store.ReadAsync("a", 38, 10, None), Named("a", 38, 3 + opened));
            Number("PRAGMA user_version").Should().Be(2);
        }
    }

    private SqliteLedgerStore Open(int longTail = LedgerTail.DefaultLong) => new(_folder, _log, longTail);

    private static async Task ShouldConflictAsync(SqliteLedgerStore store, string account, long offset)
    {
        var append = () => store.AppendAsync(account, new LedgerPosition(0, offset), [Line("stale", (int)offset + 1)], None);
        await append.Should().ThrowAsync<LedgerConflictException>();
    }

    // A move comes after the answers of its commit; what is appended next is answered when it is over.
    private static Task<LedgerPosition> FlushMoveAsync(SqliteLedgerStore store) => store.AppendAsync("flush", LedgerPosition.Start, [Line("flush")], None);

    private long Number(string sql)
    {
        using var connection = Connect();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        return (long)command.ExecuteScalar()!;
    }

    private SqliteConnection Connect()
    {
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = _temporary.File("ledger.db"), Pooling = false }.ToString());
        connection.Open();
        return connection;
    }

    // Keeps the store's writer waiting, so that what is appended meanwhile goes out together.
    private Lock Locked()
    {
        var connection = Connect();
        return new Lock(connection, connection.BeginTransaction());
    }

    private sealed record Lock(SqliteConnection Connection, SqliteTransaction Transaction) : IDisposable
    {
        public void Dispose()
        {
            Transaction.Dispose();
            Connection.Dispose();
        }
    }

    private sealed class Logged : ILogger
    {
        public ConcurrentQueue<string> Errors { get; } = [];

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            Errors.Enqueue($"{formatter(state, exception)} {exception?.Message}");
    }
}
