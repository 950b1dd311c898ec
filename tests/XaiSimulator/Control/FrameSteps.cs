using System.Threading.Channels;

namespace LlmTr.XaiSimulator.Control;

/// <summary>Lets the frames of streams that were asked to <see cref="Behaviour.Step"/> go one at a time; such streams share one row of permits.</summary>
public sealed class FrameSteps
{
    private readonly Channel<bool> _permits = Channel.CreateUnbounded<bool>();

    /// <summary>Lets so many more frames go, now or when they are ready.</summary>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="frames"/> is below 1.</exception>
    public void Allow(int frames = 1)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(frames, 1);
        for (var i = 0; i < frames; i++)
            _permits.Writer.TryWrite(true);
    }

    /// <summary>Takes a permit, or waits for one.</summary>
    internal async Task WaitAsync(CancellationToken cancellationToken) => await _permits.Reader.ReadAsync(cancellationToken);
}
