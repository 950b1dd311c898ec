using System.Buffers;
using System.Buffers.Text;
using System.Text;
using LlmTr.Api.Errors;
using LlmTr.Api.Requests;
using LlmTr.Api.Requests.Forms;

namespace LlmTr.Api.Images;

/// <summary>
/// An edit as OpenAI's clients send it, a form with files: it becomes the JSON body that says the same, each image written into it as a data URI while it comes, so that one
/// set of rules reads both. The body is the same for the same request, whatever boundary the client made up, so that an <c>Idempotency-Key</c> knows its repeats.
/// </summary>
internal sealed class ImageForm : IFormShape
{
    /// <summary>The parts that are files.</summary>
    internal static readonly string[] Files = ["image", "image[]", "mask"];

    /// <summary>The fields that are numbers, true or false in JSON.</summary>
    internal static readonly string[] Literals = ["n", "stream", "partial_images", "max_budget_usd"];

    // A multiple of three: only the last piece of an image is padded in base64.
    private const int PieceBytes = 48 * 1024;

    private readonly PooledBody _body;
    private int _images;

    private ImageForm(PooledBody body) => _body = body;

    public long MostBytes => ImagesEndpoint.MaxEditBytes;

    public ApiError TooLarge => GatewayErrors.BodyTooLarge(MostBytes);

    private static ReadOnlySpan<byte> ListFront => "{\"images\":["u8;

    // As long as the front of a list, over which it is written when there is only one image.
    private static ReadOnlySpan<byte> SingleFront => "{\"image\":  "u8;

    /// <summary>Reads the form. Exactly one of the two results is set: the JSON body, or what is wrong.</summary>
    public static async Task<(PooledBody? Body, ApiError? Error)> ReadAsync(HttpContext http, CancellationToken cancellation)
    {
        var body = PooledBody.ToWrite(http);
        try
        {
            var form = new ImageForm(body);
            body.TryAppend(ListFront);
            var (fields, error) = await Form.ReadAsync(http, form, cancellation);
            error ??= form.Finish(fields!);
            if (error is null)
                return (body, null);
            body.Dispose();
            return (null, error);
        }
        catch
        {
            body.Dispose();
            throw;
        }
    }

    public bool IsFile(string name) => Files.Contains(name);

    public async ValueTask<ApiError?> TakeAsync(SentFile file, CancellationToken cancellation)
    {
        if (file.Name == "mask")
            return UnforwardedImageFields.Mask;
        var piece = ArrayPool<byte>.Shared.Rent(PieceBytes);
        var digits = ArrayPool<byte>.Shared.Rent(Base64.GetMaxEncodedToUtf8Length(PieceBytes));
        try
        {
            // What the client calls its kind is not looked at: some call every file octets.
            var read = await ReadPieceAsync();
            if (InputImage.MediaTypeOf(piece.AsSpan(0, read)) is not { } type)
                return NotAnImage;
            if (!_body.TryAppend(_images++ == 0 ? "{\"url\":\"data:"u8 : ",{\"url\":\"data:"u8) || !_body.TryAppend(Encoding.ASCII.GetBytes(type)) || !_body.TryAppend(";base64,"u8))
                return GatewayErrors.TooManyLargeBodies;
            for (var bytes = read; read > 0; bytes += read)
            {
                if (bytes > InputImage.MostBytes)
                    return NotAnImage;
                Base64.EncodeToUtf8(piece.AsSpan(0, read), digits, out _, out var written);
                if (!_body.TryAppend(digits.AsSpan(0, written)))
                    return GatewayErrors.TooManyLargeBodies;
                read = await ReadPieceAsync();
            }

            return _body.TryAppend("\"}"u8) ? null : GatewayErrors.TooManyLargeBodies;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(piece, clearArray: true);
            ArrayPool<byte>.Shared.Return(digits, clearArray: true);
        }

        ValueTask<int> ReadPieceAsync() => file.Content.ReadAtLeastAsync(piece.AsMemory(0, PieceBytes), PieceBytes, throwOnEndOfStream: false, cancellation);
    }

    public bool IsLiteral(string name) => Literals.Contains(name);

    public bool IsHint(string name) => false;

    public ApiError? Missing() => _images > 0
        ? null
        : ApiError.InvalidRequest("The field 'image' is missing; send the image to start from as a file in it, or several as 'image[]'.", "image");

    private static ApiError NotAnImage { get; } =
        ApiError.InvalidRequest($"The field 'image' must be a PNG, JPEG or WebP file of at most {InputImage.MostBytes / (1024 * 1024)} MiB.", "image");

    private ApiError? Finish(ReadOnlySpan<byte> fields)
    {
        var isWritten = _images == 1 || _body.TryAppend("]"u8);
        if (_images == 1)
            _body.OverwriteFront(SingleFront);

        // The fields are an object of their own: its brace falls away, and a comma takes its place where anything follows.
        isWritten = isWritten && (fields.Length == 2 || _body.TryAppend(","u8)) && _body.TryAppend(fields[1..]);
        return isWritten ? null : GatewayErrors.TooManyLargeBodies;
    }
}
