using System.Text;
using LlmTr.Grains.Accounts;
using LlmTr.Grains.Ledgers;
using LlmTr.Grains.Snapshots;
using LlmTr.Grains.Video;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace LlmTr.Silo.Tests.Corpus;

/// <summary>What any earlier build has stored is read by this one, to the tick.</summary>
public sealed class CorpusTests
{
    public static TheoryData<string> Folders => [.. CorpusFiles.Folders.Select(static folder => Path.GetFileName(folder))];

    [Fact]
    public void Corpus_HasEveryKindOfEntryAndEveryPhaseOfAJob()
    {
        var kinds = CorpusFiles.Folders.SelectMany(CorpusFiles.Lines).Select(static line => LedgerLine.Decode(line).Kind).Distinct();
        var phases = CorpusFiles.Folders.SelectMany(CorpusFiles.Jobs).Select(static job => VideoJobJson.Read(job.Stored).Phase).Distinct();

        kinds.Should().BeEquivalentTo(Enum.GetValues<LedgerEntryKind>(), "a new kind needs a new folder of the corpus");
        phases.Should().BeEquivalentTo(Enum.GetValues<JobPhase>(), "a new phase needs a new folder of the corpus");
    }

    [Fact]
    public void Corpus_HasASnapshotOfTheSchemaThatIsWrittenNow() =>
        CorpusFiles.Folders.Select(CorpusFiles.Snapshot).Count(IsOfThisSchema).Should().BePositive("a new schema needs a new folder of the corpus");

    [Fact]
    public void Corpus_WrittenAgain_IsWhatTheLastFolderHolds()
    {
        // Else the history has grown, and with it what must be readable for ever: write a new folder.
        using var folder = new Ledgers.TemporaryFolder();
        var again = Path.Combine(folder.Path, "again");
        CorpusFiles.Write(again).Should().Be(0);

        var last = CorpusFiles.Folders.Last();
        foreach (var file in Directory.GetFiles(again, "*", SearchOption.AllDirectories))
            File.ReadAllBytes(file).Should().Equal(File.ReadAllBytes(Path.Combine(last, Path.GetRelativePath(again, file))), "{0} would be stored differently now", Path.GetFileName(file));
    }

    [Theory]
    [MemberData(nameof(Folders))]
    public void Ledger_Replayed_VerifiesAndAddsUpToWhatItDid(string folder)
    {
        var verifier = new LedgerVerifier();
        foreach (var line in CorpusFiles.Lines(Stored(folder)))
            verifier.Add(line).Should().BeTrue(verifier.Fault?.Reason);

        CorpusFiles.Describe(verifier.Account.View()!).Should().Contain(CorpusFiles.Account(Stored(folder)));
    }

    [Theory]
    [MemberData(nameof(Folders))]
    public async Task Ledger_LoadedWithItsSnapshot_AddsUpToWhatItDid_AndTheSnapshotSparesItsBeginning(string folder)
    {
        var store = new KeptLedger(CorpusFiles.Lines(Stored(folder)), CorpusFiles.Snapshot(Stored(folder)));
        var end = LedgerLine.Decode(store.Lines[^1]).At;
        var account = new DurableAccount("corpus", store, new FakeTimeProvider(end), new AccountOptions(), NullLogger.Instance);

        var view = await account.Read(0, static (account, _, _, _) => account.View());

        // A snapshot of another schema is passed over, by design: the ledger alone is the truth.
        store.ReadsOfItsBeginning.Should().Be(IsOfThisSchema(CorpusFiles.Snapshot(Stored(folder))) ? 0 : 1);
        var expected = CorpusFiles.Account(Stored(folder));

        // Holds that were open at the snapshot are past their deadlines only for whoever decides something later.
        CorpusFiles.Describe(view!).Should().Contain(expected);
    }

    [Theory]
    [MemberData(nameof(Folders))]
    public void Job_Read_IsWhatItWas(string folder)
    {
        foreach (var (name, stored, dump) in CorpusFiles.Jobs(Stored(folder)))
        {
            var job = VideoJobJson.Read(stored);

            CorpusJobs.Dump(job).Should().Contain(dump, "job {0} said so when it was stored", name);
            VideoJobJson.Read(VideoJobJson.Write(job)).Should().Be(job);
        }
    }

    private static string Stored(string folder) => CorpusFiles.Folders.Single(path => Path.GetFileName(path) == folder);

    private static bool IsOfThisSchema(byte[] snapshot) => Encoding.UTF8.GetString(snapshot.AsSpan(32)).StartsWith($"{{\"schema\":{LedgerSnapshot.Schema},", StringComparison.Ordinal);
}
