using LlmTr.Api.Hosting;

namespace LlmTr.Api.Metering;

/// <summary>
/// Counts the calls to xAI from admission to the end of their settlement, drained ones included, so that none is ever cut for want of room.
/// At a graceful shutdown it gives them a time, then cuts them, then waits for their settlements.
/// </summary>
internal sealed partial class CallsInFlight : IHostedService, IDisposable
{
    private readonly MeteringOptions _options;
    private readonly Endings _endings;
    private readonly ILogger<CallsInFlight> _logger;
    private readonly TimeProvider _clock;
    private readonly CancellationTokenSource _cut;
    private readonly TaskCompletionSource _none = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly CancellationTokenRegistration _stopping;

    // One more than the calls while the gateway runs, so that zero is reached once: after the stop, when the last call has ended.
    private int _count = 1;
    private int _drained;

    public CallsInFlight(MeteringOptions options, Endings endings, GracefulStop stop, TimeProvider clock, ILogger<CallsInFlight> logger)
    {
        _options = options;
        _endings = endings;
        _logger = logger;
        _clock = clock;
        _cut = new CancellationTokenSource(Timeout.InfiniteTimeSpan, clock);
        _stopping = stop.Leaving.Register(() => _cut.CancelAfter(options.ShutdownLimit));
    }

    /// <summary>Cancelled when the time of a graceful shutdown is over: what is still open settles what it has.</summary>
    public CancellationToken Cut => _cut.Token;

    /// <summary>Calls in flight now.</summary>
    public int Count => Volatile.Read(ref _count) - 1;

    /// <summary>How many are admitted.</summary>
    public int Most => _options.MaxCallsInFlight;

    /// <summary>Calls in flight whose client has left.</summary>
    public int Drained => Volatile.Read(ref _drained);

    /// <summary>Counts a call as drained from the moment that its client leaves; to be given back to <see cref="StopWatching"/>.</summary>
    public CancellationTokenRegistration Watch(CancellationToken clientLeft) =>
        clientLeft.UnsafeRegister(static calls => Interlocked.Increment(ref ((CallsInFlight)calls!)._drained), this);

    /// <summary>Ends the watching at the end of a call.</summary>
    public void StopWatching(CancellationTokenRegistration watch, CancellationToken clientLeft)
    {
        // What cannot be taken back has been counted, or is about to be.
        if (!watch.Unregister() && clientLeft.CanBeCanceled)
            Interlocked.Decrement(ref _drained);
    }

    /// <summary>Admits one more call, or not.</summary>
    public bool TryEnter()
    {
        if (Interlocked.Increment(ref _count) - 1 <= _options.MaxCallsInFlight)
            return true;
        Exit();
        return false;
    }

    /// <summary>Ends an admitted call.</summary>
    public void Exit()
    {
        if (Interlocked.Decrement(ref _count) == 0)
            _none.TrySetResult();
    }

    /// <inheritdoc/>
    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        Exit();

        // Whoever stopped before this one may have used up the host's time; what calls and settlements need is theirs.
        using var limit = new CancellationTokenSource(_options.SettlePatience, _clock);
        try
        {
            await _none.Task.WaitAsync(limit.Token);
        }
        catch (OperationCanceledException)
        {
            LogStillOpen(Volatile.Read(ref _count));
        }

        await _endings.DrainAsync(limit.Token);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _stopping.Dispose();
        _cut.Dispose();
    }

    [LoggerMessage(LogLevel.Critical, "The gateway stops with {Count} calls to xAI open; their holds end unreconciled at their deadlines.")]
    private partial void LogStillOpen(int count);
}
