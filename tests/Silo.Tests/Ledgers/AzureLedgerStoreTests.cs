using LlmTr.Grains.Accounts;
using LlmTr.Grains.Ledgers;
using LlmTr.Silo.Azure.Ledgers;
using LlmTr.Silo.Tests.Measuring;
using Microsoft.Extensions.Logging.Abstractions;

namespace LlmTr.Silo.Tests.Ledgers;

/// <summary>What the Azure store does with its blobs, seen from the blobs.</summary>
public sealed class AzureLedgerStoreTests : LedgerLines
{
    private const string First = "first/a";
    private const string Second = "more/a/00000001";
    private const string Third = "more/a/00000002";

    private readonly InMemoryBlobs _blobs = new();

    [Fact]
    public async Task Append_ThatFillsABlob_SealsItInTheSameBlockAndMakesNoOther()
    {
        var writes = 0;
        _blobs.AfterWrite = _ =>
        {
            writes++;
            return Task.CompletedTask;
        };

        await AppendAsync(Store(), 1, 2, 3);

        Text(First).Should().Be(Text(1, 2, 3) + "{\"rolled\":4}\n");
        writes.Should().Be(4, "one is the making of the first blob");
        _blobs.Names.Should().Equal(First);
    }

    [Fact]
    public async Task Append_BehindASeal_MakesTheNextBlob()
    {
        await AppendAsync(Store(), 1, 2, 3, 4, 5, 6, 7);

        Text(Second).Should().Be(Text(4, 5, 6) + "{\"rolled\":7}\n");
        Text(Third).Should().Be(Text(7));
    }

    [Fact]
    public async Task Append_OfABlobThatIsLargeEnough_SealsItToo()
    {
        var store = new AzureLedgerStore(_blobs, new AzureLedgerOptions { RollAtBytes = 20 });

        await AppendAsync(store, 1, 2, 3);

        Text(First).Should().Be(Text(1, 2) + "{\"rolled\":3}\n");
    }

    // Before and after the block with the seal, the making of the next blob, and the first block in it.
    [Theory]
    [InlineData(3, false)]
    [InlineData(3, true)]
    [InlineData(4, false)]
    [InlineData(4, true)]
    [InlineData(5, false)]
    [InlineData(5, true)]
    public async Task Process_ThatEndsAnywhereInARoll_IsFollowedByOneThatGoesOn(int write, bool takesEffect)
    {
        // The blob is made by the first write, so the lines are the second and those behind it; the making of the next blob lies between lines 3 and 4.
        await FailAt(write + 1, takesEffect, () => AppendAsync(Store(), 1, 2, 3, 4, 5));

        var next = Store();
        var found = await next.LoadAsync("a", CancellationToken.None);
        var count = found.Lines.Count;
        ShouldBe(found.Lines, Lines(1, count));
        count.Should().Be((write, takesEffect) switch { (3, false) => 2, (3, true) => 3, (4, _) => 3, (5, false) => 3, _ => 4 });
        await AppendFromAsync(next, found.Position, [.. Enumerable.Range(count + 1, 5)]);
        ShouldBe(await Store().ReadAsync("a", 1, 100, CancellationToken.None), Lines(1, count + 5));
    }

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public async Task Writer_ThatIsPausedInARollWhileAnotherFinishesIt_IsRefused(int line)
    {
        var paused = Store();
        var position = await AppendAsync(paused, [.. Enumerable.Range(1, line - 1)]);
        var reached = new TaskCompletionSource();
        var goOn = new TaskCompletionSource();
        _blobs.BeforeWrite = async _ =>
        {
            _blobs.BeforeWrite = static _ => Task.CompletedTask;
            reached.SetResult();
            await goOn.Task;
        };
        var late = paused.AppendAsync("a", position, [Line("late", line)], CancellationToken.None);
        await reached.Task;

        var other = Store();
        await AppendFromAsync(other, (await other.LoadAsync("a", CancellationToken.None)).Position, [.. Enumerable.Range(line, 4)]);
        goOn.SetResult();

        var append = () => late;
        await append.Should().ThrowAsync<LedgerConflictException>();
        ShouldBe((await Store().LoadAsync("a", CancellationToken.None)).Lines, Lines(1, line + 3));
    }

    [Fact]
    public async Task Create_WhoseReplyWasLost_LeavesNoAccountAndNothingInTheWay()
    {
        await FailAt(1, takesEffect: true, () => AppendAsync(Store(), 1));

        _blobs.Names.Should().Equal(First);
        (await Store().ListAccountsAsync(null, 10, CancellationToken.None)).Should().BeEmpty();
        (await Store().LoadAsync("a", CancellationToken.None)).Should().BeEquivalentTo(new StoredLedger([], LedgerPosition.Start));
        await AppendAsync(Store(), 1, 2);
        (await Store().ListAccountsAsync(null, 10, CancellationToken.None)).Should().Equal("a");
    }

