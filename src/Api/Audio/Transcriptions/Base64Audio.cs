using System.Buffers;
using System.Buffers.Text;
using LlmTr.Api.Errors;
using LlmTr.Api.Requests.Json;

namespace LlmTr.Api.Audio.Transcriptions;

/// <summary>Audio inside JSON: decoded to the disk piece by piece, so that it goes on like an uploaded file and the body's memory is free again.</summary>
internal static class Base64Audio
{
    private const int PieceBytes = 48 * 1024;

    /// <summary>Decodes the field into the file; the refusal where it is no base64.</summary>
    public static async Task<ApiError?> SpoolAsync(ReadOnlyMemory<byte> json, RequestBody<TranscriptionField> body, SpooledAudio audio, CancellationToken cancellation)
    {
        const TranscriptionField field = TranscriptionField.AudioBase64;
        if (!body.Has(field))
            return ApiError.InvalidRequest("The field 'audio_base64' is missing; send the audio in it, or as 'file' of a multipart form.", field.Name());
        if (body.KindOf(field) != System.Text.Json.JsonTokenType.String)
            return FieldChecks.Wrong(field, "must be a string");
        byte[]? unescaped = null;
        var piece = ArrayPool<byte>.Shared.Rent(PieceBytes);
        try
        {
            var text = TextOf(json, body, ref unescaped);
            while (!text.IsEmpty)
            {
                // A piece that is full says so; the last one is checked for its padding.
                var status = Base64.DecodeFromUtf8(text.Span, piece.AsSpan(0, PieceBytes), out var consumed, out var written);
                if (status is not (OperationStatus.Done or OperationStatus.DestinationTooSmall) || consumed == 0)
                    return AudioErrors.NotBase64;
                text = text[consumed..];
                if (await audio.WriteAsync(piece.AsMemory(0, written), cancellation) is { } refusal)
                    return refusal;
            }

            return null;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(piece, clearArray: true);
            if (unescaped is not null)
                ArrayPool<byte>.Shared.Return(unescaped, clearArray: true);
        }
    }

    // Some writers of JSON escape the slash, which base64 is full of.
    private static ReadOnlyMemory<byte> TextOf(ReadOnlyMemory<byte> json, RequestBody<TranscriptionField> body, ref byte[]? unescaped)
    {
        var reader = body.Open(TranscriptionField.AudioBase64);
        if (!reader.ValueIsEscaped && json.Span.Overlaps(reader.ValueSpan, out var start))
            return json.Slice(start, reader.ValueSpan.Length);
        unescaped = ArrayPool<byte>.Shared.Rent(reader.ValueSpan.Length);
        return unescaped.AsMemory(0, reader.CopyString(unescaped));
    }
}
