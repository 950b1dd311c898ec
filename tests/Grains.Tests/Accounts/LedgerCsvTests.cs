using System.Text;
using LlmTr.Grains.Ledgers;

namespace LlmTr.Grains.Tests.Accounts;

public sealed class LedgerCsvTests
{
    private static byte[][] Golden => [.. GoldenLines.Text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(Encoding.UTF8.GetBytes)];

    [Theory]
    [InlineData("\n")]
    [InlineData("\r\n")]
    public void Csv_OfALedger_ComesBackToTheSameBytesAndEndHash(string lineEnd)
    {
        var csv = Csv(Golden, lineEnd);

        var lines = Read(csv);

        lines.Select(Encoding.UTF8.GetString).Should().Equal(Golden.Select(Encoding.UTF8.GetString));
        var verifier = new LedgerVerifier();
        lines.Should().OnlyContain(line => verifier.Add(line));
        verifier.EndHash.Should().Be(GoldenLines.LastHash);
    }

    [Fact]
    public void Csv_OfHostileTexts_ComesBackToTheSameBytes()
    {
        string[] texts = ["", " ", ",", "\"", "\"\"", "a\nb", "\r\n", "=1+1", "@x", "ğüşıöç 日本語 😀", "\0\u001f\u2028", "7", "-7", "</script>", "\ufeff"];
        var line = LedgerLine.Decode(Golden[2]);

        var lines = texts.Select(text => LedgerLine.Encode(line with { Note = text, Reference = text, CreditId = null }, LedgerLine.GenesisHash)).ToArray();

        Read(Csv(lines, "\r\n")).Select(Encoding.UTF8.GetString).Should().Equal(lines.Select(Encoding.UTF8.GetString));
    }

    [Fact]
    public void Csv_Header_NamesEveryMemberOfAnEntry()
    {
        LedgerCsv.Header.Split(',').Should().HaveCount(typeof(LedgerEntry).GetProperties().Length).And.OnlyHaveUniqueItems()
            .And.StartWith("seq").And.EndWith("prev");
    }

    [Fact]
    public void Read_ColumnsInAnotherOrder_GivesTheSameLines()
    {
        var rows = Csv(Golden[..2], "\n").Split('\n', StringSplitOptions.RemoveEmptyEntries);
        var turned = string.Join('\n', rows.Select(static row => string.Join(',', row.Split(',').Reverse())));

        Read(turned).Select(Encoding.UTF8.GetString).Should().Equal(Golden[..2].Select(Encoding.UTF8.GetString));
    }

    [Theory]
    [InlineData("", "empty")]
    [InlineData("seq,colour\n1,2", "'colour'")]
    [InlineData("seq,at\n1", "Row 2*1 cells*2")]
    [InlineData("seq,at\n1,\"open", "not closed")]
    [InlineData("seq,at\n1,a\"b\"", "quote")]
    [InlineData("seq,prev\n1.5,\"x\"", "Row 2*number*'seq'")]
    [InlineData("seq,prev\n1,\"x\"", "Row 2*not a ledger entry")]
    public void Read_WhatIsNoLedger_SaysWhereAndWhy(string csv, string because)
    {
        var read = () => Read(csv);

        read.Should().Throw<FormatException>().WithMessage($"*{because}*");
    }

    [Fact]
    public void Write_ALineThatWouldNotComeBack_IsRefused()
    {
        var spaced = Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(Golden[0]).Replace("\"seq\":1", "\"seq\": 1", StringComparison.Ordinal));

        var write = () => LedgerCsv.Write(spaced);

        write.Should().Throw<FormatException>().WithMessage("*NDJSON*");
    }

    private static string Csv(IEnumerable<byte[]> lines, string lineEnd) =>
        LedgerCsv.Header + lineEnd + string.Concat(lines.Select(line => LedgerCsv.Write(line) + lineEnd));

    private static byte[][] Read(string csv) => [.. LedgerCsv.Read(new StringReader(csv))];
}
