using System.Diagnostics;
using LlmTr.Grains.Abstractions.Video;
using LlmTr.Grains.Telemetry;
using Microsoft.Extensions.Logging;
using Orleans.Concurrency;
using Orleans.Placement;

namespace LlmTr.Grains.Video;

/// <summary>
/// Hosts one <see cref="DurableVideoJob"/> and drives it by a timer. Reentrant, so that callers can wait for the job while it is worked on. Placed at random,
/// because Orleans' default puts most grains on an idle silo.
/// </summary>
[Reentrant, RandomPlacement]
public sealed partial class VideoJobGrain(VideoJobServices services, ILogger<VideoJobGrain> logger) : Grain, IVideoJobGrain
{
    // A shutdown waits so long for an answer of xAI's that is under way; then its submission is lost.
    private static readonly TimeSpan ShutdownPatience = TimeSpan.FromSeconds(20);

    private static readonly TimeSpan Overdue = TimeSpan.FromSeconds(2);

    private readonly TimeProvider _clock = services.Clock;
    private DurableVideoJob? _job;
    private IGrainTimer? _timer;
    private Task _running = Task.CompletedTask;
    private DateTimeOffset? _dueAt;
    private bool _stopping;
    private int _waiting;

    // The trace of the request that began the job, as long as this activation lives: what is done for the job later belongs to it.
    private ActivityContext _trace;

    private DurableVideoJob Job => _job ??= new DurableVideoJob(this.GetPrimaryKeyString(), services);

    /// <inheritdoc/>
    public async Task<StartVideoReply> Start(StartVideo command)
    {
        if (!await Job.BeginAsync(command))
            return new StartVideoReply { Outcome = StartVideoOutcome.Conflict };
        if (Job.Job is null || Job.Job.HoldId == command.HoldId)
            _trace = Activity.Current?.Context ?? default;
        var holdId = Job.Job?.HoldId ?? command.HoldId;
        WorkSoon(TimeSpan.Zero);
        var began = _clock.GetTimestamp();
        while (true)
        {
            var changed = Job.Changed;
            if (Job.Decision is { } refused && refused.HoldId == holdId && Job.Job?.HoldId != holdId)
                return new StartVideoReply { Outcome = StartVideoOutcome.Refused, Refusal = refused.Reply };
            if (Job.Job is { Phase: > JobPhase.Queued } job)
            {
                return new StartVideoReply
                {
                    Outcome = StartVideoOutcome.Begun,
                    Job = job.View(this.GetPrimaryKeyString(), _clock.GetUtcNow()),
                    Rate = Job.Decision is { } granted && granted.HoldId == command.HoldId ? granted.Reply.Rate : null,
                };
            }

            if (!await WaitAsync(changed, IVideoJobGrain.LongestWait - _clock.GetElapsedTime(began)))
                return new StartVideoReply { Outcome = StartVideoOutcome.Undecided };
        }
    }

    /// <inheritdoc/>
    public async Task<VideoJobView?> Read(string? keyId, CancellationToken cancellation = default)
    {
        await Job.ReadAsync();
        Resume();
        return View(keyId);
    }

    /// <inheritdoc/>
    public async Task<VideoJobView?> Wait(string keyId, TimeSpan atMost, CancellationToken cancellation = default)
    {
        await Job.ReadAsync();
        Resume();
        if (View(keyId) is not { IsOver: false })
            return View(keyId);

        _waiting++;
        Job.IsAttended = true;
        try
        {
            // The next poll may be seconds away, as nobody waited until now.
            if (Job.Job?.Phase == JobPhase.Polling)
                WorkSoon(services.Options.AttendedPoll);
            var began = _clock.GetTimestamp();
            var longest = atMost < IVideoJobGrain.LongestWait ? atMost : IVideoJobGrain.LongestWait;
            while (true)
            {
                var changed = Job.Changed;
                if (View(keyId) is not { IsOver: false } || !await WaitAsync(changed, longest - _clock.GetElapsedTime(began)))
                    return View(keyId);
            }
        }
        finally
        {
            _waiting--;
            Job.IsAttended = _waiting > 0;
        }
    }