    [Theory]
    [InlineData(First)]
    [InlineData(Second)]
    public async Task Ledger_WithAMissingBlob_IsBrokenAndNotShorter(string missing)
    {
        var position = await AppendAsync(Store(), [.. Enumerable.Range(1, 8)]);
        _blobs.Remove(missing);

        var load = () => Store().LoadAsync("a", CancellationToken.None);
        await load.Should().ThrowAsync<LedgerBrokenException>().WithMessage("Blob * of the ledger is missing.");
        for (var seq = 1; seq <= 6; seq++)
        {
            var read = () => Store().ReadAsync("a", seq, 100, CancellationToken.None);
            if (missing == Second || seq <= 3)
                await read.Should().ThrowAsync<LedgerBrokenException>($"entry {seq} is lost, or one behind it");
        }

        // What is there can still be added to; it is the next load that tells.
        await AppendFromAsync(Store(), position, 9);
    }

    [Fact]
    public async Task Ledger_WhoseLastBlobsAreGone_IsBrokenWhereASnapshotKnowsOfThem()
    {
        var (lines, snapshots) = Ledger(entries: 20, cutAt: 18);
        var (store, position) = (Store(), LedgerPosition.Start);
        foreach (var line in lines)
            position = await store.AppendAsync("a", position, [line], CancellationToken.None);
        await store.SaveSnapshotAsync("a", snapshots[0], CancellationToken.None);
        foreach (var name in _blobs.Names.Where(static name => string.CompareOrdinal(name, Third) > 0 && name.StartsWith("more/", StringComparison.Ordinal)).ToArray())
            _blobs.Remove(name);

        var load = () => Store().LoadAsync("a", CancellationToken.None);

        (await load.Should().ThrowAsync<LedgerBrokenException>()).Which.Message.Should().Contain("snapshot of entry 18").And.Contain("Restore the blobs");
        _blobs.Remove("snapshots/a");
        (await load()).Lines.Should().HaveCount(9, "an operator may say that the rest is lost");
    }

    [Theory]
    [InlineData("{\"seq\":2,\"text\":\"line\"}\n{\"seq\":4}\n", "Where entry 3 belongs is entry 4.")]
    [InlineData("{\"seq\":2,\"text\":\"line\"}\nnonsense\n", "Where entry 3 belongs is a line that is no entry.")]
    [InlineData("{\"seq\":2,\"text\":\"line\"}\n{\"rolled\":4}\n", "Where entry 3 belongs is entry 4.")]
    [InlineData("{\"rolled\":2}\n{\"seq\":2}\n", "Blob 0 of the ledger goes on behind its seal.")]
    [InlineData("{\"seq\":2,\"text\":\"line\"}\n{\"seq\":3", "Blob 0 of the ledger has a line without an end.")]
    public async Task Ledger_ThatSomebodyHasChanged_IsBroken(string behindTheFirstLine, string because)
    {
        _blobs[First] = [.. Line("line", 1), (byte)'\n', .. System.Text.Encoding.UTF8.GetBytes(behindTheFirstLine)];

        var load = () => Store().LoadAsync("a", CancellationToken.None);

        await load.Should().ThrowAsync<LedgerBrokenException>().WithMessage(because);
    }

    [Fact]
    public async Task Append_OfMoreThanABlockHolds_IsRefusedWhole()
    {
        var store = Store();
        byte[][] lines = [.. Enumerable.Range(1, 5).Select(static seq => Line(new string('x', 1_000_000), seq))];

        var append = () => store.AppendAsync("a", LedgerPosition.Start, lines, CancellationToken.None);

        (await append.Should().ThrowAsync<ArgumentException>()).Which.Message.Should().Contain("at most 4194304 bytes").And.Contain("nothing was written");
        _blobs.Names.Should().BeEmpty();
        await store.AppendAsync("a", LedgerPosition.Start, lines[..4], CancellationToken.None);
    }

    [Theory]
    [InlineData("{\"seq\":1}", "{\"seq\":3}")]
    [InlineData("{\"seq\":2}", "{\"seq\":1}")]
    [InlineData("{\"rolled\":2}")]
    [InlineData("{\"seq\":1}", "{\"rolled\":2}")]
    [InlineData("{\"seq\":0}")]
    [InlineData("{ \"seq\":1}")]
    [InlineData("{\"seq\":1x}")]
    public async Task Append_OfLinesThatDoNotFollowEachOther_IsAnArgumentError(params string[] lines)
    {
        var append = () => Store().AppendAsync("a", LedgerPosition.Start, [.. lines.Select(System.Text.Encoding.UTF8.GetBytes)], CancellationToken.None);

        await append.Should().ThrowAsync<ArgumentException>();
        _blobs.Names.Should().BeEmpty();
    }

