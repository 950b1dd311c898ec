using LlmTr.Grains.Abstractions;

namespace LlmTr.Api.Accounts;

/// <summary>
/// The front end's side of a grain call: a call that fails or times out has an unknown outcome, so it is repeated with the same ids
/// until the account has told, or the caller's time is over.
/// </summary>
internal sealed partial class AccountClient(IGrainFactory grains, TimeProvider clock, ILogger<AccountClient> logger)
{
    private readonly GrainFinder<IApiKeyGrain> _accounts = new(grains);

    /// <summary>How long a caller who waits is kept waiting. A call to a silo that died is given up after <see cref="IApiKeyGrain.CallerResponseTimeout"/>, so this is room for two more tries.</summary>
    public static readonly TimeSpan PatienceOfACaller = TimeSpan.FromSeconds(8);

    private const string Reading = "Read";

    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(2);

    /// <summary>Repeats a command until it is answered; null when the caller's patience ended first, the outcome being unknown then.</summary>
    /// <param name="keyId">Whose account.</param>
    /// <param name="command">What <paramref name="call"/> is given each time.</param>
    /// <param name="call">Asks the account.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <param name="what">What the log calls it, where the command's type does not say.</param>
    public Task<TReply?> RepeatAsync<TCommand, TReply>(
        string keyId, TCommand command, Func<IApiKeyGrain, TCommand, Task<TReply>> call, CancellationToken cancellation, string? what = null)
        where TReply : class => RepeatAsync(keyId, command, call, PatienceOfACaller, cancellation, what);

    /// <summary>Repeats a command until it is answered; null when the time was over first, the outcome being unknown then.</summary>
    public Task<TReply?> RepeatAsync<TCommand, TReply>(
        string keyId, TCommand command, Func<IApiKeyGrain, TCommand, Task<TReply>> call, TimeSpan within, CancellationToken cancellation, string? what = null)
        where TReply : class =>
        RepeatAsync(Account, what ?? typeof(TCommand).Name, keyId, command, call, within, tellsWhatIsBroken: false, cancellation);

    /// <summary>The same for someone who can look into a ledger that is broken, and is told so at once: no patience heals it.</summary>
    /// <exception cref="AccountUnavailableException">The ledger is broken.</exception>
    public Task<TReply?> AskAsync<TCommand, TReply>(
        string keyId, TCommand command, Func<IApiKeyGrain, TCommand, Task<TReply>> call, CancellationToken cancellation, string? what = null)
        where TReply : class =>
        RepeatAsync(Account, what ?? typeof(TCommand).Name, keyId, command, call, PatienceOfACaller, tellsWhatIsBroken: true, cancellation);

    /// <summary>Reads an account: (true, null) when there is none, (false, null) when nobody could tell.</summary>
    /// <exception cref="AccountUnavailableException">Its ledger is broken.</exception>
    public async Task<(bool Told, AccountView? Account)> ReadAsync(string keyId, CancellationToken cancellation)
    {
        var reply = await AskAsync(keyId, cancellation, static async (account, cancellation) => new Told<AccountView>(await account.Read(cancellation)), cancellation, Reading);
        return (reply is not null, reply?.Answer);
    }

    /// <summary>The same for the key's owner; no account either when the secret is another.</summary>
    public async Task<(bool Told, AccountView? Account)> ReadAsync(string keyId, SecretHash secret, CancellationToken cancellation)
    {
        var reply = await RepeatAsync(keyId, secret, static async (account, secret) => new Told<AccountView>(await account.ReadAs(secret)), cancellation, Reading);
        return (reply is not null, reply?.Answer);
    }

    /// <summary>Reads open holds behind one: (true, null) for an unknown key, (false, null) when nobody could tell.</summary>
    /// <exception cref="AccountUnavailableException">The ledger is broken.</exception>
    public async Task<(bool Told, HoldPage? Page)> ReadHoldsAsync(string keyId, RequestId? after, int limit, CancellationToken cancellation)
    {
        var reply = await AskAsync(
            keyId, (after, limit, cancellation),
            static async (account, page) => new Told<HoldPage>(await account.ReadHolds(page.after, page.limit, page.cancellation)), cancellation, Reading);
        return (reply is not null, reply?.Answer);
    }

