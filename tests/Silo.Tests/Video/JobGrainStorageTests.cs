using System.Text;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using LlmTr.Grains.Video;
using LlmTr.Silo.Azure;
using LlmTr.Silo.Azure.GrainStorage;
using LlmTr.Silo.Azure.Jobs;
using LlmTr.Silo.Tests.Azurite;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Serialization;
using Orleans.Storage;

namespace LlmTr.Silo.Tests.Video;

/// <summary>
/// What the grain storage of jobs does, as it is registered: ours, and Orleans' own where this is built with <c>-p:OrleansAzureStorage=true</c>. Nothing in here asks which.
/// </summary>
[Collection(AzuriteFixture.Collection)]
public sealed class JobGrainStorageTests : IAsyncLifetime
{
    private static readonly GrainId Id = GrainId.Create("videojob", "a");

    private readonly ServiceProvider _services;
    private readonly BlobContainerClient _container;
    private IGrainStorage _storage = null!;

    public JobGrainStorageTests(AzuriteFixture azurite)
    {
        _services = new ServiceCollection()
            .AddLogging()
            .AddSerializer()
            .AddSingleton(azurite.NewStorage())
            .AddJobGrainStorage(AzureJobs.StorageName)
            .BuildServiceProvider();
        var azure = _services.GetRequiredService<AzureStorage>();
        _container = AzureJobs.ClientOf(azure).GetBlobContainerClient(azure.ContainerName(AzureJobs.Container));
    }

    public async Task InitializeAsync()
    {
        _storage = _services.GetRequiredKeyedService<IGrainStorage>(AzureJobs.StorageName);
        var lifecycle = new StartOfSilo();
        foreach (var participant in _services.GetServices<ILifecycleParticipant<ISiloLifecycle>>())
            participant.Participate(lifecycle);
        await lifecycle.RunAsync();
    }

    public async Task DisposeAsync() => await _services.DisposeAsync();

    [AzuriteFact]
    public async Task Container_IsMadeWhenTheSiloStarts() => (await _container.ExistsAsync()).Value.Should().BeTrue();

    [AzuriteFact]
    public async Task State_ThatWasWritten_IsReadBackWithItsETag()
    {
        var written = new GrainState<VideoJob>(SampleJobs.Queued() with { Model = "ğ日本 😀" });
        await WriteAsync(written);

        var read = await ReadAsync();

        (written.RecordExists, string.IsNullOrEmpty(written.ETag)).Should().Be((true, false));
        (read.State, read.ETag, read.RecordExists).Should().Be((written.State, written.ETag, true));
    }

    [AzuriteFact]
    public async Task Blob_HasTheNameTheTypeAndTheJsonThatBothKnow()
    {
        var job = SampleJobs.Queued();
        await WriteAsync(new GrainState<VideoJob>(job));

        var blob = await _container.GetBlobsAsync().SingleAsync();

        (blob.Name, blob.Properties.ContentType, blob.Properties.BlobType).Should().Be(("job-videojob/a.json", "application/octet-stream", BlobType.Block));
        var json = (await _container.GetBlobClient(blob.Name).DownloadContentAsync()).Value.Content.ToString();
        json.Should().Be(Encoding.UTF8.GetString(VideoJobJson.Write(job))).And.NotContain("$type").And.NotContain("LlmTr");
    }

    [AzuriteFact]
    public async Task Read_OfNothing_IsAnEmptyStateThatDoesNotExist()
    {
        var state = new GrainState<VideoJob>(SampleJobs.Queued(), "etag of long ago") { RecordExists = true };

        await _storage.ReadStateAsync("job", Id, state);

        (state.RecordExists, state.ETag).Should().Be((false, null));
        state.State.Should().NotBeNull();
        state.State!.KeyId.Should().BeNull();
    }

    [AzuriteFact]
    public async Task Read_OfAnEmptyBlob_IsNoStateWithAnETagToBuildOn()
    {
        await _container.UploadBlobAsync("job-videojob/a.json", BinaryData.FromString(""));

        var read = await ReadAsync();

        (read.RecordExists, string.IsNullOrEmpty(read.ETag)).Should().Be((false, false));
        read.State = SampleJobs.Queued();
        await WriteAsync(read);
    }

    [AzuriteFact]
    public async Task Read_OfWhatIsNoJob_Fails()
    {
        await _container.UploadBlobAsync("job-videojob/a.json", BinaryData.FromString("{\"half\":"));

        await this.Awaiting(static test => test.ReadAsync()).Should().ThrowAsync<InvalidDataException>();
    }

