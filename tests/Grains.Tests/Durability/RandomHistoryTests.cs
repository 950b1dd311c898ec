using System.Globalization;
using Xunit.Abstractions;

namespace LlmTr.Grains.Tests.Durability;

/// <summary>Set <c>SEEDS</c> in the environment for more histories, <c>SEED</c> for a single one.</summary>
public sealed class RandomHistoryTests(ITestOutputHelper output)
{
    [Fact]
    public void AnyHistory_OfTwoHostsOverAFaultyStore_LosesNothingThatWasToldAndChargesOnce()
    {
        var (first, count) = Environment.GetEnvironmentVariable("SEED") is { Length: > 0 } one
            ? (int.Parse(one, CultureInfo.InvariantCulture), 1)
            : (1, int.Parse(Environment.GetEnvironmentVariable("SEEDS") is { Length: > 0 } seeds ? seeds : "300", CultureInfo.InvariantCulture));
        var (answers, charges, lost) = (0, 0, 0);

        foreach (var seed in Enumerable.Range(first, count))
        {
            var history = new RandomHistory(seed);
            var run = history.Run;
            run.Should().NotThrow($"this is the history of seed {seed}");
            answers += history.Answers;
            charges += history.Charges;
            lost += history.LostAppends;
        }

        output.WriteLine($"{count} histories: {answers} answers, {charges} charges, {lost} appends that never landed.");
        answers.Should().BeGreaterThan(count * 20, "a history in which nobody is told anything shows nothing");
        charges.Should().BeGreaterThan(count * 5);
        lost.Should().BeGreaterThan(count * 5, "a history without losses shows nothing");
    }
}
