using LlmTr.Bench.Contenders;

namespace LlmTr.Bench.Loads;

/// <summary>Streams that have begun and then say nothing: what an open one costs in memory.</summary>
internal static class IdleStreams
{
    public const int Count = 2000;
    private const int OpenedAtOnce = 20;

    // Of all streams at once: nobody reads it.
    private static readonly byte[] _thrownAway = new byte[4096];

    /// <summary>Opens so many and looks at how much the contender has grown.</summary>
    /// <exception cref="BenchException">One was refused, or was over before the look: the memory would be that of fewer.</exception>
    public static async Task<IdleStreamsResult> RunAsync(Contender contender, int count, CancellationToken cancellation)
    {
        using var http = Client.For(contender);
        var answers = new List<HttpResponseMessage>();
        var ends = new List<Task>();
        try
        {
            var before = contender.Use().ResidentBytes;
            while (answers.Count < count)
            {
                var opened = await Task.WhenAll(Enumerable.Range(answers.Count, OpenedAtOnce).Select(number => OpenAsync(http, contender, number, cancellation)));
                answers.AddRange(opened);
                ends.AddRange(opened.Select(answer => EndAsync(answer, cancellation)));
            }
            await Task.Delay(TimeSpan.FromSeconds(3), cancellation);
            var grown = contender.Use().ResidentBytes - before;
            var over = ends.Count(static end => end.IsCompleted);
            return over == 0 ? new IdleStreamsResult(grown / count) : throw new BenchException($"{contender.Name}: {over} of {count} idle streams were over before they were looked at.");
        }
        finally
        {
            answers.ForEach(static answer => answer.Dispose());
        }
    }

    // Ends when the stream does, in whichever way.
    private static async Task EndAsync(HttpResponseMessage answer, CancellationToken cancellation)
    {
        try
        {
            var body = await answer.Content.ReadAsStreamAsync(cancellation);
            while (await body.ReadAsync(_thrownAway, cancellation) > 0)
            {
            }
        }
        catch (Exception exception) when (exception is IOException or OperationCanceledException or ObjectDisposedException)
        {
            // Broken off, or not needed any more.
        }
    }

    private static async Task<HttpResponseMessage> OpenAsync(HttpClient http, Contender contender, int number, CancellationToken cancellation)
    {
        using var request = Client.Post(contender, contender.Keys[number % contender.Keys.Count], Requests.Held);
        var answer = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellation);
        return answer.IsSuccessStatusCode ? answer : throw new BenchException($"{contender.Name} answered {(int)answer.StatusCode} to idle stream {number}.");
    }
}
