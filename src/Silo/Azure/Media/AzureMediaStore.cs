using System.Buffers;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Azure;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using Azure.Storage.Blobs.Specialized;
using LlmTr.Silo.Media;

namespace LlmTr.Silo.Azure.Media;

/// <summary>
/// The media store of a cluster: one block blob each. A file is sent in blocks while it comes in, with one block in memory, and is there all at once when the list of its
/// blocks is committed. What a killed process left uncommitted is seen by nobody, and goes by itself after a week.
/// </summary>
/// <remarks>Two who save under one name at the same time: one is kept whole; the other may be told that its blocks are gone, as for any other failure.</remarks>
public sealed class AzureMediaStore(BlobContainerClient container) : IMediaStore
{
    /// <summary>How long a block is, bytes. A blob has at most 50,000 of them, which is 195 GiB.</summary>
    internal const int BlockBytes = 4 * 1024 * 1024;

    private const int MostInOneAnswer = 5000;

    /// <inheritdoc/>
    /// <exception cref="IOException">It is not known whether it is kept.</exception>
    public async Task<MediaFile> SaveAsync(string name, Stream content, long mostBytes, CancellationToken cancellation)
    {
        var blob = container.GetBlockBlobClient(MediaName.Checked(name));
        var buffer = ArrayPool<byte>.Shared.Rent(BlockBytes);
        try
        {
            using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
            var blocks = new List<string>();

            // Blocks are the blob's and not the writer's: two who name theirs alike would commit a mixture.
            var attempt = RandomNumberGenerator.GetHexString(16, lowercase: true);
            var length = 0L;
            while (true)
            {
                var read = await content.ReadAtLeastAsync(buffer.AsMemory(0, BlockBytes), BlockBytes, throwOnEndOfStream: false, cancellation);
                length += read;
                if (length > mostBytes)
                    throw new MediaTooLargeException($"The file is longer than {mostBytes} bytes.");
                hash.AppendData(buffer, 0, read);
                using var block = new MemoryStream(buffer, 0, read, writable: false);
                if (read < BlockBytes && blocks.Count == 0)
                {
                    // All of it: one request is enough, and is as indivisible.
                    await blob.UploadAsync(block, new BlobUploadOptions(), cancellation);
                    break;
                }

                if (read > 0)
                {
                    blocks.Add(BlockId(attempt, blocks.Count));
                    await blob.StageBlockAsync(blocks[^1], block, cancellationToken: cancellation);
                }

                if (read < BlockBytes)
                {
                    await blob.CommitBlockListAsync(blocks, cancellationToken: cancellation);
                    break;
                }
            }

            return new MediaFile(length, Convert.ToHexStringLower(hash.GetHashAndReset()));
        }
        catch (Exception exception) when (AzureFailure.IsOne(exception, cancellation))
        {
            throw AzureFailure.Of($"The file '{name}' could not be saved", exception);
        }
        finally
        {
            // It held a customer's file, which nobody else that rents the array should find.
            ArrayPool<byte>.Shared.Return(buffer, clearArray: true);
        }
    }

    /// <inheritdoc/>
    /// <remarks>
    /// One request, then one for every <see cref="BlockBytes"/> that are read; nothing is held in memory. Read it asynchronously. A file that is deleted or replaced while it is read breaks off with an
    /// <see cref="IOException"/>, and never goes on as another.
    /// </remarks>
    /// <exception cref="IOException">It is not known whether there is one.</exception>
    public async Task<Stream?> OpenAsync(string name, CancellationToken cancellation)
    {
        var blob = container.GetBlobClient(MediaName.Checked(name));
        try
        {
            var properties = (await blob.GetPropertiesAsync(cancellationToken: cancellation)).Value;
            return new BlobFileStream(blob, properties.ContentLength, properties.ETag);
        }
        catch (RequestFailedException missing) when (missing.ErrorCode == BlobErrorCode.BlobNotFound)
        {
            return null;
        }
        catch (Exception exception) when (AzureFailure.IsOne(exception, cancellation))
        {
            throw AzureFailure.Of($"The file '{name}' could not be opened", exception);
        }
    }

    /// <inheritdoc/>
    /// <exception cref="IOException">It is not known whether it is gone.</exception>
    public async Task DeleteAsync(string name, CancellationToken cancellation)
    {
        try
        {
            await container.GetBlobClient(MediaName.Checked(name)).DeleteAsync(cancellationToken: cancellation);
        }
        catch (RequestFailedException missing) when (missing.ErrorCode == BlobErrorCode.BlobNotFound)
        {
            // It is gone.
        }
        catch (Exception exception) when (AzureFailure.IsOne(exception, cancellation))
        {
            throw AzureFailure.Of($"The file '{name}' could not be deleted", exception);
        }
    }

    /// <inheritdoc/>
    /// <remarks>When a file was kept is what the blob service says: its last modification. One request for every 5,000 files that there are, and one for each that is deleted.</remarks>
    /// <exception cref="IOException">It could not be done to the end.</exception>
    public async Task<int> DeleteOldAsync(DateTimeOffset keptBefore, CancellationToken cancellation)
    {
        var deleted = 0;
        try
        {
            await foreach (var page in container.GetBlobsAsync(new GetBlobsOptions(), cancellation).AsPages(pageSizeHint: MostInOneAnswer))
            {
                foreach (var blob in page.Values)
                {
                    if (blob.Properties.LastModified < keptBefore && await DeleteUnchangedAsync(blob, cancellation))
                        deleted++;
                }
            }
        }
        catch (Exception exception) when (AzureFailure.IsOne(exception, cancellation))
        {
            throw AzureFailure.Of("Old files could not be deleted", exception);
        }

        return deleted;
    }

    // One that was saved again since it was listed stays.
    private async Task<bool> DeleteUnchangedAsync(BlobItem blob, CancellationToken cancellation)
    {
        try
        {
            var unchanged = new BlobRequestConditions { IfMatch = blob.Properties.ETag };
            await container.GetBlobClient(blob.Name).DeleteAsync(conditions: unchanged, cancellationToken: cancellation);
            return true;
        }
        catch (RequestFailedException refused) when (refused.Status == 412 || refused.ErrorCode == BlobErrorCode.BlobNotFound)
        {
            return false;
        }
    }

    // All ids of a blob's blocks must be of one length.
    private static string BlockId(string attempt, int number) =>
        Convert.ToBase64String(Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{attempt}{number:D6}")));
}
