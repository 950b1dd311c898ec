using System.Globalization;
using LlmTr.Grains.Accounts;
using LlmTr.Grains.Ledgers;
using LlmTr.Silo.Sqlite;
using LlmTr.Silo.Tests.Measuring;
using Microsoft.Extensions.Logging.Abstractions;

namespace LlmTr.Silo.Tests.Ledgers;

public sealed class SqliteSnapshotTests : IDisposable
{
    private readonly TemporaryFolder _temporary = new();

    public void Dispose() => _temporary.Dispose();

    // LLMTR_TEST_ACTIVATION_ENTRIES=1000000 is the promise itself: under 200 ms on a machine that does nothing else.
    [Fact]
    public async Task Activation_OfALongLedger_ReadsItsEndOnlyAndIsBoundedInTime()
    {
        var asked = Environment.GetEnvironmentVariable("LLMTR_TEST_ACTIVATION_ENTRIES");
        var entries = asked is null ? 60_000 : int.Parse(asked, CultureInfo.InvariantCulture);
        using var folder = _temporary.Open();
        await SyntheticHistory.WriteAsync(folder, "key", entries, TimeSpan.FromDays(30), new AccountOptions().SnapshotEvery);

        using var store = new SqliteLedgerStore(folder);
        var loaded = await store.LoadAsync("key", CancellationToken.None);
        loaded.Lines.Count.Should().BeLessThanOrEqualTo(new AccountOptions().SnapshotEvery + 1);
        var best = TimeSpan.MaxValue;
        for (var i = 0; i < 5; i++)
        {
            var began = TimeProvider.System.GetTimestamp();
            var view = await Host(store).Read(0, static (account, _, _, _) => account.View());
            best = TimeProvider.System.GetElapsedTime(began) is var took && took < best ? took : best;
            view!.LastSeq.Should().Be(entries);
        }

        // Ten times the promise where other tests share the machine: replaying all would take longer still.
        best.Should().BeLessThan(asked is null ? TimeSpan.FromSeconds(2) : TimeSpan.FromMilliseconds(200));
    }

    [Theory]
    [InlineData("deleted")]
    [InlineData("no database")]
    [InlineData("of a longer ledger")]
    public async Task Snapshots_ThatAreSpoilt_CostTimeOnly(string how)
    {
        using var folder = _temporary.Open();
        await SyntheticHistory.WriteAsync(folder, "key", 2_000, TimeSpan.FromDays(1), snapshotEvery: 100);
        foreach (var file in Directory.GetFiles(_temporary.Path, "snapshots.db*"))
            File.Delete(file);
        if (how == "no database")
            await File.WriteAllTextAsync(_temporary.File("snapshots.db"), new string('x', 10_000));
        if (how == "of a longer ledger")
        {
            using var other = new TemporaryFolder();
            using (var otherFolder = other.Open())
                await SyntheticHistory.WriteAsync(otherFolder, "key", 5_000, TimeSpan.FromDays(1), snapshotEvery: 100);
            File.Copy(other.File("snapshots.db"), _temporary.File("snapshots.db"));
        }

        using var store = new SqliteLedgerStore(folder);

        (await store.LoadAsync("key", CancellationToken.None)).Snapshot.Should().BeNull();
        (await Host(store).Read(0, static (account, _, _, _) => account.View()))!.LastSeq.Should().Be(2_000);
    }

    [Fact]
    public async Task Load_OfALongLedgerWithoutASnapshot_GivesItsEndAndTheHostReadsTheRest()
    {
        using var folder = _temporary.Open();
        await SyntheticHistory.WriteAsync(folder, "key", 60_000, TimeSpan.FromDays(1), snapshotEvery: 1_000_000);
        using var store = new SqliteLedgerStore(folder);

        var loaded = await store.LoadAsync("key", CancellationToken.None);

        loaded.Lines.Should().HaveCountLessThan(60_000);
        LedgerLine.Decode(loaded.Lines[^1]).Seq.Should().Be(60_000);
        (await Host(store).Read(0, static (account, _, _, _) => account.View()))!.LastSeq.Should().Be(60_000);
    }

    private static DurableAccount Host(ILedgerStore store) => new("key", store, TimeProvider.System, new AccountOptions(), NullLogger.Instance);
}
