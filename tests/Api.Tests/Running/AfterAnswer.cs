namespace LlmTr.Api.Tests.Running;

/// <summary>What a gateway does when its client has the answer already: giving back what the call took, counting it.</summary>
public static class AfterAnswer
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    /// <summary>Looks again and again until it is so, for at most 10 s; what it was at last is what a failing test tells.</summary>
    public static async Task IsAsync(Func<double> look, double expected, string because)
    {
        var began = TimeProvider.System.GetTimestamp();
        var seen = look();
        while (!seen.Equals(expected) && TimeProvider.System.GetElapsedTime(began) < Patience)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(10));
            seen = look();
        }

        seen.Should().Be(expected, because);
    }
}
