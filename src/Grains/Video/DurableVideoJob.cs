using System.Security.Cryptography;
using LlmTr.Grains.Abstractions;
using LlmTr.Grains.Abstractions.Video;
using LlmTr.Xai.Video;
using Microsoft.Extensions.Logging;
using Orleans.Storage;

namespace LlmTr.Grains.Video;

/// <summary>
/// A <see cref="VideoJob"/> whose every step is written down before it is acted on.
/// <code>
/// read ─► decide what is next ─► do it ─► decide what it means ─► write (ETag) ─► …
/// </code>
/// After a failed write nobody knows what is stored: the job is read again before anything else. A write that was refused means that another host is alive,
/// and this one should go. Between awaits one thing runs at a time (a grain, or a test); steps never overlap.
/// </summary>
public sealed partial class DurableVideoJob(string id, VideoJobServices services) : IDisposable
{
    private readonly VideoJobOptions _options = services.Options;
    private readonly TimeProvider _clock = services.Clock;
    private readonly ILogger _logger = services.Logger;

    // One of beginning and stepping at a time: a job that is being refused must be gone before the next one begins.
    private readonly SemaphoreSlim _gate = new(1);

    private StoredVideoJob? _stored;
    private TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    // The attempt of this host to send the job: its nonce until it sends, then what came back until that is stored.
    private string? _nonce;
    private (string Nonce, VideoStart Answer)? _unwritten;

    private TimeSpan _pollPause;
    private TimeSpan _retryPause;
    private bool _isRetry;
    private bool _hasPlatformFault;

    /// <summary>The job as it is stored, as far as this host knows; null where there is none.</summary>
    public VideoJob? Job => _stored is { Job.Phase: not JobPhase.Tombstone } stored ? stored.Job : null;

    /// <summary>What the account last said to the hold of a request, and of which request.</summary>
    public (RequestId HoldId, PlaceHoldReply Reply)? Decision { get; private set; }

    /// <summary>True once another host has written the job: this one should go when nothing is left to write.</summary>
    public bool SawAnotherWriter { get; private set; }

    /// <summary>True when the host holds an answer of xAI's that is not written yet: it must not go before.</summary>
    public bool HasUnwrittenAnswer => _unwritten is not null;

    /// <summary>True while a caller waits for the job: xAI is asked more often then.</summary>
    public bool IsAttended { get; set; }

    /// <summary>Ends when the job has changed after this was asked for.</summary>
    public Task Changed => _changed.Task;

    /// <summary>Reads the job, unless it was read. Where there was none it is looked for again: another host may have begun it since.</summary>
    /// <exception cref="VideoJobUnavailableException">It could not be read.</exception>
    public async Task ReadAsync()
    {
        if (_stored is not null)
            return;
        try
        {
            var stored = await services.Store.ReadAsync(id, CancellationToken.None);
            if (stored is null || _stored is not null)
                return;
            _stored = stored;

            // A job that is taken up has lasted a while already, and thousands of others with it.
            _pollPause = _options.LongestPoll;
            _isHoldUnasked = false;
            Announce();
        }
        catch (Exception exception)
        {
            LogFailed(id, "read", exception);
            throw new VideoJobUnavailableException("The job's state cannot be read. Repeat the call.", exception);
        }
    }

    /// <summary>Begins the job, or finds it; false where it was begun with another body.</summary>
    /// <exception cref="VideoJobUnavailableException">Its state could not be read or written; the outcome is unknown.</exception>
    /// <exception cref="ArgumentException">The command contradicts itself.</exception>
    public async Task<bool> BeginAsync(StartVideo command)
    {
        await ReadAsync();
        if (Job is null)
        {
            await _gate.WaitAsync();
            try
            {
                await ReadAsync();
                if (Job is null)
                    await CreateAsync(command);
            }
            finally
            {
                _gate.Release();
            }
        }

        return Job is null || Job.Body == command.Body.ToString();
    }

    /// <summary>
    /// Says whether there is work to do behind a marker. An old one that has no job, or one of an earlier beginning, is cleared away: first a tombstone, so that who set
    /// the marker cannot write its job any more.
    /// </summary>
    /// <exception cref="VideoJobUnavailableException">The job's state could not be read.</exception>
    public async Task<bool> WakeAsync(OpenMarker marker)
    {
        await ReadAsync();
        if (IsBehind(marker))
            return true;
        if (_clock.GetUtcNow() - marker.SetAt < _options.OldMarker)
            return false;

        await _gate.WaitAsync();
        try
        {
            await ReadAsync();
            if (IsBehind(marker))
                return true;
            if (_stored is null)
                await WriteAsync(VideoJob.NeverBegun(_clock.GetUtcNow()));
            await services.Markers.CloseAsync(id, marker.Token, CancellationToken.None);
        }
        catch (InconsistentStateException)
        {
            // Somebody has begun the job after all.
            Forget();
        }
        catch (Exception exception)
        {
            LogFailed(id, "bury", exception);
            Forget();
        }
        finally
        {
            _gate.Release();
        }

        return false;
    }

