using LlmTr.Grains.Abstractions;
using LlmTr.Grains.Tests.Accounts;
using LlmTr.Grains.Video;
using LlmTr.Money;

namespace LlmTr.Grains.Tests.Video;

/// <summary>
/// A job that the account refuses leaves nothing behind, least of all a hold: of several asks for it an earlier one may still be on its way, and find the money that a later one
/// did not.
/// </summary>
public sealed class RefusedHoldTests : IDisposable
{
    private static readonly long Enough = Jobs.Price.Value * 10;

    private readonly JobScene _scene = new(credit: 1);

    public void Dispose() => _scene.Dispose();

    [Fact]
    public async Task Job_RefusedAtItsOnlyAsk_WritesNothingToTheLedger()
    {
        var before = _scene.Account.Ledger.Count;
        var host = await _scene.BegunAsync();

        await _scene.RunAsync(host);

        _scene.Story.Should().Equal("write Queued", "hold", "clear");
        _scene.Account.Ledger.Should().HaveCount(before);
        Refusal(host).Should().Be(PlaceHoldOutcome.InsufficientBalance);
        ExpectNothingLeft();
    }

    [Fact]
    public async Task Job_RefusedWhileAnEarlierAskIsOnItsWay_LeavesNoHold()
    {
        _scene.Delay("hold");
        var host = await _scene.BegunAsync();

        await _scene.RunAsync(host);
        ComeMoney();
        _scene.LandLate();

        Refusal(host).Should().Be(PlaceHoldOutcome.InsufficientBalance, "that is why there is no job");
        ExpectNothingLeft();
    }

    [Fact]
    public async Task Job_RefusedWhenItWasTakenUp_LeavesNoHoldOfTheHostThatBeganIt()
    {
        _scene.Stop("hold");
        var dead = await _scene.BegunAsync();
        _ = dead.StepAsync();
        var host = await _scene.WokenAsync();
        _scene.Delay("hold");

        await _scene.RunAsync(host);
        ComeMoney();
        _scene.LandLate();

        ExpectNothingLeft();
    }

    [Fact]
    public async Task Release_ThatIsNotAnswered_KeepsTheJobAndItsMoneyIsNotUsed()
    {
        _scene.Delay("hold");
        _scene.Delay("release");
        var host = await _scene.BegunAsync();
        while (!_scene.Story.Contains("hold"))
            await host.StepAsync();
        await host.StepAsync();
        _scene.Stored.Should().NotBeNull("nobody knows whether the hold was released");

        // The money of the first ask would be there now; with its release still on its way, nothing may be built on it.
        ComeMoney();
        await _scene.RunAsync(host);
        _scene.LandLate();

        _scene.Story.Should().NotContain("post");
        ExpectNothingLeft();
    }

    [Theory]
    [InlineData("hold")]
    [InlineData("write Queued")]
    [InlineData("release")]
    [InlineData("clear")]
    public async Task Job_WhoseHostDiesOnTheWayToItsEnd_IsBroughtToItByAnother(string diesAt)
    {
        _scene.Delay("hold");
        var host = await _scene.BegunAsync();
        await host.StepAsync();
        _scene.Stop(diesAt);
        for (var run = host.StepAsync(); run.IsCompleted; run = host.StepAsync())
            (await run).Should().NotBeNull("it stands still before its end");

        var next = await _scene.WokenAsync();
        await _scene.RunAsync(next);
        ComeMoney();
        _scene.LandLate();

        Refusal(next).Should().BeOneOf(PlaceHoldOutcome.InsufficientBalance, PlaceHoldOutcome.Ended);
        ExpectNothingLeft();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task TwoHosts_OneRefusedAndOneGranted_LeaveNoHoldWithoutAJob(bool grantedDies)
    {
        var clear = _scene.Stop("clear");
        var refused = await _scene.BegunAsync();
        var refusedRun = _scene.RunAsync(refused);
        ComeMoney();
        var write = _scene.Stop("write Holding");
        var granted = await _scene.WokenAsync();
        var grantedRun = _scene.RunAsync(granted);
        _scene.Account.Account.OpenHoldCount.Should().Be(1, "the second ask found money");

        clear.SetResult();
        await refusedRun;
        if (!grantedDies)
        {
            write.SetResult();
            await grantedRun;
        }

        if (_scene.Markers > 0)
            await _scene.RunAsync(await _scene.WokenAsync());
        _scene.Account.Account.OpenHoldCount.Should().Be(0);
        _scene.Markers.Should().Be(0);
        if (_scene.Stored is { } stored)
            stored.Job.Phase.Should().Be(JobPhase.Succeeded);
    }

    [Fact]
    public async Task Clear_ThatLandsLate_TakesNoJobAwayThatWasGrantedSince()
    {
        _scene.Delay("clear");
        var host = await _scene.BegunAsync();
        while (!_scene.Story.Contains("hold"))
            await host.StepAsync();
        ComeMoney();
        var write = _scene.Stop("write Holding");
        var run = _scene.RunAsync(host);

        var land = _scene.LandLate;
        land.Should().Throw<Orleans.Storage.InconsistentStateException>();
        write.SetResult();
        await run;

        _scene.Stored!.Job.Phase.Should().Be(JobPhase.Succeeded);
        _scene.Account.Account.OpenHoldCount.Should().Be(0);
    }

    [Fact]
    public async Task SameRequest_RepeatedAfterItsHoldWasReleased_IsToldSoAndANewOneBegins()
    {
        _scene.Delay("hold");
        var host = await _scene.BegunAsync();
        await _scene.RunAsync(host);
        ComeMoney();

        (await host.BeginAsync(JobScene.Command())).Should().BeTrue();
        host.Decision.Should().BeNull("what was said to the first is not the answer to the second");
        await _scene.RunAsync(host);
        Refusal(host).Should().Be(PlaceHoldOutcome.Ended);
        ExpectNothingLeft();

        await host.BeginAsync(JobScene.Command(RequestIds.Make(_scene.Clock.GetUtcNow(), 2_000)));
        await _scene.RunAsync(host);
        _scene.Stored!.Job.Phase.Should().Be(JobPhase.Succeeded);
    }

    private static PlaceHoldOutcome? Refusal(DurableVideoJob host) => host.Decision?.Reply.Outcome;

    private void ComeMoney() => _scene.Account.Credit("late", Enough).Should().Be(OperatorOutcome.Done);

    private void ExpectNothingLeft()
    {
        _scene.Stored.Should().BeNull();
        _scene.Markers.Should().Be(0);
        _scene.Account.Account.OpenHoldCount.Should().Be(0);
        _scene.Account.Account.Held.Should().Be(UsdTicks.Zero);
    }
}
