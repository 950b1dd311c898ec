using LlmTr.Silo.Media;
using LlmTr.Silo.Sqlite;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace LlmTr.Api.Tests.Video;

/// <summary>The media store, away or slow when a test wants it so.</summary>
internal sealed class FaultyMedia : IMediaStore
{
    private readonly TaskCompletionSource _saving = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private TaskCompletionSource _saves = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private FolderMediaStore _store = null!;

    public FaultyMedia() => _saves.SetResult();

    /// <summary>Every call fails as it does where the store cannot be reached.</summary>
    public bool IsAway { get; set; }

    /// <summary>Files open, and fail as soon as they are read.</summary>
    public bool BreaksOff { get; set; }

    /// <summary>A file is being saved, or was.</summary>
    public Task Saving => _saving.Task.WaitAsync(TimeSpan.FromSeconds(30));

    /// <summary>Puts itself in front of the gateway's own store.</summary>
    public void Install(WebApplicationBuilder builder)
    {
        builder.Services.RemoveAll<IMediaStore>();
        builder.Services.AddSingleton<IMediaStore>(services =>
        {
            _store = new FolderMediaStore(services.GetRequiredService<DataFolder>());
            return this;
        });
    }

    /// <summary>From here on nothing that is saved gets done before <see cref="LetSaves"/>.</summary>
    public void HoldSaves() => _saves = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public void LetSaves() => _saves.SetResult();

    public async Task<MediaFile> SaveAsync(string name, Stream content, long mostBytes, CancellationToken cancellation)
    {
        ThrowIfAway();
        _saving.TrySetResult();
        await _saves.Task.WaitAsync(cancellation);
        return await _store.SaveAsync(name, content, mostBytes, cancellation);
    }

    public async Task<Stream?> OpenAsync(string name, CancellationToken cancellation)
    {
        ThrowIfAway();
        var file = await _store.OpenAsync(name, cancellation);
        if (!BreaksOff || file is null)
            return file;
        await file.DisposeAsync();
        return new BrokenStream();
    }

    public Task DeleteAsync(string name, CancellationToken cancellation)
    {
        ThrowIfAway();
        return _store.DeleteAsync(name, cancellation);
    }

    public Task<int> DeleteOldAsync(DateTimeOffset keptBefore, CancellationToken cancellation) => _store.DeleteOldAsync(keptBefore, cancellation);

    private void ThrowIfAway()
    {
        if (IsAway)
            throw new IOException("The media store is away.");
    }

    /// <summary>Has a length, and gives nothing.</summary>
    private sealed class BrokenStream : MemoryStream
    {
        public BrokenStream()
            : base(new byte[1000], writable: false)
        {
        }

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) => throw new IOException("The media store is away.");

        public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) => throw new IOException("The media store is away.");

        public override Task CopyToAsync(Stream destination, int bufferSize, CancellationToken cancellationToken) => throw new IOException("The media store is away.");
    }
}
