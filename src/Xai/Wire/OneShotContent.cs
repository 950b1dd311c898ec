using System.Net;

namespace LlmTr.Xai.Wire;

/// <summary>
/// A request body that can be written to the wire once, and that knows whether it was. That gives two guarantees which do not depend on what the HTTP
/// stack does inside: a request whose body was never begun was never sent (xAI begins with parsing a POST's body: contract, section 1.4), and no request is ever sent
/// twice, because a second attempt finds no body. xAI has no idempotency keys: a repeated POST is a second bill (contract, section 1.1).
/// </summary>
internal sealed class OneShotContent : HttpContent
{
    private readonly HttpContent _body;
    private int _writes;

    public OneShotContent(HttpContent body)
    {
        _body = body;
        // The one header of the body that xAI is meant to see. The length follows from TryComputeLength.
        Headers.ContentType = body.Headers.ContentType;
    }

    /// <summary>False as long as not one byte of the body can have left.</summary>
    public bool IsBegun => Volatile.Read(ref _writes) > 0;

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) =>
        SerializeToStreamAsync(stream, context, CancellationToken.None);

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
    {
        if (Interlocked.Increment(ref _writes) > 1)
            throw new InvalidOperationException("A request to xAI is never sent twice: it would be billed twice.");
        return _body.CopyToAsync(stream, context, cancellationToken);
    }

    protected override bool TryComputeLength(out long length)
    {
        length = _body.Headers.ContentLength ?? -1;
        return length >= 0;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            _body.Dispose();
        base.Dispose(disposing);
    }
}
