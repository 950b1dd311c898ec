using System.Text;
using LlmTr.Grains.Ledgers;

namespace LlmTr.Grains.Tests.Accounts;

public sealed class LedgerVerifierTests
{
    private static byte[][] Golden => [.. GoldenLines.Text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(Encoding.UTF8.GetBytes)];

    [Fact]
    public void Verifier_OverASoundLedger_FindsNoFaultAndTheSameEnd()
    {
        var verifier = Verified(Golden);

        verifier.Fault.Should().BeNull();
        verifier.Lines.Should().Be(Golden.Length);
        verifier.EndHash.Should().Be(GoldenLines.LastHash);
        verifier.Account.Balance.Should().Be(LedgerAudit.Of(Golden).Balance);
    }

    [Fact]
    public void Verifier_OverAnyChangedByte_NamesThatLineOrTheNext()
    {
        var golden = Golden;
        for (var i = 0; i < golden.Length - 1; i++)
        {
            for (var at = 0; at < golden[i].Length; at += 3)
            {
                var lines = golden.ToArray();
                lines[i] = [.. golden[i]];
                lines[i][at] ^= 1;

                var fault = Verified(lines).Fault;

                fault.Should().NotBeNull($"byte {at} of line {i + 1} was changed");
                fault!.Line.Should().BeInRange(i + 1, i + 2, "the chain breaks at the line behind, at the latest");
            }
        }
    }

    [Fact]
    public void Verifier_OverALineDroppedDoubledOrSwapped_NamesTheFirstThatDoesNotFollow()
    {
        var golden = Golden;
        for (var i = 1; i < golden.Length - 1; i++)
        {
            Verified([.. golden[..i], .. golden[(i + 1)..]]).Fault!.Line.Should().Be(i + 1);
            Verified([.. golden[..i], golden[i - 1], .. golden[i..]]).Fault!.Line.Should().Be(i + 1);
            Verified([.. golden[..i], golden[i + 1], golden[i], .. golden[(i + 2)..]]).Fault!.Line.Should().Be(i + 1);
        }
    }

    [Fact]
    public void Verifier_OverALedgerWrittenAnewWithAnotherAmount_NamesTheLineThatDoesNotAddUp()
    {
        var golden = Golden;
        for (var i = 1; i < golden.Length; i++)
        {
            // A forger who mends the chain behind the change, too.
            var (verifier, previous) = (new LedgerVerifier(), LedgerLine.GenesisHash);
            foreach (var (line, number) in golden.Select(static (line, index) => (line, index)))
            {
                var entry = LedgerLine.Decode(line);
                var forged = LedgerLine.Encode(number == i ? entry with { Balance = entry.Balance + new LlmTr.Money.UsdTicks(1) } : entry, previous);
                verifier.Add(forged);
                previous = LedgerLine.Hash(forged);
            }

            verifier.Fault.Should().BeEquivalentTo(new { Line = i + 1L });
            verifier.Fault!.Reason.Should().Contain("balance").And.EndWith(".");
        }
    }

    [Fact]
    public void Verifier_BehindAFault_StopsAndKeepsTheFirst()
    {
        var verifier = Verified([Golden[0], Encoding.UTF8.GetBytes("{}"), .. Golden[1..]]);

        verifier.Fault!.Line.Should().Be(2);
        verifier.Lines.Should().Be(1);
        verifier.Add(Golden[1]).Should().BeFalse();
    }

    private static LedgerVerifier Verified(IEnumerable<byte[]> lines)
    {
        var verifier = new LedgerVerifier();
        foreach (var line in lines)
            verifier.Add(line);
        return verifier;
    }
}
