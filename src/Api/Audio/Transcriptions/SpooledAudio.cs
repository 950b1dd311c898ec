using System.Buffers;
using System.Net;
using System.Security.Cryptography;
using LlmTr.Api.Errors;
using LlmTr.Xai.Audio;

namespace LlmTr.Api.Audio.Transcriptions;

/// <summary>One upload in a temporary file that has no name any more. Disposing it frees the disk.</summary>
internal sealed class SpooledAudio : IAsyncDisposable
{
    private readonly AudioSpool _spool;
    private readonly FileStream _file;
    private readonly IncrementalHash? _hash;

    public SpooledAudio(AudioSpool spool, FileStream file, bool hashed)
    {
        (_spool, _file) = (spool, file);
        _hash = hashed ? IncrementalHash.CreateHash(HashAlgorithmName.SHA256) : null;
    }

    /// <summary>Its size in bytes.</summary>
    public long Length { get; private set; }

    /// <summary>Appends bytes; the refusal when the uploads of all together would take too much disk, or the disk does not let it.</summary>
    public async ValueTask<ApiError?> WriteAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellation)
    {
        if (!_spool.TryTake(bytes.Length))
            return AudioErrors.TooManyUploads;
        Length += bytes.Length;
        _hash?.AppendData(bytes.Span);
        try
        {
            await _file.WriteAsync(bytes, cancellation);
            return null;
        }
        catch (IOException)
        {
            return AudioErrors.NotStored;
        }
    }

    /// <summary>The SHA-256 of what was written, where it was to be hashed; empty else.</summary>
    public byte[] Hash() => _hash?.GetCurrentHash() ?? [];

    /// <summary>The length that its own header tells. Reads from the page cache, synchronously and boundedly.</summary>
    public AudioLength? ReadHeader() => AudioHeader.ReadLength(_file);

    /// <summary>The file as the body of a part; may be made and sent more than once.</summary>
    public HttpContent Content() => new FileContent(_file, Length);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _file.DisposeAsync();
        _hash?.Dispose();
        _spool.Give(Length);
        Length = 0;
    }

    private sealed class FileContent(FileStream file, long length) : HttpContent
    {
        private const int PieceBytes = 64 * 1024;

        protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) => SerializeToStreamAsync(stream, context, CancellationToken.None);

        protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
        {
            var piece = ArrayPool<byte>.Shared.Rent(PieceBytes);
            try
            {
                for (var offset = 0L; offset < length;)
                {
                    var read = await RandomAccess.ReadAsync(file.SafeFileHandle, piece.AsMemory(0, PieceBytes), offset, cancellationToken);
                    if (read == 0)
                        throw new IOException("A spooled upload is shorter than what was written to it.");
                    await stream.WriteAsync(piece.AsMemory(0, read), cancellationToken);
                    offset += read;
                }
            }
            finally
            {
                ArrayPool<byte>.Shared.Return(piece, clearArray: true);
            }
        }

        protected override bool TryComputeLength(out long computed)
        {
            computed = length;
            return true;
        }
    }
}
