using BenchmarkDotNet.Attributes;
using LlmTr.Grains.Ledgers;

namespace LlmTr.Micro;

/// <summary>The two lines of one request.</summary>
public class LedgerLines
{
    private LedgerEntry _held = null!;
    private LedgerEntry _settled = null!;
    private byte[] _line = null!;

    [GlobalSetup]
    public void Setup()
    {
        var history = new History();
        history.HoldAndSettle();
        (_held, _settled) = (history.Entries[0], history.Entries[^1]);
        _line = EncodeSettlement();
    }

    [Benchmark]
    public byte[] EncodeHold() => LedgerLine.Encode(_held, LedgerLine.GenesisHash);

    [Benchmark]
    public byte[] EncodeSettlement() => LedgerLine.Encode(_settled, LedgerLine.GenesisHash);

    [Benchmark]
    public string Hash() => LedgerLine.Hash(_line);
}
