using System.Globalization;

namespace LlmTr.Bench;

/// <summary>What a run says while it goes on.</summary>
internal static class Telling
{
    private static readonly List<string> _leftOut = [];

    /// <summary>What failed until now, a line each. The report has it too, so that a table with a gap says why.</summary>
    public static IReadOnlyList<string> LeftOut => _leftOut;

    public static void Say(FormattableString text) => Console.WriteLine(text.ToString(CultureInfo.InvariantCulture));

    /// <summary>What failed is told and left out: the rest is measured all the same.</summary>
    /// <param name="what">Of whom, and which measure.</param>
    /// <param name="measure">The measure.</param>
    public static async Task<T?> OrNullAsync<T>(string what, Func<Task<T>> measure)
        where T : class
    {
        try
        {
            return await measure();
        }
        catch (Exception exception) when (IsFailure(exception))
        {
            await LeaveOutAsync(what, exception);
            return null;
        }
    }

    /// <summary>Whether it is a failure of what is measured, and neither the end of the run nor a fault of this program's. A time limit of HttpClient's is cancelled by nobody else.</summary>
    public static bool IsFailure(Exception exception) =>
        exception is BenchException or HttpRequestException or IOException or TaskCanceledException { InnerException: TimeoutException };

    /// <summary>Tells it, and remembers that something is missing.</summary>
    public static async Task LeaveOutAsync(string what, Exception exception)
    {
        _leftOut.Add($"{what}: {exception.Message.Split('\n')[0]}");
        await Console.Error.WriteLineAsync($"Left out, {what}: {exception.Message}");
    }
}
