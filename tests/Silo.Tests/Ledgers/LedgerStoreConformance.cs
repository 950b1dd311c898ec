using LlmTr.Grains.Accounts;
using LlmTr.Grains.Ledgers;
using LlmTr.Silo.Tests.Azurite;

namespace LlmTr.Silo.Tests.Ledgers;

/// <summary>
/// What every ledger store must do, whatever it is made of. A store's test class derives from this and says how to open it; the fence is what promise 1 of the
/// gateway stands on, so nothing here is optional.
/// </summary>
public abstract class LedgerStoreConformance : LedgerLines
{
    private static readonly CancellationToken None = CancellationToken.None;

    /// <summary>The store under test; the same object until <see cref="ReopenAsync"/>.</summary>
    protected abstract ILedgerStore Store { get; }

    /// <summary>Whether a snapshot of an entry that is not there is passed over; a store that cannot lose entries and keep their snapshot tells it as a loss.</summary>
    protected virtual bool LosesSnapshotsFirst => true;

    /// <summary>How many accounts append at once, and how often one does while others look.</summary>
    protected virtual int ManyAccounts => 200;

    /// <summary>Ends the store in an orderly way and opens it again over the same data.</summary>
    protected abstract Task ReopenAsync();

    [StoreFact]
    public async Task Load_AnUnknownAccount_IsEmptyAndAtTheStart()
    {
        var ledger = await Store.LoadAsync("nobody", None);

        ledger.Lines.Should().BeEmpty();
        ledger.Position.Should().Be(LedgerPosition.Start);
        (await Store.ReadAsync("nobody", 1, 10, None)).Should().BeEmpty();
        (await Store.ListAccountsAsync(null, 10, None)).Should().BeEmpty("a look makes no account");
    }

    [StoreFact]
    public async Task Append_ThenLoad_GivesTheSameBytesAndThePositionBehindThem()
    {
        byte[][] lines = [Line("a"), Line("ğüşıöç 日本語 😀", 2), Line(new string('x', 100_000), 3), [.. Line("", 4), .. Enumerable.Range(0, 256).Select(static i => (byte)i).Where(static b => b != '\n')]];

        var position = await Store.AppendAsync("a", LedgerPosition.Start, lines, None);

        var loaded = await Store.LoadAsync("a", None);
        ShouldBe(loaded.Lines, lines);
        loaded.Position.Should().Be(position);
    }

    [StoreFact]
    public async Task Append_ThatCompleted_IsSeenByEveryLaterLoadAndRead()
    {
        var position = LedgerPosition.Start;
        for (var i = 1; i <= 50; i++)
        {
            position = await Store.AppendAsync("a", position, Lines(i, 1), None);

            (await Store.LoadAsync("a", None)).Lines.Should().HaveCount(i);
            ShouldBe(await Store.ReadAsync("a", i, 10, None), Lines(i, 1));
        }
    }

    [StoreFact]
    public async Task Read_AnyPage_CrossesTheBordersOfAppends()
    {
        var (position, count) = (LedgerPosition.Start, 0);
        foreach (var size in new[] { 1, 3, 1, 7, 2, 1, 5 })
        {
            position = await Store.AppendAsync("a", position, Lines(count + 1, size), None);
            count += size;
        }

        // Neighbours on both sides, so that a page cannot run over into them.
        await Store.AppendAsync("A", LedgerPosition.Start, [Line("other")], None);
        await Store.AppendAsync("aa", LedgerPosition.Start, [Line("other")], None);

        for (var from = 1; from <= count + 2; from++)
        {
            foreach (var limit in new[] { 1, 2, 3, 7, 19, 20, 21, 1000 })
                ShouldBe(await Store.ReadAsync("a", from, limit, None), Lines(from, Math.Clamp(count - from + 1, 0, limit)));
        }
    }

    [StoreFact]
    public async Task Append_AtAPositionThatIsTaken_ConflictsAndWritesNothing()
    {
        var first = await Store.AppendAsync("a", LedgerPosition.Start, Lines(1, 3), None);
        var second = await Store.AppendAsync("a", first, Lines(4, 2), None);

        foreach (var stale in new[] { LedgerPosition.Start, first })
            await ShouldConflict("a", stale, [Line("stale")]);

        ShouldBe((await Store.LoadAsync("a", None)).Lines, Lines(1, 5));
        await Store.AppendAsync("a", second, Lines(6, 1), None);
        ShouldBe((await Store.LoadAsync("a", None)).Lines, Lines(1, 6));
    }

