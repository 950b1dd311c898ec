using System.Text.Json;
using LlmTr.Grains.Accounts;

namespace LlmTr.Grains.Ledgers;

/// <summary>
/// Recomputes a ledger line by line: chain of hashes, sequence, time, balances, holds. Stops at the first line that is wrong, since what follows can only
/// follow from it. Keeps no lines: the memory is that of the account.
/// </summary>
public sealed class LedgerVerifier
{
    private readonly LedgerReplay _replay = new();

    /// <summary>The lines found right so far.</summary>
    public long Lines { get; private set; }

    /// <summary>The first wrong line; null as long as there is none.</summary>
    public LedgerFault? Fault { get; private set; }

    /// <summary>The hash of the last line found right: what the next one names, and what two copies of a ledger have in common when they are the same.</summary>
    public string EndHash => _replay.Hash.ToString();

    /// <summary>The account after the last line found right.</summary>
    public KeyAccount Account => _replay.Account;

    /// <summary>Takes in the next line, without its line end. False from the first wrong line on.</summary>
    public bool Add(ReadOnlySpan<byte> line)
    {
        if (Fault is not null)
            return false;
        try
        {
            _replay.Take(line);
            Lines++;
            return true;
        }
        catch (JsonException exception)
        {
            // What System.Text.Json says of a place is a path within the line; what the line says may be anything.
            Fault = new LedgerFault(Lines + 1, $"It is not an entry ({exception.Path ?? "no JSON"}).");
        }
        catch (LedgerBrokenException exception)
        {
            Fault = new LedgerFault(Lines + 1, exception.Message);
        }

        return false;
    }
}

/// <summary>The first wrong line of a ledger.</summary>
/// <param name="Line">Its number, 1 for the first.</param>
/// <param name="Reason">What is wrong with it, a sentence.</param>
public sealed record LedgerFault(long Line, string Reason);
