using LlmTr.Grains.Accounts;
using LlmTr.Silo.Sqlite;
using Microsoft.Extensions.Logging.Abstractions;

namespace LlmTr.Silo.Tests.Ledgers;

/// <summary>All that a store must do, with a move after so many bytes.</summary>
public abstract class SqliteShortTailTests : LedgerStoreConformance, IDisposable
{
    private readonly TemporaryFolder _temporary = new();
    private readonly DataFolder _folder;
    private readonly int _longTail;
    private SqliteLedgerStore _store;

    private protected SqliteShortTailTests(int longTail)
    {
        _folder = _temporary.Open();
        _longTail = longTail;
        _store = Open();
    }

    protected override ILedgerStore Store => _store;

    public void Dispose()
    {
        _store.Dispose();
        _folder.Dispose();
        _temporary.Dispose();
        GC.SuppressFinalize(this);
    }

    protected override Task ReopenAsync()
    {
        _store.Dispose();
        _store = Open();
        return Task.CompletedTask;
    }

    private SqliteLedgerStore Open() => new(_folder, NullLogger.Instance, _longTail);
}

/// <summary>After every commit: almost every read finds all lines in their place.</summary>
public sealed class SqliteWithoutTailTests() : SqliteShortTailTests(longTail: 1);

/// <summary>After a few commits: almost every read finds lines in both tables.</summary>
public sealed class SqliteOftenMovedTailTests() : SqliteShortTailTests(longTail: 200);
