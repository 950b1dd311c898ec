using System.Buffers;
using System.IO.Pipelines;
using System.Runtime.CompilerServices;
using LlmTr.Api.Metering;

namespace LlmTr.Api.Responses;

/// <summary>
/// The client's end of a stream. Everything that is written goes through here, one batch at a time; in silence it writes comments, so that
/// proxies in between keep the connection. A client that has left is noticed and then no longer written to.
/// </summary>
internal sealed class SseOutput : IAsyncDisposable
{
    private readonly HttpContext _http;
    private readonly TimeProvider _clock;
    private readonly TimeSpan _keepAlive;
    private readonly ITimer _timer;

    // Held while a batch or a comment is being written: the response's writer takes one at a time.
    private readonly SemaphoreSlim _turn = new(1, 1);
    private long _lastWrite;
    private TimeSpan _patience;
    private bool _closed;

    public SseOutput(HttpContext http, MeteringOptions options, TimeProvider clock)
    {
        _http = http;
        _clock = clock;
        _keepAlive = options.KeepAlive;
        _patience = options.ClientPatience;
        _lastWrite = clock.GetTimestamp();
        _timer = clock.CreateTimer(static state => _ = ((SseOutput)state!).KeepAliveAsync(), this, _keepAlive, _keepAlive / 4);
    }

    /// <summary>Where the current batch is written.</summary>
    public IBufferWriter<byte> Writer => _http.Response.BodyWriter;

    /// <summary>False once the client is known to be gone.</summary>
    public bool IsOpen => !_closed && !_http.RequestAborted.IsCancellationRequested;

    /// <summary>Sends the headers, so that the client sees its stream begin.</summary>
    public async Task StartAsync()
    {
        var response = _http.Response;
        response.StatusCode = StatusCodes.Status200OK;
        response.ContentType = "text/event-stream";
        response.Headers.CacheControl = "no-cache";
        await BeginAsync();
        await EndAsync();
    }

    /// <summary>Takes the turn to write a batch of frames.</summary>
    public Task BeginAsync() => _turn.WaitAsync();

    /// <summary>Sends what the batch holds, and gives the turn back.</summary>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    public async ValueTask EndAsync()
    {
        try
        {
            await FlushAsync();
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>Sends what the batch holds up to here.</summary>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    public async ValueTask FlushAsync()
    {
        _lastWrite = _clock.GetTimestamp();
        if (!IsOpen)
            return;
        try
        {
            var flush = _http.Response.BodyWriter.FlushAsync(_http.RequestAborted);
            var result = flush.IsCompleted ? await flush : await WaitAsync(flush.AsTask());
            _closed |= result.IsCompleted;
        }
        catch (TimeoutException)
        {
            // It takes its answer too slowly: from here on it counts as gone.
            _closed = true;
            _http.Abort();
        }
        catch (Exception exception) when (exception is OperationCanceledException or IOException)
        {
            // The client is gone; the call goes on for the sake of its cost.
            _closed = true;
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _timer.DisposeAsync();

        // A comment may be on its way still.
        await _turn.WaitAsync();
        _turn.Dispose();
    }

    private async Task<FlushResult> WaitAsync(Task<FlushResult> flush)
    {
        var began = _clock.GetTimestamp();
        try
        {
            return await flush.WaitAsync(_patience > TimeSpan.Zero ? _patience : TimeSpan.Zero, _clock);
        }
        finally
        {
            _patience -= _clock.GetElapsedTime(began);
        }
    }

    private async Task KeepAliveAsync()
    {
        try
        {
            if (_clock.GetElapsedTime(_lastWrite) < _keepAlive || !_turn.Wait(0))
                return;
        }
        catch (ObjectDisposedException)
        {
            // The stream ended in between.
            return;
        }

        if (IsOpen)
            Writer.Write(": keep-alive\n\n"u8);
        await EndAsync();
    }
}
