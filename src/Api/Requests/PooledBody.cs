using System.Buffers;
using LlmTr.Api.Errors;
using LlmTr.Api.Hosting;
using Microsoft.AspNetCore.Http.Features;

namespace LlmTr.Api.Requests;

/// <summary>A request's whole body in one rented array.</summary>
internal sealed class PooledBody : IDisposable
{
    private const int FirstBytes = 4096;

    // A client that is cut off while it sends sees a broken connection and no answer. So what is only somewhat too large is read to its end and thrown away.
    private const long DiscardedBytes = 32 * 1024 * 1024;

    // Of any client there is, most send less in one go. A length that is only announced takes no memory.
    private const int MostFirstBytes = 64 * 1024;

    private readonly LargeBodies _large;
    private byte[] _array;
    private long _taken;

    private PooledBody(LargeBodies large, int firstBytes) => (_large, _array) = (large, ArrayPool<byte>.Shared.Rent(firstBytes));

    /// <summary>The body; not valid after <see cref="Dispose"/>.</summary>
    public ReadOnlyMemory<byte> Bytes { get; private set; }

    /// <summary>A body to be written here piece by piece, where what came was no JSON yet.</summary>
    public static PooledBody ToWrite(HttpContext http) => new(http.RequestServices.GetRequiredService<LargeBodies>(), FirstBytes);

    /// <summary>Writes bytes behind those that are there; false when large bodies take all the memory that they may.</summary>
    public bool TryAppend(ReadOnlySpan<byte> bytes)
    {
        var length = Bytes.Length;
        while (_array.Length - length < bytes.Length)
        {
            if (!TryGrow(length + bytes.Length))
                return false;
        }

        bytes.CopyTo(_array.AsSpan(length));
        Bytes = _array.AsMemory(0, length + bytes.Length);
        return true;
    }

    /// <summary>Writes bytes over those at the front, of which there must be as many.</summary>
    public void OverwriteFront(ReadOnlySpan<byte> bytes) => bytes.CopyTo(_array.AsSpan(0, Bytes.Length));

    /// <summary>Reads the body up to a limit in bytes. Exactly one of the two results is set.</summary>
    public static async ValueTask<(PooledBody? Body, ApiError? Error)> ReadAsync(HttpContext http, long limitBytes)
    {
        // Kestrel cuts the connection where its own count ends.
        if (http.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } size)
            size.MaxRequestBodySize = limitBytes + DiscardedBytes;
        if (http.Request.ContentLength > limitBytes + DiscardedBytes)
            return (null, GatewayErrors.BodyTooLarge(limitBytes));
        if (http.Request.Headers.ContentEncoding.Count > 0)
            return (null, GatewayErrors.BodyNotRead("Content-Encoding is not supported; send it uncompressed."));

        // A client that has gone is noticed by the read itself. At a shutdown nobody waits for a body that is still to come.
        var stopping = http.RequestServices.GetRequiredService<GracefulStop>().Leaving;

        // One more than announced, so that the end is found without growing.
        var firstBytes = (int)Math.Min(MostFirstBytes, (http.Request.ContentLength ?? FirstBytes) + 1);
        var body = new PooledBody(http.RequestServices.GetRequiredService<LargeBodies>(), firstBytes);
        try
        {
            var length = 0;
            while (true)
            {
                if (length == body._array.Length && !body.TryGrow(Math.Min(limitBytes, http.Request.ContentLength ?? 0) + 1))
                {
                    await DiscardAsync(http, body._array, stopping);
                    body.Dispose();
                    return (null, GatewayErrors.TooManyLargeBodies);
                }

                var read = await http.Request.Body.ReadAsync(body._array.AsMemory(length), stopping);
                if (read == 0)
                    break;
                if (length + read <= limitBytes)
                {
                    length += read;
                    continue;
                }

                await DiscardAsync(http, body._array, stopping);
                body.Dispose();
                return (null, GatewayErrors.BodyTooLarge(limitBytes));
            }

            body.Bytes = body._array.AsMemory(0, length);
            return (body, null);
        }
        catch (BadHttpRequestException exception)
        {
            body.Dispose();
            return (null, exception.StatusCode == StatusCodes.Status413PayloadTooLarge
                ? GatewayErrors.BodyTooLarge(limitBytes)
                : GatewayErrors.BodyNotRead("it was cut off, malformed or came too slowly.") with { Status = exception.StatusCode });
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            body.Dispose();
            http.Response.Headers.Connection = "close";
            return (null, GatewayErrors.Stopping);
        }
        catch
        {
            body.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        ReturnBytes();
        _large.Give(_taken);
        _taken = 0;
    }

    /// <summary>Gives the bytes back early, when a copy of them has taken their place: the body still counts as large until <see cref="Dispose"/>.</summary>
    public void ReturnBytes()
    {
        Bytes = default;
        if (_array.Length > 0)
            ArrayPool<byte>.Shared.Return(_array, clearArray: true);
        _array = [];
    }

    private static async Task DiscardAsync(HttpContext http, byte[] into, CancellationToken cancellation)
    {
        while (await http.Request.Body.ReadAsync(into, cancellation) > 0)
        {
        }
    }

    private bool TryGrow(long expectedBytes)
    {
        // Once a large body is under way its announced length is believed: growing step by step would leave as much again in arrays that are too small.
        var bytes = checked(_array.Length * 2);
        if (_array.Length >= LargeBodies.LeastBytes)
            bytes = (int)Math.Max(bytes, expectedBytes);
        if (bytes > LargeBodies.LeastBytes)
        {
            var more = bytes - _taken;
            if (!_large.TryTake(more))
                return false;
            _taken += more;
        }

        var larger = ArrayPool<byte>.Shared.Rent(bytes);
        _array.CopyTo(larger, 0);
        ArrayPool<byte>.Shared.Return(_array, clearArray: true);
        _array = larger;
        return true;
    }
}
