namespace LlmTr.Bench.Loads;

/// <summary>
/// Several loads are told as the middle of each figure. A p99 of one load hangs on some ten requests, as many as one pause of the machine's takes: of one load to the next it was seen to be four
/// times as much, for a proxy too.
/// </summary>
internal static class Middle
{
    /// <summary>The middle of some figures; of an even number of them the upper of both.</summary>
    public static double Of<T>(IReadOnlyCollection<T> loads, Func<T, double> figure) => loads.Select(figure).Order().ElementAt(loads.Count / 2);

    /// <summary>Null where a load failed: the others may have been spoilt by what made it fail.</summary>
    public static TResult? OrNull<TResult>(IReadOnlyCollection<TResult?> loads, Func<IReadOnlyList<TResult>, TResult> middle)
        where TResult : class =>
        loads.Count == 0 || loads.Contains(null) ? null : middle([.. loads.OfType<TResult>()]);
}
