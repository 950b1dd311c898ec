using System.Diagnostics.Metrics;
using LlmTr.Grains.Video;
using LlmTr.Xai.Video;

namespace LlmTr.Grains.Telemetry;

/// <summary>What the video jobs of one silo do.</summary>
public sealed class VideoJobMetrics
{
    private readonly TimeProvider _clock;
    private readonly KindCounts<JobPhase> _phases;
    private readonly KindCounts<VideoPollKind> _polls;
    private readonly KindCounts<SweepResult> _sweeps;
    private long _woken;
    private long _open;
    private long _sweptAt;

    /// <summary>Makes the instruments.</summary>
    /// <param name="meters">Makes the meter.</param>
    /// <param name="clock">Tells how long ago the last sweep was.</param>
    public VideoJobMetrics(IMeterFactory meters, TimeProvider clock)
    {
        _clock = clock;
        _sweptAt = clock.GetTimestamp();
        var meter = meters.Create(GatewayTelemetry.Name);
        _phases = new(meter, "llmtr.video.phases", "{job}", "phase", "Video jobs that came into a phase.");
        _polls = new(meter, "llmtr.video.polls", "{poll}", "result", "Looks at xAI how a video stands.");
        _sweeps = new(meter, "llmtr.video.sweeps", "{sweep}", "result", "Rounds of the sweeper through its share of the open jobs.");
        meter.CreateObservableCounter("llmtr.video.woken", () => Interlocked.Read(ref _woken), "{job}", "Open jobs that a sweep looked at.");
        meter.CreateObservableUpDownCounter("llmtr.video.jobs.open", () => Volatile.Read(ref _open), "{job}", "Open jobs in this silo's share, at its last sweep.");
        meter.CreateObservableGauge("llmtr.video.sweep.age", SweepAge, "s", "Time since the sweeper last came through; since the start before its first round.");
    }

    /// <summary>Counts a job whose new phase is stored.</summary>
    public void Entered(JobPhase phase) => _phases.Add(phase);

    /// <summary>Counts a look at xAI.</summary>
    public void Polled(VideoPollKind answer) => _polls.Add(answer);

    /// <summary>Counts a round of the sweeper.</summary>
    /// <param name="open">Open jobs in its share.</param>
    /// <param name="woken">How many of them could be asked.</param>
    public void Swept(long open, long woken)
    {
        _sweeps.Add(SweepResult.Ok);
        Interlocked.Add(ref _woken, woken);
        Volatile.Write(ref _open, open);
        Volatile.Write(ref _sweptAt, _clock.GetTimestamp());
    }

    /// <summary>Counts a round that failed.</summary>
    public void NotSwept() => _sweeps.Add(SweepResult.Failed);

    private long SweepAge() => _clock.GetElapsedTime(Volatile.Read(ref _sweptAt)).Ticks / TimeSpan.TicksPerSecond;

    private enum SweepResult
    {
        Ok,
        Failed,
    }
}
