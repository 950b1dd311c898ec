using LlmTr.Api.Metering;

namespace LlmTr.Api.Requests;

/// <summary>
/// Keeps large requests from taking the machine: how many bytes of them may be in memory at one time, and how many may be parsed at one time, since a
/// 32 MiB body keeps a core busy for a good while, and how many inputs may be counted in tokens, which takes up to a second. Small requests pass untouched. One for the whole process.
/// </summary>
internal sealed class LargeBodies(MeteringOptions options) : IDisposable
{
    /// <summary>From this size in bytes on a body is large: below it parsing takes a millisecond or two.</summary>
    public const int LeastBytes = 512 * 1024;

    // Half of the cores at most parse large bodies and count tokens, so that the others serve everyone else.
    private readonly SemaphoreSlim _turns = new(Math.Max(1, Environment.ProcessorCount / 2));

    private long _bytes;

    /// <summary>Bytes taken now.</summary>
    public long Bytes => Interlocked.Read(ref _bytes);

    /// <summary>Takes so many bytes, or none of them when that would be too many in all.</summary>
    public bool TryTake(long bytes)
    {
        if (Interlocked.Add(ref _bytes, bytes) <= options.LargeBodyBytes)
            return true;
        Give(bytes);
        return false;
    }

    /// <summary>Gives bytes back.</summary>
    public void Give(long bytes) => Interlocked.Add(ref _bytes, -bytes);

    /// <summary>Waits for a turn to parse a body of this size; false when it did not come in time.</summary>
    public ValueTask<bool> EnterAsync(int bytes, CancellationToken cancellation) =>
        bytes < LeastBytes ? ValueTask.FromResult(true) : new ValueTask<bool>(EnterAsync(cancellation));

    /// <summary>Ends a turn that <see cref="EnterAsync(int, CancellationToken)"/> gave for a body of this size.</summary>
    public void Exit(int bytes)
    {
        if (bytes >= LeastBytes)
            Exit();
    }

    /// <summary>Waits for a turn to do long work for a request, whatever its size; false when it did not come in time.</summary>
    public Task<bool> EnterAsync(CancellationToken cancellation) => _turns.WaitAsync(options.LargeBodyPatience, cancellation);

    /// <summary>Ends a turn that <see cref="EnterAsync(CancellationToken)"/> gave.</summary>
    public void Exit() => _turns.Release();

    /// <inheritdoc/>
    public void Dispose() => _turns.Dispose();
}
