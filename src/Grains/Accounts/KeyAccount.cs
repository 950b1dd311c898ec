using LlmTr.Grains.Abstractions;
using LlmTr.Grains.Limits;
using LlmTr.Grains.Repeats;
using LlmTr.Money;

namespace LlmTr.Grains.Accounts;

/// <summary>
/// A key's account as a pure state machine: a command goes in, a reply and entries come out, and <see cref="Apply"/> takes an entry in. No
/// clock, no I/O, no Orleans; the same entries always give the same account. A command method changes nothing: whoever hosts the
/// account applies the entries it made before the next command.
/// </summary>
public sealed partial class KeyAccount
{
    /// <summary>An id older (or further ahead) than this starts no hold: it could be the repeat of one that is forgotten.</summary>
    public static readonly TimeSpan MaxIdAge = TimeSpan.FromMinutes(5);

    private readonly Dictionary<RequestId, OpenHold> _holds = [];
    private readonly SortedSet<(DateTimeOffset Deadline, Guid Id)> _deadlines = [];
    private readonly EndedHolds _ended = new();

    // Holds that ended without anyone knowing what they cost. Kept until the cost is learnt or the operator decides.
    private readonly Dictionary<RequestId, OpenCase> _cases = [];

    // Of credits and debits, for ever: the same id must never post twice.
    private readonly Dictionary<string, UsdTicks> _credits = new(StringComparer.Ordinal);

    // No request of any model comes near it; what is reported beyond is a broken number, which must not break the sums.
    private const long MaxTokens = 1_000_000_000_000;

    // What the limits are measured by.
    private readonly RateWindow _rates = new();
    private readonly BudgetUse _budgetUse = new();
    private readonly FirstRequests _firsts = new();

    // All secrets that a rotation has replaced, by their hashes in hexadecimal: a rotation that is repeated late must not bring one back.
    private readonly HashSet<string> _pastSecrets = new(StringComparer.Ordinal);

    private SecretHash _secret;
    private SecretHash _oldSecret;
    private DateTimeOffset _oldSecretGoodUntil;
    private bool _revoked;
    private string? _prefix;
    private KeySettings _settings = KeySettings.Initial;
    private DateTimeOffset _createdAt;
    private long _settledRequests;
    private UsdTicks _debited;
    private UsdTicks _charged;
    private UsdTicks _overruns;

    // What the last entry, a settlement, left uncovered; the next entry must book it.
    private (RequestId Id, UsdTicks Amount)? _uncovered;

    /// <summary>The sequence number of the last entry; 0 before the first.</summary>
    public long Seq { get; private set; }

    /// <summary>When the last entry was made; commands are stamped with this moment at the earliest.</summary>
    public DateTimeOffset LastEntryAt { get; private set; }

    /// <summary>Credits less debits and charges; never below zero.</summary>
    public UsdTicks Balance { get; private set; }

    /// <summary>The sum of the open holds; never above <see cref="Balance"/>.</summary>
    public UsdTicks Held { get; private set; }

    /// <summary>What a new hold can take.</summary>
    public UsdTicks Available => Balance - Held;

    /// <summary>False until the key is issued.</summary>
    public bool Exists => _prefix is not null;

    /// <summary>How many holds are open.</summary>
    public int OpenHoldCount => _holds.Count;

    /// <summary>The earliest deadline of an open hold; null without one.</summary>
    internal DateTimeOffset? NextDeadline => _deadlines.Count == 0 ? null : _deadlines.Min.Deadline;

    /// <summary>How many ended holds are remembered for repeats.</summary>
    public int EndedHoldCount => _ended.Count;

    /// <summary>
    /// True when the key exists, is not revoked, and the secret is its own, or was before a rotation whose grace is not over; compared in
    /// constant time.
    /// </summary>
    public bool Authenticates(SecretHash secret, DateTimeOffset now) =>
        Exists & !_revoked & (_secret.Matches(secret) | (_oldSecret.Matches(secret) & now < _oldSecretGoodUntil));

    /// <summary>True while the hold of this id is open.</summary>
    internal bool IsOpen(RequestId id) => _holds.ContainsKey(id);

    /// <summary>Whether the key opens anything at a moment.</summary>
    public KeyStatus Status(DateTimeOffset now)
    {
        if (_revoked)
            return KeyStatus.Revoked;
        if (_settings.Disabled)
            return KeyStatus.Disabled;
        return now >= _settings.ExpiresAt ? KeyStatus.Expired : KeyStatus.Active;
    }

    internal readonly record struct OpenHold(
        UsdTicks Amount, DateTimeOffset Deadline, string Model, string Endpoint, DateTimeOffset PlacedAt, long Tokens, Fingerprint? IdempotencyKey);

    internal readonly record struct OpenCase(
        UsdTicks Hold, string Model, string Endpoint, DateTimeOffset PlacedAt, DateTimeOffset OpenedAt, string Reason, Fingerprint? IdempotencyKey);
}