    [Theory]
    [InlineData("")]
    [InlineData("a/b")]
    [InlineData("../a")]
    [InlineData("a b")]
    [InlineData("é")]
    public async Task Calls_WithANameThatIsNoPartOfABlobsName_AreArgumentErrors(string account)
    {
        var calls = new Func<Task>[]
        {
            () => Store().AppendAsync(account, LedgerPosition.Start, Lines(1, 1), CancellationToken.None),
            () => Store().LoadAsync(account, CancellationToken.None),
            () => Store().ReadAsync(account, 1, 1, CancellationToken.None),
        };

        foreach (var call in calls)
            await call.Should().ThrowAsync<ArgumentException>();
    }

    [Fact]
    public async Task Read_BehindTheEndThatIsRemembered_IsOneRequest()
    {
        var writer = Store();
        var position = await AppendAsync(writer, 1, 2, 3, 4, 5);
        var loader = Store();
        await loader.LoadAsync("a", CancellationToken.None);

        foreach (var store in new[] { writer, loader })
        {
            for (var i = 0; i < 3; i++)
            {
                var before = _blobs.Requests;
                (await store.ReadAsync("a", 6, 1, CancellationToken.None)).Should().BeEmpty();
                (_blobs.Requests - before).Should().Be(1);
            }
        }

        await AppendFromAsync(Store(), position, 6);
        foreach (var store in new[] { writer, loader })
            ShouldBe(await store.ReadAsync("a", 6, 1, CancellationToken.None), Lines(6, 1));
    }

    [Fact]
    public async Task Read_OfALongLedgerPageByPage_SearchesOnceOnly()
    {
        await SyntheticHistory.WriteAsync(Store(), "a", 5_000, TimeSpan.FromDays(1), snapshotEvery: 1_000_000);
        var store = new AzureLedgerStore(_blobs, new AzureLedgerOptions { SearchBytes = 4_096 });
        var whole = await new AzureLedgerStore(_blobs, new AzureLedgerOptions()).ReadAsync("a", 1, 10_000, CancellationToken.None);
        ShouldBe(await store.ReadAsync("a", 2_001, 100, CancellationToken.None), [.. whole.Skip(2_000).Take(100)]);

        var before = _blobs.Requests;
        for (var from = 2_101; from < 3_001; from += 100)
            ShouldBe(await store.ReadAsync("a", from, 100, CancellationToken.None), [.. whole.Skip(from - 1).Take(100)]);

        (_blobs.Requests - before).Should().BeLessThanOrEqualTo(20, "each page goes on where the one before ended, at times in the next blob");
    }

