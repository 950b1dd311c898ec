using System.Net;
using LlmTr.XaiSimulator.Control;
using LlmTr.XaiSimulator.Files;
using LlmTr.XaiSimulator.Recording;
using LlmTr.XaiSimulator.Serving;
using LlmTr.XaiSimulator.Videos;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace LlmTr.XaiSimulator;

/// <summary>
/// A server on 127.0.0.1 that behaves as api.x.ai does, for tests and demonstrations without a key or a bill. Any number can run in one process; they share
/// nothing. All members may be used from any thread.
/// </summary>
public sealed class Simulator : IAsyncDisposable
{
    private readonly Script _script = new();
    private readonly RequestLog _log;
    private readonly BookKeeper _books;
    private readonly FileShelf _files;
    private readonly VideoJobs _videos;
    private readonly WebApplication _application;
    private readonly CancellationTokenSource _stopping = new();
    private int _disposed;

    private Simulator(SimulatorOptions options)
    {
        ApiKey = options.ApiKey;
        _log = new RequestLog(options.KeptRequests, options.KeptBytes);
        _books = new BookKeeper(_log);
        _application = Build(options.Port);

        _files = new FileShelf(options.Time);
        _videos = new VideoJobs(options.Time, options.VideoTime);
        var routes = new Routes(_files, _videos);
        var server = new Server(options, _script, Gate, Steps, _books);
        var control = new ControlEndpoint(this);
        _application.Run(http => http.Request.Path.StartsWithSegments(ControlEndpoint.Root)
            ? control.ServeAsync(http)
            : server.ServeAsync(http, routes.Of(http.Request.Method, http.Request.Path.Value ?? ""), _stopping.Token));
    }

    /// <summary>Where clients send their requests: <c>http://127.0.0.1:PORT/v1</c>.</summary>
    public Uri BaseUrl { get; private set; } = null!;

    /// <summary>The only key that is accepted.</summary>
    public string ApiKey { get; }

    /// <summary>Holds requests back until a test opens it.</summary>
    public Gate Gate { get; } = new();

    /// <summary>Lets frames of stepped streams go one at a time.</summary>
    public FrameSteps Steps { get; } = new();

    /// <summary>The remembered requests, all but those of control, oldest first: a copy of the list as it is now.</summary>
    public IReadOnlyList<RecordedRequest> Requests => _log.Snapshot();

    /// <summary>What was billed since the start or the last <see cref="ResetBooks"/>.</summary>
    public Books Books => _books.Books;

    /// <summary>The videos that were started, in their order, as they stand now. Unlike requests they are never forgotten by themselves.</summary>
    public IReadOnlyList<Video> Videos => _videos.Snapshot();

    /// <summary>Their sums.</summary>
    public VideoBooks VideoBooks => _videos.Books();

    /// <summary>Starts one. It listens when the task completes.</summary>
    /// <exception cref="IOException">The port is taken.</exception>
    public static async Task<Simulator> StartAsync(SimulatorOptions? options = null, CancellationToken cancellationToken = default)
    {
        var simulator = new Simulator(options ?? new SimulatorOptions());
        try
        {
            await simulator._application.StartAsync(cancellationToken);
            var addresses = simulator._application.Services.GetRequiredService<IServer>().Features.GetRequiredFeature<IServerAddressesFeature>();
            simulator.BaseUrl = new Uri(addresses.Addresses.Single() + "/v1");
            return simulator;
        }
        catch
        {
            await simulator.DisposeAsync();
            throw;
        }
    }

    /// <summary>Has the next requests that fit answered in this way. Behaviours wait in a row; of those that fit a request, the first is used.</summary>
    /// <param name="behaviour">How.</param>
    /// <param name="times">For so many requests, at least 1.</param>
    /// <param name="match">For which; by default any POST.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="times"/> is below 1.</exception>
    public void Enqueue(Behaviour behaviour, int times = 1, RequestMatch? match = null) => _script.Add(behaviour, times, match ?? RequestMatch.AnyPost);

    /// <summary>Forgets the behaviours that still wait.</summary>
    public void ClearScript() => _script.Clear();

    /// <summary>Forgets the requests; the next one is number 1. The books stay.</summary>
    public void ForgetRequests() => _log.Clear();

    /// <summary>Lets all images and videos that answers have named so far be gone, as they are at xAI after some hours.</summary>
    /// <param name="status">What their addresses answer from now on: 403 or 404.</param>
    public void ExpireFiles(int status = 403) => _files.ExpireAll(status);

    /// <summary>Ends videos at once, also those that never would; the next look finds how.</summary>
    /// <param name="requestId">The one; null for all that were started so far.</param>
    public void FinishVideos(string? requestId = null) => _videos.Finish(requestId);

    /// <summary>Completes once so many requests have arrived since the start or the last <see cref="ForgetRequests"/>.</summary>
    /// <exception cref="OperationCanceledException">The token was cancelled first.</exception>
    public Task WaitForRequestsAsync(int count, CancellationToken cancellationToken = default) => _log.WaitForArrivedAsync(count, cancellationToken);

    /// <summary>
    /// Completes once every remembered request has ended: a client can have read a whole reply a little before its request is closed here. Requests that
    /// come in meanwhile are not waited for.
    /// </summary>
    /// <exception cref="OperationCanceledException">The token was cancelled first.</exception>
    public Task WaitForIdleAsync(CancellationToken cancellationToken = default) =>
        Task.WhenAll(Requests.Select(request => request.Ended)).WaitAsync(cancellationToken);

    /// <summary>Starts new books, of videos too. Requests that are open now make them lopsided: wait for them first.</summary>
    public void ResetBooks()
    {
        _books.Reset();
        _videos.Reset();
    }

    /// <summary>Stops at once: whatever is held, stalled or half sent is cut.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) != 0)
            return;
        await _stopping.CancelAsync();
        using var now = new CancellationTokenSource();
        await now.CancelAsync();
        await _application.StopAsync(now.Token);
        await _application.DisposeAsync();
        _stopping.Dispose();
    }

    private static WebApplication Build(int port)
    {
        // Empty: no configuration, no environment, no logging, so that nothing but the options decides, and it starts fast.
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseSockets(sockets =>
        {
            sockets.Backlog = 4096;
            // A flush then completes when the bytes are with the operating system: a cut after N bytes is after N bytes, not after fewer.
            sockets.MaxWriteBufferSize = 1;
        });
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.Listen(IPAddress.Loopback, port, listen => listen.Protocols = HttpProtocols.Http1);
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = null;
            kestrel.Limits.MinRequestBodyDataRate = null;
            kestrel.Limits.MinResponseDataRate = null;
        });
        return builder.Build();
    }
}
