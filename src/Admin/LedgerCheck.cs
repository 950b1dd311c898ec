using System.Text.Json;
using System.Text.Json.Serialization;
using LlmTr.Grains.Accounts;
using LlmTr.Grains.Ledgers;
using LlmTr.Money;

namespace LlmTr.Admin;

/// <summary>What a check found of one ledger.</summary>
/// <param name="Ledger">Whose.</param>
/// <param name="Verdict"><c>ok</c> or <c>broken</c>.</param>
/// <param name="Entries">How many entries are good, from the first on.</param>
/// <param name="BalanceUsd">What they add up to.</param>
/// <param name="HeldUsd">What of it is held.</param>
/// <param name="EndHash">The hash of the last good line.</param>
/// <param name="WrongLine">The number of the first wrong line.</param>
/// <param name="Why">What is wrong with it.</param>
internal sealed record LedgerVerdict(
    string Ledger, string Verdict, long Entries, string BalanceUsd, string HeldUsd, string EndHash, long? WrongLine, string? Why);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(LedgerVerdict))]
internal sealed partial class LedgerVerdictJson : JsonSerializerContext;

/// <summary>
/// Checks a ledger line by line: each names the hash of the one before, and each follows from the account that the ones before make. Trusts nothing that
/// the gateway says but the lines themselves.
/// </summary>
/// <param name="ledger">Whose.</param>
internal sealed class LedgerCheck(string ledger)
{
    private readonly KeyAccount _account = new();
    private string _hash = LedgerLine.GenesisHash;
    private string? _why;

    /// <summary>True from the first wrong line on; what comes behind it proves nothing.</summary>
    public bool HasFailed => _why is not null;

    /// <summary>Takes in the next line, without its line end.</summary>
    public void Add(ReadOnlySpan<byte> line)
    {
        if (HasFailed)
            return;
        try
        {
            var entry = LedgerLine.Decode(line);
            if (entry.Prev != _hash)
            {
                _why = "It does not name the hash of the line before it: that line was changed, or lines were dropped or put in.";
                return;
            }

            _account.Apply(entry);
            _hash = LedgerLine.Hash(line);
        }
        catch (Exception exception) when (exception is JsonException or LedgerBrokenException)
        {
            _why = exception is JsonException ? "It is not an entry." : exception.Message;
        }
    }

    /// <summary>What was found up to now.</summary>
    public LedgerVerdict Verdict()
    {
        var why = _why ?? (_account.Seq == 0 ? "It is empty." : null);
        return new LedgerVerdict(
            ledger, why is null ? "ok" : "broken", _account.Seq, Usd(_account.Balance), Usd(_account.Held), _hash, why is null ? null : _account.Seq + 1, why);
    }

    private static string Usd(UsdTicks amount) => amount.ToUsdString();
}
