using LlmTr.Grains.Abstractions;
using LlmTr.Grains.Accounts;
using LlmTr.Simulation.Tests.Cluster;
using LlmTr.Simulation.Tests.Scheduling;

namespace LlmTr.Simulation.Tests.FrontEnds;

/// <summary>A gateway process, and what <c>AccountClient</c> is in it: a call without an answer is repeated with the same ids until there is one.</summary>
internal sealed class FrontEnd(Node node, SimulatedCluster cluster)
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(2);

    public Node Node => node;

    /// <summary>Requests that have not ended.</summary>
    public int Running { get; set; }

    /// <summary>Repeats a command until it is answered, and counts how often it asked; not told when the time was over first.</summary>
    public async Task<(bool Told, TReply? Reply, int Asked)> Repeat<TCommand, TReply>(
        string key, TCommand command, Decision<TCommand, TReply> decide, TimeSpan within, Func<bool>? givenUp = null)
    {
        var began = node.Clock.GetTimestamp();
        var asked = 0;
        for (var pause = FirstPause; ; pause = pause * 2 < LongestPause ? pause * 2 : LongestPause)
        {
            try
            {
                asked++;
                return (true, await cluster.Call(key, command, decide), asked);
            }
            catch (Exception exception) when (exception is AccountUnavailableException or TimeoutException)
            {
            }

            if (node.Clock.GetElapsedTime(began) + pause >= within || givenUp?.Invoke() == true)
                return (false, default, asked);
            await Task.Delay(pause, node.Clock);
        }
    }
}
