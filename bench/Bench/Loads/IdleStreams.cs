using LlmTr.Bench.Contenders;

namespace LlmTr.Bench.Loads;

/// <summary>Streams that have begun and then say nothing: what an open one costs in memory.</summary>
internal static class IdleStreams
{
    public const int Count = 2000;
    private const int OpenedAtOnce = 20;

    /// <summary>Opens them all and looks at how much the contender has grown.</summary>
    public static async Task<IdleStreamsResult> RunAsync(Contender contender, CancellationToken cancellation)
    {
        using var http = Client.For(contender);
        var answers = new List<HttpResponseMessage>();
        try
        {
            var before = contender.Use().ResidentBytes;
            while (answers.Count < Count)
            {
                var opened = await Task.WhenAll(Enumerable.Range(answers.Count, OpenedAtOnce).Select(number => OpenAsync(http, contender, number, cancellation)));
                answers.AddRange(opened);
            }
            await Task.Delay(TimeSpan.FromSeconds(3), cancellation);
            return new IdleStreamsResult((contender.Use().ResidentBytes - before) / Count);
        }
        finally
        {
            answers.ForEach(static answer => answer.Dispose());
        }
    }

    private static async Task<HttpResponseMessage> OpenAsync(HttpClient http, Contender contender, int number, CancellationToken cancellation)
    {
        using var request = Client.Post(contender, contender.Keys[number % contender.Keys.Count], Requests.Held);
        var answer = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellation);
        return answer.IsSuccessStatusCode ? answer : throw new BenchException($"{contender.Name} answered {(int)answer.StatusCode} to idle stream {number}.");
    }
}
