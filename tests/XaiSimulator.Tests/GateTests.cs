using LlmTr.Money;

namespace LlmTr.XaiSimulator.Tests;

/// <summary>"xAI keeps all waiting".</summary>
public sealed class GateTests : SimulatorTest
{
    [Fact]
    public async Task Gate_HoldsAThousandRequests_AndBillsThemWhenItOpens()
    {
        const int many = 1_000;
        Simulator.Gate.Close();
        var answers = Enumerable.Range(0, many).Select(i => JsonOfAsync(Ask($"Question {i}"))).ToList();

        await Simulator.Gate.WaitForWaitingAsync(many, Bound);

        Simulator.Gate.Waiting.Should().Be(many);
        Simulator.Books.Billed.Should().Be(UsdTicks.Zero);
        answers.Should().OnlyContain(answer => !answer.IsCompleted);

        Simulator.Gate.Open();
        var sum = UsdTicks.Zero;
        foreach (var answer in await Task.WhenAll(answers))
            sum += new UsdTicks(answer.GetProperty("usage").GetProperty("cost_in_usd_ticks").GetInt64());
        await Simulator.WaitForIdleAsync(Bound);
        Simulator.Books.Should().Be(new Recording.Books(many, many, 0, 0, 0, sum, sum));
        Simulator.Gate.Waiting.Should().Be(0);
    }

    [Fact]
    public async Task Gate_NoLongerCountsARequestThatWasGivenUp()
    {
        Simulator.Gate.Close();
        using var patience = new CancellationTokenSource();
        var given = Client.SendAsync(Post(Ask("x")), patience.Token);
        await Simulator.Gate.WaitForWaitingAsync(1, Bound);

        await patience.CancelAsync();

        await given.Invoking(task => task).Should().ThrowAsync<OperationCanceledException>();
        (await RecordedAsync()).Billed.Should().Be(UsdTicks.Zero, "nothing was generated");
        Simulator.Gate.Waiting.Should().Be(0);
        Simulator.Gate.IsClosed.Should().BeTrue();
    }

    [Fact]
    public async Task Gate_AlsoHoldsWhatWillBreak()
    {
        Simulator.Gate.Close();
        var broken = PostAsync(Ask("[[sim:cut=before]]"));
        await Simulator.Gate.WaitForWaitingAsync(1, Bound);

        Simulator.Gate.Open();

        await broken.Invoking(task => task).Should().ThrowAsync<HttpRequestException>();
    }
}
