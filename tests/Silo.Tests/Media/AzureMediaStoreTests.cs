using Azure.Storage.Blobs;
using LlmTr.Silo.Azure.Media;
using LlmTr.Silo.Media;
using LlmTr.Silo.Tests.Azurite;
using LlmTr.Silo.Tests.Video;

namespace LlmTr.Silo.Tests.Media;

[NeedsAzurite, Collection(AzuriteFixture.Collection)]
public sealed class AzureMediaStoreTests : MediaStoreConformance, IAsyncLifetime
{
    private readonly SeenRequests _requests = new();
    private readonly BlobContainerClient _container;

    public AzureMediaStoreTests(AzuriteFixture azurite)
    {
        _container = _requests.Client(azurite.ConnectionString).GetBlobContainerClient($"{azurite.NewPrefix()}-media");
        Store = new AzureMediaStore(_container);
    }

    protected override IMediaStore Store { get; }

    public async Task InitializeAsync() => await _container.CreateAsync();

    public Task DisposeAsync() => Task.CompletedTask;

    protected override async Task<string[]> NamesAsync() => await _container.GetBlobsAsync().Select(static blob => blob.Name).ToArrayAsync();

    [AzuriteFact]
    public async Task MissingContainer_IsAnErrorAndNeverNoSuchFile()
    {
        await Store.SaveAsync("a", new MemoryStream([1]), 10, default);
        await _container.DeleteAsync();
        var calls = new Func<Task>[]
        {
            () => Store.OpenAsync("a", default),
            () => Store.DeleteAsync("a", default),
            () => Store.SaveAsync("a", new MemoryStream([1]), 10, default),
            () => Store.SaveAsync("a", new MemoryStream(new byte[AzureMediaStore.BlockBytes + 1]), long.MaxValue, default),
            () => Store.DeleteOldAsync(DateTimeOffset.MaxValue, default),
        };

        foreach (var call in calls)
            (await call.Should().ThrowAsync<IOException>()).Which.Message.Should().Contain("ContainerNotFound");
    }

    [AzuriteFact]
    public async Task Deletion_OfAFileThatIsRead_BreaksItsReaderOff()
    {
        const int length = 2 * AzureMediaStore.BlockBytes;
        await Store.SaveAsync("a", new MemoryStream(new byte[length]), length, default);
        await using var stream = (await Store.OpenAsync("a", default))!;
        await stream.ReadExactlyAsync(new byte[10]);
        await Store.DeleteAsync("a", default);

        var read = () => ReadAsync(stream);

        (await read.Should().ThrowAsync<IOException>()).Which.Message.Should().MatchRegex("BlobNotFound|ConditionNotMet");
    }

    [AzuriteFact]
    public async Task FewBytes_OutOfTheMiddleOfABigFile_AreOneRequestOfAPart()
    {
        const int length = 3 * AzureMediaStore.BlockBytes;
        await Store.SaveAsync("a", new MemoryStream(new byte[length]), length, default);
        _requests.Clear();

        await using (var stream = (await Store.OpenAsync("a", default))!)
        {
            stream.Seek(5_000_000, SeekOrigin.Begin);
            await stream.ReadExactlyAsync(new byte[100]);
        }

        _requests.Texts.Should().HaveCount(2, "one for its length, one for the part");
    }

    [AzuriteFact]
    public async Task Saving_WhoseLastAnswerIsLost_IsToldAsUnknownAndMayBeRepeated()
    {
        var bytes = new byte[AzureMediaStore.BlockBytes + 1];
        _requests.LoseAnswers = static request => request.Contains("comp=blocklist", StringComparison.Ordinal);
        var save = () => Store.SaveAsync("a", new MemoryStream(bytes), bytes.Length, default);

        await save.Should().ThrowAsync<IOException>();
        _requests.LoseAnswers = null;
        await save();

        await using var stream = (await Store.OpenAsync("a", default))!;
        stream.Length.Should().Be(bytes.Length);
    }
}
