using System.Text.Json;
using LlmTr.Grains.Abstractions;
using LlmTr.Grains.Accounts;
using LlmTr.Grains.Ledgers;
using LlmTr.Money;
using Microsoft.Extensions.Logging.Abstractions;

namespace LlmTr.Silo.Tests.Cluster;

public sealed class ApiKeyGrainTests(ApiKeyGrainTests.TwoSilos silos) : IClassFixture<ApiKeyGrainTests.TwoSilos>, IDisposable
{
    private readonly LedgeredCluster _cluster = silos.Cluster;

    public void Dispose() => _cluster.Store.BeforeAppend = Task.CompletedTask;

    [Fact]
    public async Task KeyOnEitherSilo_ThroughItsWholeLife_AnswersWithEverythingThatWasSaid()
    {
        const string label = "a \"label\"\nwith 日本語 and 😀";
        for (var i = 0; i < 8; i++)
        {
            var key = _cluster.Key($"key{i}");
            (await key.Read()).Should().BeNull();
            var issued = await key.Issue(LedgeredCluster.Issue(1000, label));
            issued.Should().BeEquivalentTo(new { Outcome = OperatorOutcome.Done, Account = new { Prefix = "llmtr-abcdef", Label = label, Balance = new UsdTicks(1000) } });
            (await key.Credit(new Credit { CreditId = "pay", Amount = new UsdTicks(500), Reference = "r", Note = "n", Actor = "a" })).Account!.Balance.Value.Should().Be(1500);

            var (settled, released, lost) = (RequestId.New(TimeProvider.System), RequestId.New(TimeProvider.System), RequestId.New(TimeProvider.System));
            foreach (var id in new[] { settled, released, lost })
                (await key.PlaceHold(LedgeredCluster.Hold(id, 100))).Granted.Value.Should().Be(100);
            (await key.Settle(LedgeredCluster.Charge(settled, 1400))).Should().Be(new SettleReply
            {
                Outcome = SettleOutcome.Settled,
                Charged = new UsdTicks(1300),
                Overrun = new UsdTicks(100),
                Available = UsdTicks.Zero,
            });
            (await key.Release(new Release { Id = released, Reason = "why", StatusCode = 400, LatencyMs = 1 })).Should().Be(EndHoldOutcome.Ended);
            (await key.ReportUnreconciled(new ReportUnreconciled { Id = lost, Reason = "lost", StatusCode = 502, LatencyMs = 2 })).Should().Be(EndHoldOutcome.Ended);
            (await key.Settle(LedgeredCluster.Charge(RequestId.New(TimeProvider.System), 1))).Outcome.Should().Be(SettleOutcome.UnknownHold);

            var view = await key.ReadAs(LedgeredCluster.Secret);
            view.Should().Be(await key.Read());
            view.Should().BeEquivalentTo(new
            {
                Balance = new UsdTicks(200),
                Held = UsdTicks.Zero,
                OpenHolds = 0,
                OpenCases = 1,
                SettledRequests = 1L,
                Charged = new UsdTicks(1300),
                Overruns = new UsdTicks(100),
                LastSeq = 10L,
            });
            (await key.ReadAs(SecretHash.Of("another"u8))).Should().BeNull();

            var page = await key.ReadLedger(1, 1000);
            page.NextSeq.Should().BeNull();
            page.Lines.Select(static line => LedgerLine.Decode(line).Seq).Should().Equal(Enumerable.Range(1, 10).Select(static seq => (long)seq));
            JsonDocument.Parse(page.Lines[6]).RootElement.GetProperty("reasoning_tokens").GetInt64().Should().Be(5);
        }
    }

    [Fact]
    public async Task ReadLedger_WithBoundsOutOfRange_StaysInRange()
    {
        var key = await _cluster.IssuedKeyAsync("bounds", 1000);

        (await key.ReadLedger(-5, 0)).Should().BeEquivalentTo(new { NextSeq = 2L });
        (await key.ReadLedger(long.MaxValue, int.MaxValue)).Lines.Should().BeEmpty();
        (await key.ReadLedger(1, int.MaxValue)).Lines.Should().HaveCount(2);
    }

