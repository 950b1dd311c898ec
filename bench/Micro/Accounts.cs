using BenchmarkDotNet.Attributes;

namespace LlmTr.Micro;

/// <summary>What an account decides for one request, in memory.</summary>
public class Accounts
{
    private readonly History _history = new();

    [Benchmark]
    public int HoldAndSettle()
    {
        _history.HoldAndSettle();
        return _history.Entries.Count;
    }
}
