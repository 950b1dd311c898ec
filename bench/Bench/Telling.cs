using System.Globalization;

namespace LlmTr.Bench;

/// <summary>What a run says while it goes on.</summary>
internal static class Telling
{
    public static void Say(FormattableString text) => Console.WriteLine(text.ToString(CultureInfo.InvariantCulture));

    /// <summary>What failed is told and left out: the rest is measured all the same.</summary>
    public static async Task<T?> OrNullAsync<T>(Func<Task<T>> measure)
        where T : class
    {
        try
        {
            return await measure();
        }
        catch (Exception exception) when (exception is BenchException or HttpRequestException or IOException)
        {
            await Console.Error.WriteLineAsync(exception.Message);
            return null;
        }
    }
}
