using System.Text;
using LlmTr.Grains.Abstractions;
using LlmTr.Grains.Accounts;
using static LlmTr.Grains.Tests.Durability.DurableScene;

namespace LlmTr.Grains.Tests.Durability;

/// <summary>Snapshots: of durable entries only, believed only where the ledger agrees, and never missed.</summary>
public sealed class SnapshotTests
{
    private static DurableScene Scene(int every, long credit = 1_000_000)
    {
        var scene = new DurableScene(credit: null);
        scene.Options.SnapshotEvery = every;
        Told(scene.Issue(scene.Host, credit));
        return scene;
    }

    private static void Requests(DurableScene scene, int count, DurableAccount? host = null)
    {
        for (var i = 0; i < count; i++)
            Told(scene.Settle(scene.Hold(10, host), 3, host));
    }

    [Fact]
    public void Snapshot_AfterSoManyEntries_IsCutAndStandsForThem()
    {
        var scene = Scene(every: 10);

        Requests(scene, 500);

        // 1,002 entries: as the remembered ends grow the distance does too, so there are fewer than one in ten.
        scene.Store.SnapshotsSaved.Should().BeInRange(20, 100);
        var (before, view) = (scene.Store.LinesRead, Told(scene.Read()));
        Told(scene.Read(scene.NewHost())).Should().Be(view);
        (scene.Store.LinesRead - before).Should().BeLessThanOrEqualTo(1 + (500 / 8), "the lines before the snapshot are not read");
    }

    [Fact]
    public void Host_ThatBeginsFromASnapshot_KnowsHoldsCasesCreditsAndEndedIds()
    {
        var scene = Scene(every: 1);
        Told(scene.Credit("pay", 50));
        var (open, settled, released, expired) = (scene.Hold(10, lifetime: TimeSpan.FromHours(1)), scene.Hold(20), scene.Hold(30), scene.Hold(40, lifetime: TimeSpan.FromSeconds(1)));
        Told(scene.Settle(settled, 1_000_000_000));
        Told(scene.Release(released));
        scene.Advance(TimeSpan.FromSeconds(2));
        Told(scene.Read());
        var host = scene.NewHost();
        var (lines, read) = (scene.Lines.Count, scene.Store.LinesRead);

        Told(scene.Place(open, 10, host)).Outcome.Should().Be(PlaceHoldOutcome.Granted);
        Told(scene.Place(settled, 20, host)).Outcome.Should().Be(PlaceHoldOutcome.Ended);
        Told(scene.Settle(settled, 1, host)).Should().Be(Told(scene.Settle(settled, 1)));
        Told(scene.Release(released, host)).Should().Be(EndHoldOutcome.Ended);
        Told(scene.Release(expired, host)).Should().Be(EndHoldOutcome.Unreconciled);
        Told(scene.Credit("pay", 50, host)).Should().Be(OperatorOutcome.Done);
        Told(scene.Credit("pay", 51, host)).Should().Be(OperatorOutcome.Conflict);
        scene.Lines.Should().HaveCount(lines, "all of these are repeats");
        (scene.Store.LinesRead - read).Should().BeLessThan(lines, "or it was no snapshot that it began from");
    }

    [Fact]
    public void Snapshot_OfAStateWhoseAppendFails_IsNeverSaved()
    {
        var scene = Scene(every: 5);
        Requests(scene, 1);
        var saved = scene.Store.SnapshotsSaved;
        scene.Store.HoldsAppends = true;

        var answers = Enumerable.Range(0, 10).Select(_ => scene.Place(scene.NewId(), 10)).ToArray();
        scene.Do(scene.Store.Appends[^1].Fail);

        ToldUnknown(answers);
        scene.Store.SnapshotsSaved.Should().Be(saved);
        scene.Store.Heal();
        Requests(scene, 10);
        scene.Store.SnapshotsSaved.Should().BeGreaterThan(saved);
        Told(scene.Read(scene.NewHost())).Should().Be(Told(scene.Read()));
        scene.Audit.Balance.Should().Be(Told(scene.Read())!.Balance);
    }

    [Fact]
    public void Snapshot_OfAStateWhoseAppendIsUnderWay_WaitsForIt()
    {
        var scene = Scene(every: 5);
        var saved = scene.Store.SnapshotsSaved;
        scene.Store.HoldsAppends = true;
        var answers = Enumerable.Range(0, 10).Select(_ => scene.Place(scene.NewId(), 10)).ToArray();

        scene.Store.SnapshotsSaved.Should().Be(saved);
        scene.Do(scene.LastAppend.Complete);
        scene.Do(scene.LastAppend.Complete);

        scene.Store.SnapshotsSaved.Should().Be(saved + 1);
        answers.Should().OnlyContain(static answer => Told(answer).Outcome == PlaceHoldOutcome.Granted);
    }

    [Fact]
    public void Snapshot_WhoseSaveNeverEnds_StopsTheNextOnesForAMinuteOnly()
    {
        var scene = Scene(every: 5);
        scene.Store.OnSaveSnapshot = static () => new TaskCompletionSource().Task;
        Requests(scene, 20);
        var saved = scene.Store.SnapshotsSaved;
        Requests(scene, 20);
        scene.Store.SnapshotsSaved.Should().Be(saved, "one is saved at a time");
        scene.Store.OnSaveSnapshot = static () => Task.CompletedTask;

        scene.Advance(TimeSpan.FromSeconds(59));
        Requests(scene, 1);
        scene.Store.SnapshotsSaved.Should().Be(saved);
        scene.Advance(TimeSpan.FromSeconds(1));
        Requests(scene, 20);

        scene.Store.SnapshotsSaved.Should().BeGreaterThan(saved);
        Told(scene.Read(scene.NewHost())).Should().Be(Told(scene.Read()));
    }

