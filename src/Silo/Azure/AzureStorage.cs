using Azure;
using Azure.Core;
using Azure.Core.Pipeline;
using Azure.Identity;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using Microsoft.Extensions.Options;

namespace LlmTr.Silo.Azure;

/// <summary>The storage account of a cluster, and the one set of connections to it that all its stores share.</summary>
public sealed class AzureStorage : IDisposable
{
    // Above what the SDK allows by default (50): a node of a thousand busy accounts has as many appends under way.
    private const int MostConnections = 500;

    private static readonly TimeSpan MostToConnect = TimeSpan.FromSeconds(2);

    // So that a changed address of the service is found: names are resolved once for each connection.
    private static readonly TimeSpan ConnectionLifetime = TimeSpan.FromMinutes(5);

    private readonly AzureStorageOptions _options;
    private readonly TokenCredential? _credential;
    private readonly HttpClientTransport _transport;

    /// <summary>Connects to nothing yet.</summary>
    /// <param name="options">Where the account is; valid.</param>
    /// <param name="credential">Who we are where the account is told by <see cref="AzureStorageOptions.ServiceUri"/>; the process's own identity when null.</param>
    public AzureStorage(IOptions<AzureStorageOptions> options, TokenCredential? credential = null)
    {
        _options = options.Value;
        _credential = string.IsNullOrWhiteSpace(_options.ServiceUri) ? null : credential ?? new DefaultAzureCredential();
        _transport = new HttpClientTransport(new HttpClient(new SocketsHttpHandler
        {
            MaxConnectionsPerServer = MostConnections,
            ConnectTimeout = MostToConnect,
            PooledConnectionLifetime = ConnectionLifetime,
            AllowAutoRedirect = false,
        })
        {
            // Each client has a limit of its own.
            Timeout = Timeout.InfiniteTimeSpan,
        });
    }

    /// <summary>A client of the blob service.</summary>
    /// <param name="retries">How often the SDK tries again by itself. 0 for conditional writes: a repeat of one that succeeded is refused, and looks like a failure.</param>
    /// <param name="limit">How long one try may take.</param>
    public BlobServiceClient CreateClient(int retries, TimeSpan limit)
    {
        var options = new BlobClientOptions
        {
            Transport = _transport,
            Retry = { MaxRetries = retries, NetworkTimeout = limit, Mode = RetryMode.Exponential, Delay = TimeSpan.FromMilliseconds(100), MaxDelay = TimeSpan.FromSeconds(1) },
            Diagnostics = { IsDistributedTracingEnabled = true, IsLoggingContentEnabled = false },
        };
        return _credential is null
            ? new BlobServiceClient(_options.ConnectionString, options)
            : new BlobServiceClient(new Uri(_options.ServiceUri!), _credential, options);
    }

    /// <summary>A container's name.</summary>
    /// <param name="purpose">What is kept in it, such as <c>ledger</c>.</param>
    public string ContainerName(string purpose) => $"{_options.ContainerPrefix}-{purpose}";

    /// <summary>Makes a container where it is missing. Only at a start: one that goes missing later is a loss that must show.</summary>
    /// <returns>True when it was missing.</returns>
    /// <exception cref="AzureStorageException">The storage account cannot be reached, or refuses.</exception>
    public async Task<bool> MakeContainerAsync(string purpose, CancellationToken cancellation)
    {
        var client = CreateClient(retries: 4, limit: TimeSpan.FromSeconds(10));
        var name = ContainerName(purpose);
        try
        {
            // Null means that it is there; it is never public.
            return await client.GetBlobContainerClient(name).CreateIfNotExistsAsync(PublicAccessType.None, cancellationToken: cancellation) is not null;
        }
        catch (Exception exception) when (exception is RequestFailedException or AuthenticationFailedException or AggregateException)
        {
            var told = exception is AggregateException { InnerException: { } inner } ? inner : exception;
            var why = told is RequestFailedException { ErrorCode: { Length: > 0 } code } ? code : told.Message.Split('\n')[0].TrimEnd('.');
            throw new AzureStorageException(
                $"The container '{name}' cannot be reached or made at {client.Uri.Host} ({why}). Check Azure:ConnectionString or Azure:ServiceUri, the network, and that this identity may read and write blobs and make containers.",
                exception);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _transport.Dispose();
}
