using System.Globalization;

namespace LlmTr.Silo.Azure.Ledgers;

/// <summary>
/// The names of an account's blobs. The first of a ledger lies apart from those behind it: the list of the first ones is the list of accounts, in their own order
/// and with their sizes, and no second truth.
/// <code>
/// first/{account}            more/{account}/00000001  more/{account}/00000002 …            snapshots/{account}
/// </code>
/// </summary>
internal static class SegmentNames
{
    public const string FirstOnes = "first/";

    private const int LongestAccount = 200;
    private const string Number = "D8";

    /// <summary>The blob of a segment, 0 being the first.</summary>
    public static string Of(string account, long segment) =>
        segment == 0 ? FirstOnes + account : MoreOf(account) + segment.ToString(Number, CultureInfo.InvariantCulture);

    /// <summary>What the names of all but the first begin with.</summary>
    public static string MoreOf(string account) => $"more/{account}/";

    public static string SnapshotOf(string account) => "snapshots/" + account;

    /// <summary>Which account a first blob is of.</summary>
    public static string AccountOf(string firstBlob) => firstBlob[FirstOnes.Length..];

    /// <exception cref="ArgumentException">It would not be safe as a part of a blob's name.</exception>
    public static void Check(string account)
    {
        if (account.Length is < 1 or > LongestAccount || !account.All(static c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_'))
            throw new ArgumentException("An account's name has 1 to 200 letters, digits, dashes and underscores.", nameof(account));
    }
}