    [StoreFact]
    public async Task Append_InTheMiddleOfAnEarlierBatch_ConflictsAndWritesNothing()
    {
        var one = await Store.AppendAsync("short", LedgerPosition.Start, Lines(1, 1), None);
        await Store.AppendAsync("long", LedgerPosition.Start, Lines(1, 3), None);

        await ShouldConflict("long", one, [Line("in between")]);

        ShouldBe((await Store.LoadAsync("long", None)).Lines, Lines(1, 3));
    }

    [StoreFact]
    public async Task Append_BeyondTheEnd_ConflictsAndLeavesNoGap()
    {
        var far = await Store.AppendAsync("long", LedgerPosition.Start, Lines(1, 5), None);
        await Store.AppendAsync("short", LedgerPosition.Start, Lines(1, 2), None);

        await ShouldConflict("short", far, [Line("beyond")]);
        await ShouldConflict("empty", far, [Line("beyond")]);

        ShouldBe((await Store.LoadAsync("short", None)).Lines, Lines(1, 2));
        (await Store.LoadAsync("empty", None)).Lines.Should().BeEmpty();
    }

    [StoreFact]
    public async Task Append_SentTwice_LandsOnce()
    {
        await Store.AppendAsync("a", LedgerPosition.Start, Lines(1, 2), None);

        await ShouldConflict("a", LedgerPosition.Start, Lines(1, 2));

        ShouldBe((await Store.LoadAsync("a", None)).Lines, Lines(1, 2));
    }

    [StoreFact]
    public async Task Append_ByManyAtOnePosition_LetsExactlyOneThrough()
    {
        var position = LedgerPosition.Start;
        for (var round = 0; round < 20; round++)
        {
            var writers = Enumerable.Range(0, 8).Select(i => Store.AppendAsync("a", position, [Line($"{round} by {i}", round + 1)], None)).ToArray();

            var outcomes = await Task.WhenAll(writers.Select(static async append =>
            {
                try
                {
                    return (LedgerPosition?)await append;
                }
                catch (LedgerConflictException)
                {
                    return null;
                }
            }));

            position = outcomes.Should().ContainSingle(static outcome => outcome != null).Which!.Value;
            var winner = Array.FindIndex(outcomes, static outcome => outcome != null);
            ShouldBe(await Store.ReadAsync("a", round + 1, 10, None), [Line($"{round} by {winner}", round + 1)]);
        }
    }

    [StoreFact]
    public async Task Append_OnManyAccountsAtOnce_KeepsEachInOrderAndApart()
    {
        await Task.WhenAll(Enumerable.Range(0, ManyAccounts).Select(async account =>
        {
            var (name, position, count) = ($"account-{account}", LedgerPosition.Start, 0);
            for (var i = 0; i < 10; i++)
            {
                var size = 1 + ((account + i) % 4);
                position = await Store.AppendAsync(name, position, Named(name, count + 1, size), None);
                count += size;
            }
        }));

        for (var account = 0; account < ManyAccounts; account++)
        {
            var name = $"account-{account}";
            var lines = (await Store.LoadAsync(name, None)).Lines;
            ShouldBe(lines, Named(name, 1, Enumerable.Range(0, 10).Sum(i => 1 + ((account + i) % 4))));
        }
    }

    [StoreFact]
    public async Task Append_WithConflictsOnSomeAccounts_FailsThoseOnly()
    {
        for (var i = 0; i < 100; i += 2)
            await Store.AppendAsync($"account-{i}", LedgerPosition.Start, Lines(1, 1), None);

        var appends = Enumerable.Range(0, 100).Select(i => Store.AppendAsync($"account-{i}", LedgerPosition.Start, [Line("second")], None)).ToArray();

        for (var i = 0; i < 100; i++)
        {
            var append = () => appends[i];
            if (i % 2 == 0)
                await append.Should().ThrowAsync<LedgerConflictException>();
            else
                await append.Should().NotThrowAsync();
        }
    }

    [StoreFact]
    public async Task Load_DuringAppends_SeesWholeBatchesOnly()
    {
        var writing = WriteAsync();

        while (!writing.IsCompleted)
        {
            var ledger = await Store.LoadAsync("a", None);
            (ledger.Lines.Count % 5).Should().Be(0, "a batch is written whole or not at all");
        }

        await writing;

        async Task WriteAsync()
        {
            var position = LedgerPosition.Start;
            for (var i = 0; i < ManyAccounts; i++)
                position = await Store.AppendAsync("a", position, Lines((5 * i) + 1, 5), None);
        }
    }

