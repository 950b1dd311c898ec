namespace LlmTr.Api.Audio.Transcriptions;

/// <summary>
/// Where uploads lie between the customer and xAI, since xAI wants the file last and the hold wants its length. A file loses its name as soon as it is open, so that the
/// system itself frees it with its last handle, whatever ends the process; what a crash leaves between the two is deleted at the next start.
/// </summary>
internal sealed class AudioSpool(string folder, AudioOptions options)
{
    private long _bytes;

    /// <summary>Where the files are opened.</summary>
    public string Folder => folder;

    /// <summary>Bytes in files now.</summary>
    public long Bytes => Interlocked.Read(ref _bytes);

    /// <summary>Deletes what a process before this one left.</summary>
    public static void Clear(string folder)
    {
        if (Directory.Exists(folder))
            Directory.Delete(folder, recursive: true);
        Directory.CreateDirectory(folder);
    }

    /// <summary>Opens an empty file.</summary>
    /// <param name="name">A name that no other file has: the request's id.</param>
    /// <param name="hashed">True when its fingerprint will be asked for.</param>
    /// <exception cref="IOException">The disk does not let it.</exception>
    public SpooledAudio Open(string name, bool hashed)
    {
        var path = Path.Combine(folder, name);
        var file = new FileStream(path, new FileStreamOptions
        {
            Mode = FileMode.CreateNew,
            Access = FileAccess.ReadWrite,
            Share = FileShare.Delete,
            BufferSize = 0,
            Options = FileOptions.Asynchronous,
        });
        File.Delete(path);
        return new SpooledAudio(this, file, hashed);
    }

    /// <summary>Takes so many bytes of disk, or none when that would be too many in all.</summary>
    public bool TryTake(long bytes)
    {
        if (Interlocked.Add(ref _bytes, bytes) <= options.SpooledBytes)
            return true;
        Give(bytes);
        return false;
    }

    /// <summary>Gives bytes back.</summary>
    public void Give(long bytes) => Interlocked.Add(ref _bytes, -bytes);
}
