using System.Globalization;
using Azure;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;

namespace LlmTr.Silo.Azure.Ledgers;

/// <summary>The ledger's blobs in a container of a storage account. Appends are tried once; reads, which change nothing, a few times.</summary>
internal sealed class AzureLedgerBlobs : ILedgerBlobs
{
    // Above the time that an account waits for an append: then it is the account that gives up, and this ends what nobody waits for any more.
    private static readonly TimeSpan DefaultMostPerWrite = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan MostPerRead = TimeSpan.FromSeconds(10);
    private const int ReadRetries = 2;
    private const int MostInAPage = 5_000;

    private readonly AppendBlobClients _writing;
    private readonly BlobContainerClient _reading;

    public AzureLedgerBlobs(AzureStorage storage, TimeSpan? mostPerWrite = null)
    {
        var container = storage.ContainerName(AzureLedger.Purpose);
        _writing = new AppendBlobClients(storage.CreateClient(retries: 0, mostPerWrite ?? DefaultMostPerWrite).GetBlobContainerClient(container));
        _reading = storage.CreateClient(ReadRetries, MostPerRead).GetBlobContainerClient(container);
    }

    public Task<AppendedBlock> AppendAsync(string blob, long position, ReadOnlyMemory<byte> block, CancellationToken cancellation) => Certain(async () =>
    {
        try
        {
            using var content = BinaryData.FromBytes(block).ToStream();
            var options = new AppendBlobAppendBlockOptions { Conditions = new AppendBlobRequestConditions { IfAppendPositionEqual = position } };
            BlobAppendInfo info = await _writing.Of(blob).AppendBlockAsync(content, options, cancellation);
            return new AppendedBlock(AppendOutcome.Appended, info.BlobCommittedBlockCount);
        }
        catch (RequestFailedException exception) when (exception.ErrorCode == BlobErrorCode.AppendPositionConditionNotMet)
        {
            return new AppendedBlock(AppendOutcome.WrongPosition);
        }
        catch (RequestFailedException exception) when (exception.ErrorCode == BlobErrorCode.BlobNotFound)
        {
            return new AppendedBlock(AppendOutcome.NoBlob);
        }
    }, cancellation);

    public Task CreateAsync(string blob, CancellationToken cancellation) => Certain(async () =>
    {
        try
        {
            // If-None-Match: *, without which it would empty a blob that is there.
            await _writing.Of(blob).CreateAsync(new AppendBlobCreateOptions { Conditions = new AppendBlobRequestConditions { IfNoneMatch = ETag.All } }, cancellation);
            return true;
        }
        catch (RequestFailedException exception) when (exception.ErrorCode == BlobErrorCode.BlobAlreadyExists)
        {
            // Somebody else made it, or our own request that was not answered did.
            return false;
        }
    }, cancellation);

    public Task<BlobPart?> ReadAsync(string blob, long offset, int mostBytes, CancellationToken cancellation) => Certain<BlobPart?>(async () =>
    {
        try
        {
            BlobDownloadResult result = await _reading.GetBlobClient(blob).DownloadContentAsync(
                new BlobDownloadOptions { Range = new HttpRange(offset, mostBytes) }, cancellation);
            return new BlobPart(result.Content.ToMemory(), LengthOf(result.Details), result.Details.BlobCommittedBlockCount);
        }
        catch (RequestFailedException exception) when (exception.ErrorCode == BlobErrorCode.InvalidRange)
        {
            return new BlobPart(ReadOnlyMemory<byte>.Empty, offset, 0);
        }
        catch (RequestFailedException exception) when (exception.ErrorCode == BlobErrorCode.BlobNotFound)
        {
            return null;
        }
    }, cancellation);

    public Task<IReadOnlyList<ListedBlob>> ListAsync(string prefix, string from, int most, CancellationToken cancellation) => Certain<IReadOnlyList<ListedBlob>>(async () =>
    {
        var listed = new List<ListedBlob>();
        var pages = _reading.GetBlobsAsync(new GetBlobsOptions { Prefix = prefix, StartFrom = from }, cancellation).AsPages(pageSizeHint: Math.Min(most, MostInAPage));
        await foreach (var page in pages)
        {
            // What a service gives that does not know where to start is passed over here.
            listed.AddRange(page.Values
                .Where(blob => string.CompareOrdinal(blob.Name, from) >= 0)
                .Select(static blob => new ListedBlob(blob.Name, blob.Properties.ContentLength ?? 0)));
            if (listed.Count >= most)
                break;
        }

        return listed.Count > most ? listed[..most] : listed;
    }, cancellation);

    public async Task ReplaceAsync(string blob, Func<byte[]> content, CancellationToken cancellation)
    {
        // The work of a moment where a snapshot is large, and the caller is a grain that has others to answer.
        var bytes = await Task.Factory.StartNew(content, cancellation, TaskCreationOptions.DenyChildAttach, TaskScheduler.Default);
        await Certain(async () => await _reading.GetBlobClient(blob).UploadAsync(BinaryData.FromBytes(bytes), overwrite: true, cancellation), cancellation);
    }

    public Task<byte[]?> ReadWholeAsync(string blob, CancellationToken cancellation) => Certain(async () =>
    {
        try
        {
            BlobDownloadResult result = await _reading.GetBlobClient(blob).DownloadContentAsync(cancellation);
            return result.Content.ToArray();
        }
        catch (RequestFailedException exception) when (exception.ErrorCode == BlobErrorCode.BlobNotFound)
        {
            return null;
        }
    }, cancellation);

    // What is no certain answer becomes an exception of ours: a container that is gone in a sentence, all else as a failure that may be over soon.
    private async Task<T> Certain<T>(Func<Task<T>> request, CancellationToken cancellation)
    {
        try
        {
            return await request();
        }
        catch (RequestFailedException exception) when (exception.ErrorCode == BlobErrorCode.ContainerNotFound || exception.ErrorCode == BlobErrorCode.ContainerBeingDeleted)
        {
            throw new AzureStorageException(
                $"The container '{_reading.Name}' is gone, and with it every ledger. Stop all silos and restore it; started without it they would make an empty one.", exception);
        }
        catch (RequestFailedException exception)
        {
            throw new IOException($"The ledger's storage account cannot be used ({exception.Status} {exception.ErrorCode ?? "without an answer"}).", exception);
        }
        catch (OperationCanceledException exception) when (!cancellation.IsCancellationRequested)
        {
            // A limit of time of the client's own, which callers must not take for their own wish to end.
            throw new IOException("The ledger's storage account does not answer in time.", exception);
        }
        catch (AggregateException exception)
        {
            throw new IOException("The ledger's storage account cannot be used, tried several times.", exception);
        }
    }

    // "bytes 0-9/100" is a part; a whole blob comes without.
    private static long LengthOf(BlobDownloadDetails details) =>
        details.ContentRange is { Length: > 0 } range ? long.Parse(range.AsSpan(range.LastIndexOf('/') + 1), CultureInfo.InvariantCulture) : details.ContentLength;
}
