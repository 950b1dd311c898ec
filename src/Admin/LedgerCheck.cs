using System.Text.Json.Serialization;
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
/// <param name="WrongLine">The number of the first wrong line; null where all that could be read follow, and the gateway does not open the ledger all the same.</param>
/// <param name="Why">What is wrong.</param>
internal sealed record LedgerVerdict(
    string Ledger, string Verdict, long Entries, string BalanceUsd, string HeldUsd, string EndHash, long? WrongLine, string? Why);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(LedgerVerdict))]
internal sealed partial class LedgerVerdictJson : JsonSerializerContext;

/// <summary>
/// Checks a ledger line by line with <see cref="LedgerVerifier"/>, which trusts nothing that the gateway says but the lines themselves, and puts what it found into words.
/// </summary>
/// <param name="ledger">Whose.</param>
internal sealed class LedgerCheck(string ledger)
{
    private readonly LedgerVerifier _verifier = new();

    /// <summary>True from the first wrong line on; what comes behind it proves nothing.</summary>
    public bool HasFailed => _verifier.Fault is not null;

    /// <summary>Takes in the next line, without its line end.</summary>
    public void Add(ReadOnlySpan<byte> line) => _verifier.Add(line);

    /// <summary>What was found up to now.</summary>
    /// <param name="refused">Why the gateway does not open the ledger, such as a part that its storage has lost; null where it does.</param>
    public LedgerVerdict Verdict(string? refused = null)
    {
        var fault = _verifier.Fault ?? (_verifier.Lines == 0 && refused is null ? new LedgerFault(1, "It is empty.") : null);
        var why = fault?.Reason ?? refused;
        return new LedgerVerdict(
            ledger, why is null ? "ok" : "broken", _verifier.Lines, Usd(_verifier.Account.Balance), Usd(_verifier.Account.Held), _verifier.EndHash, fault?.Line, why);
    }

    private static string Usd(UsdTicks amount) => amount.ToUsdString();
}
