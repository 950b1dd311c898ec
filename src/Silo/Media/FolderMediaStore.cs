using System.Buffers;
using System.Security.Cryptography;
using LlmTr.Silo.Sqlite;

namespace LlmTr.Silo.Media;

/// <summary>The media store of the embedded mode: <c>media</c> below the data folder, one file each.</summary>
public sealed class FolderMediaStore : IMediaStore
{
    private const string Unfinished = ".part";
    private const int BufferBytes = 128 * 1024;

    private readonly string _folder;

    /// <summary>Makes the folder where needed, and clears away what a killed process left unfinished.</summary>
    public FolderMediaStore(DataFolder folder)
    {
        _folder = Path.Combine(folder.Path, "media");
        Directory.CreateDirectory(_folder);
        foreach (var file in Directory.EnumerateFiles(_folder, "*" + Unfinished))
            File.Delete(file);
    }

    /// <inheritdoc/>
    public async Task<MediaFile> SaveAsync(string name, Stream content, long mostBytes, CancellationToken cancellation)
    {
        var file = PathOf(name);
        var part = $"{file}.{RandomNumberGenerator.GetHexString(8, lowercase: true)}{Unfinished}";
        try
        {
            var saved = await WriteAsync(part, content, mostBytes, cancellation);

            // .NET cannot flush a folder. A rename that a power cut undoes leaves the name without a file, which is told as such; a kill undoes none.
            File.Move(part, file, overwrite: true);
            return saved;
        }
        catch
        {
            File.Delete(part);
            throw;
        }
    }

    /// <inheritdoc/>
    public Task<Stream?> OpenAsync(string name, CancellationToken cancellation)
    {
        try
        {
            // Deleting it meanwhile is allowed: who reads reads on.
            return Task.FromResult<Stream?>(new FileStream(
                PathOf(name), FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete, BufferBytes, FileOptions.Asynchronous));
        }
        catch (FileNotFoundException)
        {
            return Task.FromResult<Stream?>(null);
        }
    }

    /// <inheritdoc/>
    public Task DeleteAsync(string name, CancellationToken cancellation)
    {
        File.Delete(PathOf(name));
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task<int> DeleteOldAsync(DateTimeOffset keptBefore, CancellationToken cancellation)
    {
        var deleted = 0;
        foreach (var file in Directory.EnumerateFiles(_folder))
        {
            cancellation.ThrowIfCancellationRequested();
            if (File.GetLastWriteTimeUtc(file) >= keptBefore.UtcDateTime)
                continue;
            File.Delete(file);
            deleted++;
        }

        return Task.FromResult(deleted);
    }

    private static async Task<MediaFile> WriteAsync(string path, Stream content, long mostBytes, CancellationToken cancellation)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(BufferBytes);
        try
        {
            using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
            await using var file = new FileStream(path, FileMode.CreateNew, FileAccess.Write, FileShare.None, bufferSize: 0, FileOptions.Asynchronous);
            var length = 0L;
            while (await content.ReadAsync(buffer, cancellation) is var read and > 0)
            {
                length += read;
                if (length > mostBytes)
                    throw new MediaTooLargeException($"The file is longer than {mostBytes} bytes.");
                hash.AppendData(buffer, 0, read);
                await file.WriteAsync(buffer.AsMemory(0, read), cancellation);
            }

            file.Flush(flushToDisk: true);
            return new MediaFile(length, Convert.ToHexStringLower(hash.GetHashAndReset()));
        }
        finally
        {
            // It held a customer's file, which nobody else that rents the array should find.
            ArrayPool<byte>.Shared.Return(buffer, clearArray: true);
        }
    }

    private string PathOf(string name) => Path.Combine(_folder, MediaName.Checked(name));
}