    [AzuriteFact]
    public async Task Creating_Twice_IsAConflictThatChangesNothing()
    {
        var first = new GrainState<VideoJob>(SampleJobs.Queued(minute: 1));
        await WriteAsync(first);

        await ShouldConflict(WriteAsync(new GrainState<VideoJob>(SampleJobs.Queued(minute: 2))));

        (await ReadAsync()).ETag.Should().Be(first.ETag);
    }

    [AzuriteFact]
    public async Task Write_OnAStaleETag_IsAConflictThatChangesNothing()
    {
        var state = new GrainState<VideoJob>(SampleJobs.Queued());
        await WriteAsync(state);
        var stale = new GrainState<VideoJob>(SampleJobs.Queued(minute: 9), state.ETag);
        await WriteAsync(state);

        await ShouldConflict(WriteAsync(stale));

        (await ReadAsync()).ETag.Should().Be(state.ETag).And.NotBe(stale.ETag);
    }

    [AzuriteFact]
    public async Task Write_OnTheETagOfWhatIsGone_IsAConflict()
    {
        var state = new GrainState<VideoJob>(SampleJobs.Queued());
        await WriteAsync(state);
        await _container.DeleteBlobAsync("job-videojob/a.json");

        await ShouldConflict(WriteAsync(state));

        (await ReadAsync()).RecordExists.Should().BeFalse();
    }

    [AzuriteFact]
    public async Task Clear_TakesTheBlobAway()
    {
        var state = new GrainState<VideoJob>(SampleJobs.Queued());
        await WriteAsync(state);

        await _storage.ClearStateAsync("job", Id, state);

        (state.RecordExists, state.ETag).Should().Be((false, null));
        (await _container.GetBlobsAsync().CountAsync()).Should().Be(0);
        await WriteAsync(new GrainState<VideoJob>(SampleJobs.Queued()));
    }

    [AzuriteFact]
    public async Task Clear_OnAStaleETag_IsAConflictThatChangesNothing()
    {
        var state = new GrainState<VideoJob>(SampleJobs.Queued());
        await WriteAsync(state);
        var stale = new GrainState<VideoJob>(state.State, state.ETag) { RecordExists = true };
        await WriteAsync(state);

        await ShouldConflict(_storage.ClearStateAsync("job", Id, stale));

        (await ReadAsync()).ETag.Should().Be(state.ETag);
    }

    [AzuriteFact]
    public async Task Clear_OfWhatIsGone_BringsNothingBack()
    {
        var state = new GrainState<VideoJob>(SampleJobs.Queued());
        await WriteAsync(state);
        await _container.DeleteBlobAsync("job-videojob/a.json");

        try
        {
            await _storage.ClearStateAsync("job", Id, state);
        }
        catch (InconsistentStateException)
        {
            // A service may say that there is no such blob, which counts as done, or that its condition is not met, as Azurite does.
        }

        (await _container.GetBlobsAsync().CountAsync()).Should().Be(0);
    }

    [AzuriteFact]
    public async Task MissingContainer_ReadsAsNoState_AndIsMadeByAWrite()
    {
        await _container.DeleteAsync();

        (await ReadAsync()).RecordExists.Should().BeFalse();
        await WriteAsync(new GrainState<VideoJob>(SampleJobs.Queued()));

        (await ReadAsync()).RecordExists.Should().BeTrue();
    }

    private async Task<GrainState<VideoJob>> ReadAsync()
    {
        var state = new GrainState<VideoJob>();
        await _storage.ReadStateAsync("job", Id, state);
        return state;
    }

    private Task WriteAsync(GrainState<VideoJob> state) => _storage.WriteStateAsync("job", Id, state);

    private static async Task ShouldConflict(Task task) => await task.Awaiting(static task => task).Should().ThrowAsync<InconsistentStateException>();

    // The part of a silo's start that a storage takes part in.
    private sealed class StartOfSilo : ISiloLifecycle
    {
        private readonly List<(int Stage, ILifecycleObserver Observer)> _observers = [];

        public int HighestCompletedStage => 0;

        public int LowestStoppedStage => int.MaxValue;

        public IDisposable Subscribe(string observerName, int stage, ILifecycleObserver observer)
        {
            _observers.Add((stage, observer));
            return new MemoryStream();
        }

        public async Task RunAsync()
        {
            foreach (var (_, observer) in _observers.OrderBy(static one => one.Stage))
                await observer.OnStart(CancellationToken.None);
        }
    }
}