    /// <inheritdoc/>
    public async Task Wake(OpenMarker marker)
    {
        if (await Job.WakeAsync(marker))
            WorkSoon(TimeSpan.Zero, onlyIfIdle: true);
    }

    /// <inheritdoc/>
    public override async Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        _stopping = true;
        try
        {
            await _running.WaitAsync(ShutdownPatience, _clock, cancellationToken);
        }
        catch (Exception exception) when (exception is TimeoutException or OperationCanceledException)
        {
            LogLeft(this.GetPrimaryKeyString(), Job.Job?.Phase);
        }

        // A caller who waits asks again, and finds the next activation.
        _job?.Dispose();
    }

    private static async Task<bool> WaitAsync(Task changed, TimeSpan atMost, TimeProvider clock)
    {
        if (atMost <= TimeSpan.Zero)
            return false;
        try
        {
            await changed.WaitAsync(atMost, clock);
            return true;
        }
        catch (TimeoutException)
        {
            return false;
        }
    }

    private Task<bool> WaitAsync(Task changed, TimeSpan atMost) => WaitAsync(changed, atMost, _clock);

    private VideoJobView? View(string? keyId) =>
        Job.Job is { } job && (keyId is null || job.KeyId == keyId) ? job.View(this.GetPrimaryKeyString(), _clock.GetUtcNow()) : null;

    // Whoever looks at an open job that nobody works on takes it up.
    private void Resume()
    {
        if (Job.Job is { IsOver: false })
            WorkSoon(TimeSpan.Zero, onlyIfIdle: true);
    }

    private void WorkSoon(TimeSpan due, bool onlyIfIdle = false)
    {
        if (_stopping || !_running.IsCompleted)
            return;

        // A pause that should be over long since is none.
        var now = _clock.GetUtcNow();
        if (_dueAt is { } dueAt && dueAt > now - Overdue && (onlyIfIdle || dueAt <= now + due))
            return;
        Arm(due);
    }

    private void Arm(TimeSpan due)
    {
        _dueAt = _clock.GetUtcNow() + due;

        // A timer of its own for every pause: what becomes of one that is changed in the middle of its own tick need not be known.
        _timer?.Dispose();
        _timer = this.RegisterGrainTimer(
            static (grain, _) => grain.TickAsync(), this, new GrainTimerCreationOptions(due, Timeout.InfiniteTimeSpan) { Interleave = true, KeepAlive = true });
    }

    private Task TickAsync() => _running.IsCompleted ? _running = WorkAsync() : _running;

    private async Task WorkAsync()
    {
        // The field must hold this task before the first step can end.
        await Task.Yield();
        _dueAt = null;
        using var activity = GatewayTelemetry.Source.StartActivity("video job", ActivityKind.Internal, _trace);
        if (Job.Job is { } open)
            RequestContext.Set(GatewayTelemetry.RequestId, open.HoldId.ToString());
        TimeSpan? pause = TimeSpan.Zero;
        while (pause == TimeSpan.Zero && !_stopping)
            pause = await Job.StepAsync();
        activity?.SetTag("llmtr.job.id", this.GetPrimaryKeyString());
        activity?.SetTag("llmtr.job.phase", Job.Job?.Phase.ToString());
        if (Job.SawAnotherWriter && !Job.HasUnwrittenAnswer)
        {
            LogRival(this.GetPrimaryKeyString());
            _stopping = true;
            DeactivateOnIdle();
        }
        else if (pause is { } next && !_stopping)
        {
            Arm(next);
        }
    }

    [LoggerMessage(LogLevel.Information, "Video job {Id}: another activation has written it; this one goes.")]
    private partial void LogRival(string id);

    [LoggerMessage(LogLevel.Warning, "Video job {Id} is left in mid-step ({Phase}); another activation takes it up.")]
    private partial void LogLeft(string id, JobPhase? phase);
}
