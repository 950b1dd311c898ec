using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;
using LlmTr.Grains.Ledgers;

namespace LlmTr.Api.Admin;

/// <summary>
/// Lines of a ledger as CSV (RFC 4180): a few columns for people and spreadsheets, then the line exactly as it is stored, from which the ledger can
/// be read back and its chain recomputed. What people have typed (labels, notes) stands in that last column only, which begins with a brace, so that
/// no spreadsheet takes it for a formula.
/// </summary>
internal static class LedgerCsv
{
    private const string Header = "seq,at,kind,request_id,amount_ticks,balance_ticks,held_ticks,line\r\n";

    public static void Write(IBufferWriter<byte> output, IReadOnlyList<byte[]> lines)
    {
        Encoding.UTF8.GetBytes(Header, output);
        foreach (var line in lines)
        {
            Encoding.UTF8.GetBytes(Columns(line), output);
            Encoding.UTF8.GetBytes($"\"{Encoding.UTF8.GetString(line).Replace("\"", "\"\"", StringComparison.Ordinal)}\"\r\n", output);
        }
    }

    private static string Columns(byte[] line)
    {
        try
        {
            var entry = LedgerLine.Decode(line);
            var kind = JsonNamingPolicy.SnakeCaseLower.ConvertName(entry.Kind.ToString());
            return string.Create(CultureInfo.InvariantCulture, $"{entry.Seq},{entry.At.UtcDateTime:yyyy-MM-dd'T'HH:mm:ss.fff'Z'},{kind},{entry.RequestId},")
                + string.Create(CultureInfo.InvariantCulture, $"{entry.Amount.Value},{entry.Balance.Value},{entry.Held.Value},");
        }
        catch (JsonException)
        {
            // Of a broken ledger. The line itself is shown all the same.
            return ",,,,,,,";
        }
    }
}
