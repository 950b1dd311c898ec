using LlmTr.Silo.Azure.Ledgers;

namespace LlmTr.Silo.Tests.Ledgers;

/// <summary>Blobs in memory, and a place to make things go wrong: around every write.</summary>
internal sealed class InMemoryBlobs : ILedgerBlobs
{
    private readonly Lock _lock = new();
    private readonly SortedDictionary<string, Blob> _blobs = new(StringComparer.Ordinal);

    /// <summary>Called before an append or the making of a blob takes effect, with the blob's name; what it throws is thrown, and nothing happens.</summary>
    public Func<string, Task> BeforeWrite { get; set; } = static _ => Task.CompletedTask;

    /// <summary>Called when it has taken effect, before it is answered.</summary>
    public Func<string, Task> AfterWrite { get; set; } = static _ => Task.CompletedTask;

    /// <summary>How many requests there were.</summary>
    public int Requests { get; private set; }

    /// <summary>How many bytes of blobs were given out, snapshots not counted.</summary>
    public long BytesRead { get; private set; }

    public IEnumerable<string> Names => _blobs.Keys;

    public byte[] this[string name]
    {
        get => _blobs[name].Bytes;
        set => _blobs[name] = new Blob(value, 1);
    }

    public void Remove(string name) => _blobs.Remove(name);

    public async Task<AppendedBlock> AppendAsync(string blob, long position, ReadOnlyMemory<byte> block, CancellationToken cancellation)
    {
        lock (_lock)
        {
            Requests++;
            if (!_blobs.TryGetValue(blob, out _))
                return new AppendedBlock(AppendOutcome.NoBlob);
        }

        await BeforeWrite(blob);
        AppendedBlock answer;
        lock (_lock)
        {
            var found = _blobs[blob];
            if (found.Bytes.Length != position)
                return new AppendedBlock(AppendOutcome.WrongPosition);
            _blobs[blob] = new Blob([.. found.Bytes, .. block.Span], found.Blocks + 1);
            answer = new AppendedBlock(AppendOutcome.Appended, found.Blocks + 1);
        }

        await AfterWrite(blob);
        return answer;
    }

    public async Task CreateAsync(string blob, CancellationToken cancellation)
    {
        await BeforeWrite(blob);
        lock (_lock)
        {
            Requests++;
            _blobs.TryAdd(blob, new Blob([], 0));
        }

        await AfterWrite(blob);
    }

    public Task<BlobPart?> ReadAsync(string blob, long offset, int mostBytes, CancellationToken cancellation)
    {
        lock (_lock)
        {
            Requests++;
            if (!_blobs.TryGetValue(blob, out var found))
                return Task.FromResult<BlobPart?>(null);
            if (offset >= found.Bytes.Length)
                return Task.FromResult<BlobPart?>(new BlobPart(ReadOnlyMemory<byte>.Empty, offset, 0));
            var part = found.Bytes.AsMemory((int)offset, (int)Math.Min(mostBytes, found.Bytes.Length - offset));
            BytesRead += part.Length;
            return Task.FromResult<BlobPart?>(new BlobPart(part, found.Bytes.Length, found.Blocks));
        }
    }

    public Task<IReadOnlyList<ListedBlob>> ListAsync(string prefix, string from, int most, CancellationToken cancellation)
    {
        lock (_lock)
        {
            Requests++;
            return Task.FromResult<IReadOnlyList<ListedBlob>>([.. _blobs
                .Where(blob => blob.Key.StartsWith(prefix, StringComparison.Ordinal) && string.CompareOrdinal(blob.Key, from) >= 0)
                .Take(most)
                .Select(static blob => new ListedBlob(blob.Key, blob.Value.Bytes.Length))]);
        }
    }

    public Task ReplaceAsync(string blob, Func<byte[]> content, CancellationToken cancellation)
    {
        lock (_lock)
        {
            Requests++;
            _blobs[blob] = new Blob(content(), 1);
        }

        return Task.CompletedTask;
    }

    public Task<byte[]?> ReadWholeAsync(string blob, CancellationToken cancellation)
    {
        lock (_lock)
        {
            Requests++;
            return Task.FromResult(_blobs.GetValueOrDefault(blob)?.Bytes);
        }
    }

    private sealed record Blob(byte[] Bytes, int Blocks);
}