    public static TheoryData<string> Spoilt => new() { "cut short", "empty", "a bit of the state", "a bit of the sum", "another schema", "another ledger", "further on than the ledger", "nonsense" };

    [Theory]
    [MemberData(nameof(Spoilt))]
    public void Snapshot_ThatIsNotToBeBelieved_IsPassedOverAndTheLedgerRead(string how)
    {
        var scene = Scene(every: 7);
        Requests(scene, 20);
        var good = scene.Store.Snapshots[Account];
        scene.Store.Snapshots[Account] = how switch
        {
            "cut short" => good[..^10],
            "empty" => [],
            "a bit of the state" => Flipped(good, good.Length - 20),
            "a bit of the sum" => Flipped(good, 3),
            "another schema" => WithSum(Encoding.UTF8.GetString(good.AsSpan(32)).Replace("\"schema\":1,", "\"schema\":999,", StringComparison.Ordinal)),
            "another ledger" => OfAnotherLedger(every: 7, requests: 20),
            "further on than the ledger" => OfAnotherLedger(every: 7, requests: 100),
            _ => Encoding.UTF8.GetBytes(new string('x', 1000)),
        };

        Told(scene.Read(scene.NewHost())).Should().Be(Told(scene.Read()));
        scene.Hold(10, scene.NewHost());
        scene.Audit.Balance.Should().Be(Told(scene.Read(scene.NewHost()))!.Balance);
    }

    [Fact]
    public void Snapshot_OfAChangedLine_IsNotBelievedAndTheLedgerIsNotServed()
    {
        var scene = Scene(every: 1);
        Requests(scene, 5);
        var lines = scene.Store.Lines(Account);
        lines[^1] = Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(lines[^1]).Replace("\"latency_ms\":1234", "\"latency_ms\":1235", StringComparison.Ordinal));
        lines.Add(lines[^1]);

        ToldUnknown(scene.Read(scene.NewHost()));
    }

    [Fact]
    public void Load_OfALongLedgerWithoutASnapshot_ReadsItByPages()
    {
        var scene = Scene(every: 1_000_000);
        scene.Store.MostPerLoad = 10;
        Requests(scene, 12_000);

        var host = scene.NewHost();

        Told(scene.Read(host)).Should().Be(Told(scene.Read()));
        scene.Hold(10, host);
        host.SawAnotherWriter.Should().BeFalse();
    }

    [Fact]
    public void Load_OfASnapshotFarBehind_ReadsTheLinesInBetween()
    {
        var scene = Scene(every: 10);
        Requests(scene, 20);
        scene.Options.SnapshotEvery = 1_000_000;
        scene.Store.MostPerLoad = 3;
        Requests(scene, 50);
        var (before, host) = (scene.Store.LinesRead, scene.NewHost());

        Told(scene.Read(host)).Should().Be(Told(scene.Read()));
        (scene.Store.LinesRead - before).Should().BeInRange(100, 130, "from the snapshot on and no more");
    }

    [Fact]
    public void SaveSnapshot_ThatFails_HarmsNobodyAndIsTriedAgainLater()
    {
        var scene = Scene(every: 5);
        scene.Store.OnSaveSnapshot = static () => Task.FromException(new IOException("no room"));
        Requests(scene, 20);
        var tried = scene.Store.SnapshotsSaved;
        tried.Should().BeGreaterThan(2);
        scene.Store.Snapshots.Should().BeEmpty();

        scene.Store.OnSaveSnapshot = static () => Task.CompletedTask;
        Requests(scene, 20);

        scene.Store.Snapshots.Should().NotBeEmpty();
        scene.Store.Loads.Should().Be(1, "nothing was dropped for it");
    }

    [Fact]
    public void SaveSnapshot_ThatHangs_KeepsNobodyWaitingAndOneIsUnderWayAtMost()
    {
        var scene = Scene(every: 5);
        var tried = scene.Store.SnapshotsSaved;
        var gate = new TaskCompletionSource();
        scene.Store.OnSaveSnapshot = () => gate.Task;

        Requests(scene, 50);

        scene.Store.SnapshotsSaved.Should().Be(tried + 1);
        scene.Do(gate.SetResult);
        Requests(scene, 50);
        scene.Store.SnapshotsSaved.Should().BeGreaterThan(tried + 1);
    }

    [Fact]
    public void Host_ThatMeetsASnapshotOfAnother_KnowsThatAnotherWrites()
    {
        var scene = Scene(every: 1);
        Requests(scene, 1);
        var other = scene.NewHost();
        Requests(scene, 10, other);

        ToldUnknown(scene.Release(scene.NewId()));
        Told(scene.Read());

        scene.Host.SawAnotherWriter.Should().BeTrue();
        other.SawAnotherWriter.Should().BeFalse();
    }

    private static byte[] OfAnotherLedger(int every, int requests)
    {
        var other = Scene(every, credit: 2_000_000);
        Requests(other, requests);
        return other.Store.Snapshots[Account];
    }

    private static byte[] Flipped(byte[] bytes, int at)
    {
        var copy = bytes.ToArray();
        copy[at] ^= 1;
        return copy;
    }

    private static byte[] WithSum(string json)
    {
        var bytes = Encoding.UTF8.GetBytes(json);
        return [.. System.Security.Cryptography.SHA256.HashData(bytes), .. bytes];
    }
}
