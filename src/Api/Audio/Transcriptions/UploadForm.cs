using System.Buffers;
using LlmTr.Api.Errors;
using LlmTr.Api.Requests.Forms;
using LlmTr.Api.Requests.Json;

namespace LlmTr.Api.Audio.Transcriptions;

/// <summary>A form with a file of audio, which goes to the disk piece by piece.</summary>
/// <param name="audio">Where the file goes.</param>
internal sealed class UploadForm(SpooledAudio audio) : IFormShape
{
    /// <summary>The largest file (xAI contract, section 7.2).</summary>
    public const long MostFileBytes = 500_000_000;

    /// <summary>The parts that are files; audio in base64 is one only to be refused unread.</summary>
    internal static readonly string[] Files = ["file", "audio_base64"];

    /// <summary>The fields that are numbers, true or false in JSON.</summary>
    internal static readonly string[] Literals = ["sample_rate", "duration_seconds", "format", "stream", "diarize", "multichannel", "filler_words"];

    // Fields, boundaries and part headers around the file.
    private const long MostOtherBytes = 1024 * 1024;
    private const int PieceBytes = 64 * 1024;

    private bool _hasFile;

    /// <summary>The file's own name; null without one.</summary>
    public string? FileName { get; private set; }

    public long MostBytes => MostFileBytes + MostOtherBytes;

    public ApiError TooLarge => AudioErrors.FileTooLarge;

    public bool IsFile(string name) => Files.Contains(name);

    public async ValueTask<ApiError?> TakeAsync(SentFile file, CancellationToken cancellation)
    {
        if (file.Name != "file")
            return ApiError.InvalidRequest("A form has its audio in 'file'; 'audio_base64' is for JSON.", "audio_base64");
        if (_hasFile)
            return ApiError.InvalidRequest("The field 'file' is there twice.", "file");
        _hasFile = true;
        FileName = file.FileName;
        var piece = ArrayPool<byte>.Shared.Rent(PieceBytes);
        try
        {
            while (true)
            {
                // Whole pieces: each costs a write.
                var read = await file.Content.ReadAtLeastAsync(piece.AsMemory(0, PieceBytes), PieceBytes, throwOnEndOfStream: false, cancellation);
                if (read == 0)
                    return null;
                if (audio.Length + read > MostFileBytes)
                    return AudioErrors.FileTooLarge;
                if (await audio.WriteAsync(piece.AsMemory(0, read), cancellation) is { } refusal)
                    return refusal;
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(piece, clearArray: true);
        }
    }

    public bool IsLiteral(string name) => Literals.Contains(name);

    public bool IsHint(string name) => FieldNames<TranscriptionField>.TryFind(name, out var field) && TranscriptionOrder.Hints.Contains(field);

    public ApiError? Missing() => _hasFile ? null : ApiError.InvalidRequest("The field 'file' is missing; send the audio in it.", "file");
}