    [Fact]
    public async Task Read_FromAnySequenceNumberOfARolledLedger_FindsIt()
    {
        await SyntheticHistory.WriteAsync(Store(), "a", 3_000, TimeSpan.FromDays(1), snapshotEvery: 1_000_000);
        var whole = await Store().ReadAsync("a", 1, 10_000, CancellationToken.None);
        whole.Should().HaveCountGreaterThanOrEqualTo(3_000);

        foreach (var searchBytes in new[] { 1, 1_000, 50_000 })
        {
            for (var from = 1; from <= whole.Count + 1; from += 37)
            {
                var fresh = new AzureLedgerStore(_blobs, new AzureLedgerOptions { SearchBytes = searchBytes });
                ShouldBe(await fresh.ReadAsync("a", from, 3, CancellationToken.None), [.. whole.Skip(from - 1).Take(3)]);
            }
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(5_000)]
    [InlineData(300_000)]
    [InlineData(8_000_000)]
    public async Task Activation_WithAndWithoutASnapshot_FindsTheSameAccountHoweverLittleALoadReads(int loadBytes)
    {
        var options = new AzureLedgerOptions { LoadBytes = loadBytes, SearchBytes = 2_000 };
        await SyntheticHistory.WriteAsync(Store(), "key", 3_000, TimeSpan.FromDays(1), snapshotEvery: 500);

        var loaded = await new AzureLedgerStore(_blobs, options).LoadAsync("key", CancellationToken.None);
        loaded.Snapshot.Should().NotBeNull();
        loaded.Lines.Should().HaveCountGreaterThanOrEqualTo(1).And.HaveCountLessThan(1_000, "a snapshot spares the rest");
        var view = await Host(new AzureLedgerStore(_blobs, options)).Read(0, static (account, _, _, _) => account.View());
        _blobs.Remove("snapshots/key");
        (await Host(new AzureLedgerStore(_blobs, options)).Read(0, static (account, _, _, _) => account.View())).Should().Be(view);
        view!.LastSeq.Should().BeGreaterThanOrEqualTo(3_000);
    }

    [Fact]
    public async Task Load_WithASnapshot_ReadsTheLinesFromItOnAndHardlyMore()
    {
        await SyntheticHistory.WriteAsync(Store(), "key", 3_000, TimeSpan.FromDays(30), snapshotEvery: 500);

        // An emulator opens a file for each block that it reads: a load of much would starve all who append meanwhile.
        var before = _blobs.BytesRead;
        var loaded = await Store().LoadAsync("key", CancellationToken.None);

        // A snapshot's place is the beginning of the append that its line came with: here of 500 lines at most.
        var read = _blobs.BytesRead - before;
        var lineBytes = loaded.Lines.Average(static line => line.Length + 1);
        read.Should().BeLessThan((long)((loaded.Lines.Count + 510) * lineBytes));
    }

    [Fact]
    public async Task Load_WithASnapshotWhosePlaceIsOfAnotherLedger_SearchesForItsLine()
    {
        await SyntheticHistory.WriteAsync(Store(), "key", 1_000, TimeSpan.FromDays(1), snapshotEvery: 300);
        var sound = SnapshotBlob.Decode(_blobs["snapshots/key"])!;
        foreach (var place in new[] { null, sound.Place! with { Offset = sound.Place.Offset + 1 }, sound.Place with { Seq = sound.Place.Seq - 1 } })
        {
            _blobs["snapshots/key"] = SnapshotBlob.Encode(sound.Seq, place, sound.State);

            var loaded = await new AzureLedgerStore(_blobs, new AzureLedgerOptions { LoadBytes = 400_000, SearchBytes = 1_000 }).LoadAsync("key", CancellationToken.None);

            LedgerLine.Decode(loaded.Lines[0]).Seq.Should().Be(sound.Seq);
            loaded.Snapshot.Should().Equal(sound.State);
        }
    }

    [Fact]
    public async Task Load_WithASnapshotWhoseHeadIsDamaged_PassesItOver()
    {
        var (lines, snapshots) = Ledger(entries: 10, cutAt: 5);
        await Store().AppendAsync("a", LedgerPosition.Start, lines, CancellationToken.None);
        await Store().SaveSnapshotAsync("a", snapshots[0], CancellationToken.None);
        var sound = _blobs["snapshots/a"];
        for (var i = 0; i < 40; i++)
        {
            byte[] damaged = [.. sound];
            damaged[i] ^= 0x10;
            _blobs["snapshots/a"] = damaged;

            var loaded = await Store().LoadAsync("a", CancellationToken.None);

            loaded.Snapshot.Should().BeNull();
            loaded.Lines.Should().HaveCount(lines.Length);
        }
    }

    private AzureLedgerStore Store() => new(_blobs, new AzureLedgerOptions { RollAtBlocks = 2 });

    private static async Task<LedgerPosition> AppendAsync(ILedgerStore store, params int[] seqs) => await AppendFromAsync(store, LedgerPosition.Start, seqs);

    private static async Task<LedgerPosition> AppendFromAsync(ILedgerStore store, LedgerPosition position, params int[] seqs)
    {
        foreach (var seq in seqs)
            position = await store.AppendAsync("a", position, Lines(seq, 1), CancellationToken.None);
        return position;
    }

    private async Task FailAt(int write, bool takesEffect, Func<Task> act)
    {
        var writes = 0;
        Task Fail(string blob) => ++writes == write ? throw new IOException("Lost.") : Task.CompletedTask;
        if (takesEffect)
            _blobs.AfterWrite = Fail;
        else
            _blobs.BeforeWrite = Fail;
        await act.Should().ThrowAsync<IOException>();
        (_blobs.BeforeWrite, _blobs.AfterWrite) = (static _ => Task.CompletedTask, static _ => Task.CompletedTask);
    }

    private string Text(string blob) => System.Text.Encoding.UTF8.GetString(_blobs[blob]);

    private static string Text(params int[] seqs) => string.Concat(seqs.Select(static seq => System.Text.Encoding.UTF8.GetString(Lines(seq, 1)[0]) + "\n"));

    private static DurableAccount Host(ILedgerStore store) => new("key", store, TimeProvider.System, new AccountOptions(), NullLogger.Instance);
}