    /// <summary>Reads open cases behind one: (true, null) for an unknown key, (false, null) when nobody could tell.</summary>
    /// <exception cref="AccountUnavailableException">The ledger is broken.</exception>
    public async Task<(bool Told, CasePage? Page)> ReadCasesAsync(string keyId, RequestId? after, int limit, CancellationToken cancellation)
    {
        var reply = await AskAsync(
            keyId, (after, limit, cancellation),
            static async (account, page) => new Told<CasePage>(await account.ReadCases(page.after, page.limit, page.cancellation)), cancellation, Reading);
        return (reply is not null, reply?.Answer);
    }

    /// <summary>Ids of keys behind <paramref name="after"/>, in ordinal order; null when nobody could tell.</summary>
    public Task<IReadOnlyList<string>?> ListKeysAsync(string? after, int limit, CancellationToken cancellation) => RepeatAsync(
        static (client, _) => client.Directory(),
        Reading,
        "the directory",
        (after, limit, cancellation),
        static (directory, page) => directory.List(page.after, page.limit, page.cancellation),
        PatienceOfACaller,
        tellsWhatIsBroken: false,
        cancellation);

    /// <summary>Reads a part of a ledger, also of a broken one; null when nobody could tell.</summary>
    public Task<LedgerPage?> ReadLedgerAsync(string keyId, long fromSeq, int limit, CancellationToken cancellation) => RepeatAsync(
        keyId, (fromSeq, limit, cancellation), static (account, page) => account.ReadLedger(page.fromSeq, page.limit, page.cancellation), cancellation, Reading);

    private static IApiKeyGrain Account(AccountClient client, string keyId) => client._accounts.Find(keyId);

    private IKeyDirectoryGrain Directory() => grains.Find<IKeyDirectoryGrain>();

    private async Task<TReply?> RepeatAsync<TGrain, TCommand, TReply>(
        Func<AccountClient, string, TGrain> find,
        string what,
        string name,
        TCommand command,
        Func<TGrain, TCommand, Task<TReply>> call,
        TimeSpan within,
        bool tellsWhatIsBroken,
        CancellationToken cancellation)
        where TReply : class
    {
        var began = clock.GetTimestamp();
        for (var pause = FirstPause; ; pause = pause * 2 < LongestPause ? pause * 2 : LongestPause)
        {
            try
            {
                return await call(find(this, name), command);
            }
            catch (AccountUnavailableException exception) when (tellsWhatIsBroken && exception.BrokenLedger is not null)
            {
                throw;
            }
            catch (Exception exception) when (IsForeseen(exception))
            {
                LogRepeated(what, name, exception.GetType().Name);
            }
            catch (Exception exception) when (exception is not ArgumentException)
            {
                // A fault that nobody thought of says as little about the outcome as a lost answer. Were it passed on, a hold or a cost would be forgotten.
                LogFault(what, name, exception);
            }

            if (clock.GetElapsedTime(began) + pause >= within || cancellation.IsCancellationRequested)
                return null;
            try
            {
                await Task.Delay(pause, clock, cancellation);
            }
            catch (OperationCanceledException)
            {
                return null;
            }
        }
    }

    // What the account itself says of a command (an ArgumentException) is an answer; everything about reaching it is not.
    private static bool IsForeseen(Exception exception) =>
        exception is AccountUnavailableException or TimeoutException or OperationCanceledException or Orleans.Runtime.OrleansException;

    [LoggerMessage(LogLevel.Warning, "{Command} for {KeyId} was not answered ({Why}); it is repeated with the same id.")]
    private partial void LogRepeated(string command, string keyId, string why);

    [LoggerMessage(LogLevel.Error, "{Command} for {KeyId} failed; it is repeated with the same id.")]
    private partial void LogFault(string command, string keyId, Exception exception);

    private sealed record Told<T>(T? Answer)
        where T : class;
}