    [StoreFact]
    public async Task Append_OfAThousandsOfLines_IsOneStep()
    {
        // As many commands as may wait for one append of an account.
        var lines = Enumerable.Range(1, 5000).Select(static i => Line(new string('x', 400), i)).ToArray();

        var position = await Store.AppendAsync("a", LedgerPosition.Start, lines, None);

        ShouldBe((await Store.LoadAsync("a", None)).Lines, lines);
        ShouldBe(await Store.ReadAsync("a", 4999, 10, None), lines[4998..]);
        await Store.AppendAsync("a", position, [Line("next", 5001)], None);
    }

    [StoreFact]
    public async Task Append_OfNothing_IsAnArgumentError()
    {
        var append = () => Store.AppendAsync("a", LedgerPosition.Start, [], None);

        await append.Should().ThrowAsync<ArgumentException>();
    }

    [StoreFact]
    public async Task Append_OfALineThatIsNone_IsAnArgumentErrorAndWritesNothing()
    {
        foreach (var bad in new Func<int, byte[]>[] { static _ => [], static seq => Line("two\nlines", seq), static seq => [.. Line("", seq), (byte)'\n'], static _ => Line("\n") })
        {
            foreach (var lines in new byte[][][] { [bad(1)], [Line("good"), bad(2)], [bad(1), Line("good", 2)] })
            {
                var append = () => Store.AppendAsync("a", LedgerPosition.Start, lines, None);

                await append.Should().ThrowAsync<ArgumentException>("sequence numbers count lines, so a line is one line");
            }
        }

        (await Store.LoadAsync("a", None)).Lines.Should().BeEmpty();
    }

    [StoreFact]
    public async Task Calls_ThatWereCancelledBefore_DoNothing()
    {
        var cancelled = new CancellationToken(canceled: true);
        var calls = new Func<Task>[]
        {
            () => Store.AppendAsync("a", LedgerPosition.Start, [Line("x")], cancelled),
            () => Store.ListAccountsAsync(null, 10, cancelled),
            () => Store.LoadAsync("a", cancelled),
            () => Store.ReadAsync("a", 1, 10, cancelled),
        };

        foreach (var call in calls)
            await call.Should().ThrowAsync<OperationCanceledException>();
        (await Store.LoadAsync("a", None)).Lines.Should().BeEmpty();
    }

    [StoreFact]
    public async Task ListAccounts_ByPages_GivesEachOnceInOrdinalOrder()
    {
        string[] names = ["a", "B", "aa", "Z9", "0", "z", "key_1", "key_10", "key_2", "ab"];
        foreach (var name in names)
        {
            var position = await Store.AppendAsync(name, LedgerPosition.Start, Lines(1, 2), None);
            await Store.AppendAsync(name, position, Lines(3, 1), None);
        }

        Array.Sort(names, StringComparer.Ordinal);
        foreach (var limit in new[] { 1, 3, 10, 100 })
        {
            var listed = new List<string>();
            while (await Store.ListAccountsAsync(listed.LastOrDefault(), limit, None) is { Count: > 0 } page)
            {
                page.Count.Should().BeLessThanOrEqualTo(limit);
                listed.AddRange(page);
            }

            listed.Should().Equal(names);
        }
    }

    [StoreFact]
    public async Task Reopen_AfterAnOrderlyEnd_FindsEverythingAndGoesOn()
    {
        var first = await Store.AppendAsync("a", LedgerPosition.Start, Lines(1, 3), None);
        await Store.AppendAsync("a", first, Lines(4, 1), None);
        await Store.AppendAsync("b", LedgerPosition.Start, [Line("b")], None);

        await ReopenAsync();

        var ledger = await Store.LoadAsync("a", None);
        ShouldBe(ledger.Lines, Lines(1, 4));
        await ShouldConflict("a", first, [Line("stale")]);
        await Store.AppendAsync("a", ledger.Position, Lines(5, 1), None);
        ShouldBe((await Store.LoadAsync("a", None)).Lines, Lines(1, 5));
        (await Store.ListAccountsAsync(null, 10, None)).Should().Equal("a", "b");
    }

