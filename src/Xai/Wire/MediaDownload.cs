using System.Net;
using System.Net.Sockets;

namespace LlmTr.Xai.Wire;

/// <summary>
/// Fetches files that xAI made. An answer of xAI's names the address, so it is not trusted: only https, only hosts of a list, no addresses of private networks, and redirects
/// only to where the first request could have gone.
/// </summary>
public sealed class MediaDownload : IDisposable
{
    private const int MostRedirects = 3;

    private readonly HttpMessageInvoker _invoker;
    private readonly IReadOnlyCollection<string> _hosts;
    private readonly string? _insecureAuthority;

    /// <summary>Makes a downloader with connections of its own.</summary>
    /// <param name="hosts">Names of hosts, exactly: <c>vidgen.x.ai</c>.</param>
    /// <param name="insecureAuthority">
    /// A host and port that may also be reached by http and at a private address; for a simulator. Null for none.
    /// </param>
    public MediaDownload(IReadOnlyCollection<string> hosts, string? insecureAuthority = null)
    {
        _hosts = hosts;
        _insecureAuthority = insecureAuthority;
        _invoker = new HttpMessageInvoker(new SocketsHttpHandler
        {
            UseCookies = false,
            AllowAutoRedirect = false,
            UseProxy = false,
            ActivityHeadersPropagator = null,
            ConnectTimeout = TimeSpan.FromSeconds(10),
            PooledConnectionIdleTimeout = TimeSpan.FromSeconds(30),
            ConnectCallback = ConnectAsync,
        });
    }

    /// <summary>Begins to fetch a file.</summary>
    /// <param name="url">Where it is.</param>
    /// <param name="abort">Ends the fetching, also of the body.</param>
    /// <returns>The answer, a 200, whose body is to be read. Dispose it.</returns>
    /// <exception cref="MediaRefusedException">The address is not one that may be fetched, or the host does not give the file.</exception>
    /// <exception cref="HttpRequestException">The connection failed.</exception>
    public async Task<HttpResponseMessage> OpenAsync(string url, CancellationToken abort)
    {
        var next = Uri.TryCreate(url, UriKind.Absolute, out var parsed) ? parsed : throw new MediaRefusedException("The file's address is none.");
        for (var i = 0; i <= MostRedirects; i++)
        {
            RequireAllowed(next);
            using var request = new HttpRequestMessage(HttpMethod.Get, next) { Version = HttpVersion.Version11 };
            request.Headers.TryAddWithoutValidation("Accept", "*/*");
            request.Headers.TryAddWithoutValidation("User-Agent", XaiClient.UserAgent);
            var response = await _invoker.SendAsync(request, abort);
            if (response.StatusCode == HttpStatusCode.OK)
                return response;
            using (response)
            {
                if ((int)response.StatusCode is not (301 or 302 or 303 or 307 or 308) || response.Headers.Location is not { } location)
                    throw new MediaRefusedException($"The file's host answered {(int)response.StatusCode}.");
                next = location.IsAbsoluteUri ? location : new Uri(next, location);
            }
        }

        throw new MediaRefusedException($"The file's host redirects more than {MostRedirects} times.");
    }

    /// <inheritdoc/>
    public void Dispose() => _invoker.Dispose();

    private void RequireAllowed(Uri url)
    {
        if (IsInsecureOne(url.Scheme, url.Authority))
            return;
        if (url.Scheme != Uri.UriSchemeHttps || !url.IsDefaultPort || url.UserInfo.Length > 0 || !_hosts.Contains(url.Host, StringComparer.OrdinalIgnoreCase))
            throw new MediaRefusedException("The file's address is not https on one of the configured hosts.");
    }

    private bool IsInsecureOne(string scheme, string authority) =>
        _insecureAuthority is not null && scheme == Uri.UriSchemeHttp && string.Equals(authority, _insecureAuthority, StringComparison.OrdinalIgnoreCase);

    // The addresses that the name has now are the ones that are judged and used: a name that answers differently a moment later gains nothing.
    private async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancellation)
    {
        var end = context.DnsEndPoint;
        var addresses = await Dns.GetHostAddressesAsync(end.Host, cancellation);
        var anyAddress = IsInsecureOne(context.InitialRequestMessage.RequestUri!.Scheme, context.InitialRequestMessage.RequestUri.Authority);
        var allowed = addresses.Where(address => anyAddress || PublicAddress.Is(address)).ToArray();
        if (allowed.Length == 0)
            throw new MediaRefusedException("The file's host has no public address.");
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(allowed, end.Port, cancellation);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}

/// <summary>A file is not fetched; the message says why.</summary>
public sealed class MediaRefusedException : Exception
{
    /// <summary>Says nothing more.</summary>
    public MediaRefusedException()
        : this("The file is not fetched.")
    {
    }

    /// <summary>Says why.</summary>
    public MediaRefusedException(string message)
        : base(message)
    {
    }

    /// <summary>Says why, and what lies behind it.</summary>
    public MediaRefusedException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