    [Fact]
    public async Task StoreThatFails_ReachesTheCallerAsItselfAndTheSameCommandSucceedsLater()
    {
        var key = await _cluster.IssuedKeyAsync("failing", 1000);
        var hold = LedgeredCluster.Hold(RequestId.New(TimeProvider.System), 100);
        _cluster.Store.BeforeAppend = Task.FromException(new IOException("the disk at /secret/path has failed"));
        var place = () => key.PlaceHold(hold);

        var thrown = await place.Should().ThrowExactlyAsync<AccountUnavailableException>();

        thrown.Which.Message.Should().Contain("Repeat the command with the same id").And.NotContain("/secret/path");
        _cluster.Store.BeforeAppend = Task.CompletedTask;
        (await place()).Granted.Value.Should().Be(100);
        (await key.Read())!.Held.Value.Should().Be(100);
    }

    [Fact]
    public async Task StoreThatHangs_IsToldAsUnavailableBeforeTheCallTimesOut()
    {
        var key = await _cluster.IssuedKeyAsync("hanging", 1000);
        var never = new TaskCompletionSource();
        _cluster.Store.BeforeAppend = never.Task;

        var place = () => key.PlaceHold(LedgeredCluster.Hold(RequestId.New(TimeProvider.System), 100));

        await place.Should().ThrowExactlyAsync<AccountUnavailableException>();
        _cluster.Store.BeforeAppend = Task.CompletedTask;
        never.SetException(new IOException("too late"));
        (await key.Read())!.Held.Value.Should().Be(0);
    }

    [Fact]
    public async Task CommandThatContradictsItself_ReachesTheCallerAsAnArgumentError()
    {
        var key = await _cluster.IssuedKeyAsync("contradicting", 1000);

        var place = () => key.PlaceHold(LedgeredCluster.Hold(RequestId.New(TimeProvider.System), 0));

        await place.Should().ThrowAsync<ArgumentException>();
    }

    [Fact]
    public async Task Commands_DuringAnAppend_AreDecidedAtOnce()
    {
        var key = await _cluster.IssuedKeyAsync("reentrant", 1000);
        var gate = new TaskCompletionSource();
        _cluster.Store.BeforeAppend = gate.Task;
        var waiting = key.PlaceHold(LedgeredCluster.Hold(RequestId.New(TimeProvider.System), 100));

        // What is refused for itself waits for no disk, so its answer shows that the grain took it while the other waited.
        var contradiction = () => key.PlaceHold(LedgeredCluster.Hold(RequestId.New(TimeProvider.System), 0));
        await contradiction.Should().ThrowAsync<ArgumentException>();

        waiting.IsCompleted.Should().BeFalse();
        gate.SetResult();
        (await waiting).Outcome.Should().Be(PlaceHoldOutcome.Granted);
    }

    [Fact]
    public async Task Activation_ThatLearnsOfAnotherWriter_GoesAndTheNextOneServes()
    {
        var key = await _cluster.IssuedKeyAsync("rivalled", 1000);
        var gone = _cluster.WaitForDeactivationAsync(key);
        var other = new DurableAccount("rivalled", _cluster.Store, TimeProvider.System, new AccountOptions(), NullLogger.Instance);
        await other.Execute(
            new Credit { CreditId = "foreign", Amount = new UsdTicks(1), Actor = "tests" },
            static (account, command, now, entries) => account.Credit(command, now, entries));

        // Nothing to write, yet the grain must notice.
        (await key.Settle(LedgeredCluster.Charge(RequestId.New(TimeProvider.System), 1))).Outcome.Should().Be(SettleOutcome.UnknownHold);

        await gone.WaitAsync(TimeSpan.FromSeconds(20));
        (await key.Read())!.Balance.Value.Should().Be(1001);
    }

    [Fact]
    public async Task Activation_ThatLearnsOfAnotherWriterFromAReadOfTheLedger_GoesToo()
    {
        var key = await _cluster.IssuedKeyAsync("read rival", 1000);
        var gone = _cluster.WaitForDeactivationAsync(key);
        var other = new DurableAccount("read rival", _cluster.Store, TimeProvider.System, new AccountOptions(), NullLogger.Instance);
        await other.Execute(
            new Credit { CreditId = "foreign", Amount = new UsdTicks(1), Actor = "tests" },
            static (account, command, now, entries) => account.Credit(command, now, entries));

        (await key.ReadLedger(1, 10)).Lines.Should().HaveCount(3);

        await gone.WaitAsync(TimeSpan.FromSeconds(20));
    }

    /// <summary>Two, so that a grain is as often as not on the other side of a connection between silos. Each test has a key of its own.</summary>
    public sealed class TwoSilos : IAsyncLifetime
    {
        internal LedgeredCluster Cluster { get; private set; } = null!;

        public async Task InitializeAsync() => Cluster = await LedgeredCluster.StartAsync(silos: 2);

        public async Task DisposeAsync() => await Cluster.DisposeAsync();
    }
}