    /// <summary>Does the next thing.</summary>
    /// <returns>How long to wait before the one after it; null when nothing is left to do.</returns>
    public async Task<TimeSpan?> StepAsync()
    {
        await _gate.WaitAsync();
        try
        {
            await ReadAsync();
            if (_unwritten is not null)
                await WriteAnswerAsync();
            if (Job is not { } job)
                return null;
            _isRetry = false;
            var pause = await DoAsync(job);

            // A step that has asked for the pause itself has not worked either.
            if (!_isRetry)
                _retryPause = TimeSpan.Zero;
            return pause == Timeout.InfiniteTimeSpan ? null : pause;
        }
        catch (InconsistentStateException)
        {
            SawAnotherWriter = true;
            Forget();
            return _unwritten is null ? null : _options.FirstRetry;
        }
        catch (Exception exception)
        {
            // Whatever it was, the job goes on: its marker is open and its money is held.
            LogFailed(id, Job?.Phase.ToString() ?? "begin", exception);
            Forget();
            return NextRetry();
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _gate.Dispose();

    private bool IsBehind(OpenMarker marker) => Job is { } job && (job.Marker == marker.Token || !job.IsOver);

    private async Task CreateAsync(StartVideo command)
    {
        var now = _clock.GetUtcNow();
        var job = VideoJob.Begin(command, NewNonce(), now);
        try
        {
            await services.Markers.OpenAsync(new OpenMarker(id, job.Marker!, now), CancellationToken.None);
            await WriteAsync(job);
            _pollPause = _options.FirstPoll;
            _isHoldUnasked = true;

            // What was said to an earlier beginning of the same request is not the answer to this one.
            if (Decision?.HoldId == job.HoldId)
                Decision = null;
        }
        catch (Exception exception)
        {
            SawAnotherWriter |= exception is InconsistentStateException;
            Forget();
            LogFailed(id, "begin", exception);
            throw new VideoJobUnavailableException("The job's state cannot be written. Repeat the call.", exception);
        }
    }

    private Task<TimeSpan> DoAsync(VideoJob job) => job.Next(_nonce) switch
    {
        JobAction.PlaceHold => PlaceHoldAsync(job),
        JobAction.Withdraw => WithdrawAsync(job),
        JobAction.Submit => SubmitAsync(job),
        JobAction.AwaitSubmission => AwaitSubmissionAsync(job),
        JobAction.Poll => PollAsync(job),
        JobAction.EndHold => EndHoldAsync(job),
        JobAction.Copy => CopyAsync(job),
        _ => CloseAsync(job),
    };

    private async Task<TimeSpan> CloseAsync(VideoJob job)
    {
        await services.Markers.CloseAsync(id, job.Marker!, CancellationToken.None);
        return Timeout.InfiniteTimeSpan;
    }

    private async Task WriteAsync(VideoJob job)
    {
        var before = _stored?.Job;
        if (ReferenceEquals(job, before))
            return;

        // A job that was given up and is found again: no open job is ever without its marker.
        if (before is { IsOver: true } && !job.IsOver && before.Phase != JobPhase.Tombstone)
            await services.Markers.OpenAsync(new OpenMarker(id, job.Marker!, _clock.GetUtcNow()), CancellationToken.None);
        var etag = await services.Store.WriteAsync(id, job, _stored?.ETag, CancellationToken.None);
        _stored = new StoredVideoJob(job, etag);
        if (job.Phase != before?.Phase)
            services.Metrics?.Entered(job.Phase);
        Announce();
        if (before?.Order is not null && job.Order is null)
            await DeleteImageAsync(before);
    }

    private void Forget() => _stored = null;

    private void Announce()
    {
        var changed = _changed;
        _changed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        changed.SetResult();
    }

    private TimeSpan NextRetry()
    {
        _isRetry = true;
        var pause = _retryPause;
        _retryPause = Longer(pause, _options.FirstRetry, _options.LongestRetry);
        return _retryPause;
    }

    private static TimeSpan Longer(TimeSpan pause, TimeSpan first, TimeSpan longest)
    {
        var next = new TimeSpan(pause.Ticks / 2 * 3);
        return next < first ? first : next > longest ? longest : next;
    }

    // 128 random bits, like a request's id, but of nobody's request.
    private static string NewNonce() => RandomNumberGenerator.GetHexString(32, lowercase: true);

    [LoggerMessage(LogLevel.Warning, "Video job {Id}: '{Step}' failed; it is tried again.")]
    private partial void LogFailed(string id, string step, Exception exception);

    [LoggerMessage(LogLevel.Critical, "Video job {Id}: xAI refuses the platform's key or has no credits left (status {Status}). The job is asked for again and again; check the key and the credits.")]
    private partial void LogPlatformFault(string id, int status);
}