    [StoreFact]
    public async Task Load_AfterASnapshotWasSaved_GivesItOrAnEarlierOneAndTheLinesFromItsOwnOn()
    {
        var (lines, snapshots) = Ledger(entries: 40, cutAt: [10, 30]);
        var position = await Store.AppendAsync("a", LedgerPosition.Start, lines[..35], None);
        foreach (var snapshot in snapshots)
            await Store.SaveSnapshotAsync("a", snapshot, None);
        position = await Store.AppendAsync("a", position, lines[35..], None);
        await Store.AppendAsync("b", LedgerPosition.Start, lines[..20], None);
        await ReopenAsync();

        var loaded = await Store.LoadAsync("a", None);

        // A store may keep none; what it gives is one that was saved, whole, and with every line behind it.
        var from = loaded.Snapshot is null ? 1 : Array.Find(snapshots, cut => cut.Encode().AsSpan().SequenceEqual(loaded.Snapshot))!.Seq;
        ShouldBe(loaded.Lines, lines[((int)from - 1)..]);
        loaded.Position.Should().Be(position);
        ShouldBe(await Store.ReadAsync("a", 1, 100, None), lines);
        (await Store.LoadAsync("b", None)).Snapshot.Should().BeNull("it is another account's");
    }

    [StoreFact]
    public async Task SaveSnapshot_OfAnAccountWithoutLines_MakesNoAccount()
    {
        await Store.SaveSnapshotAsync("ghost", Ledger(entries: 10, cutAt: [10]).Snapshots[0], None);

        (await Store.ListAccountsAsync(null, 10, None)).Should().BeEmpty();
        var load = () => Store.LoadAsync("ghost", None);
        if (LosesSnapshotsFirst)
        {
            (await load()).Should().BeEquivalentTo(new StoredLedger([], LedgerPosition.Start, Snapshot: null), "there is no entry that the snapshot could be of");
        }
        else
        {
            await load.Should().ThrowAsync<LedgerBrokenException>("a snapshot is saved only when its entry is durable, so entries are lost");
            (await Store.ReadAsync("ghost", 1, 10, None)).Should().BeEmpty();
        }
    }

    [StoreFact]
    public async Task Append_WhoseReplyWasLost_IsFoundByTheNextLoadAndGoesOnBehindIt()
    {
        var position = await Store.AppendAsync("a", LedgerPosition.Start, Lines(1, 2), None);
        for (var seq = 3; seq < 12; seq += 2)
        {
            // Whoever does not know whether it landed sends it again, or looks.
            await Store.AppendAsync("a", position, Lines(seq, 2), None);
            await ShouldConflict("a", position, Lines(seq, 2));

            var found = await Store.LoadAsync("a", None);
            ShouldBe(found.Lines, Lines(1, seq + 1));
            position = found.Position;
        }

        await Store.AppendAsync("a", position, Lines(13, 1), None);
        ShouldBe(await Store.ReadAsync("a", 1, 100, None), Lines(1, 13));
    }

    [StoreFact]
    public async Task Append_ByAWriterThatWasPausedWhileAnotherWentOn_IsRefusedWhereverItStood()
    {
        var stood = new List<LedgerPosition> { LedgerPosition.Start };
        for (var seq = 1; seq <= 12; seq++)
            stood.Add(await Store.AppendAsync("a", stood[^1], Lines(seq, 1), None));

        for (var i = 0; i < stood.Count - 1; i++)
            await ShouldConflict("a", stood[i], [Line("late", i + 1)]);

        ShouldBe((await Store.LoadAsync("a", None)).Lines, Lines(1, 12));
        await Store.AppendAsync("a", stood[^1], Lines(13, 1), None);
        ShouldBe((await Store.LoadAsync("a", None)).Lines, Lines(1, 13));
    }

    [StoreFact]
    public async Task Read_BehindTheEnd_FindsNothingUntilSomebodyAppendsThere()
    {
        var position = LedgerPosition.Start;
        for (var seq = 1; seq <= 10; seq++)
        {
            (await Store.ReadAsync("a", seq, 1, None)).Should().BeEmpty();
            position = await Store.AppendAsync("a", position, Lines(seq, 1), None);
            ShouldBe(await Store.ReadAsync("a", seq, 1, None), Lines(seq, 1));
            (await Store.ReadAsync("a", seq + 1, 1, None)).Should().BeEmpty();
            (await Store.ReadAsync("a", seq + 100, 1, None)).Should().BeEmpty();
        }
    }

    protected async Task ShouldConflict(string account, LedgerPosition position, IReadOnlyList<byte[]> lines)
    {
        var append = () => Store.AppendAsync(account, position, lines, None);

        await append.Should().ThrowAsync<LedgerConflictException>();
    }
}
