using System.Net.Sockets;
using System.Text;
using LlmTr.Api.Tests.Running;

namespace LlmTr.Api.Tests.Http;

/// <summary>Sends bytes that no client library would, and reads what comes back until the gateway closes.</summary>
public sealed class RawClient : IDisposable
{
    private readonly TcpClient _client = new() { NoDelay = true };

    private RawClient()
    {
    }

    private NetworkStream Stream => _client.GetStream();

    public static async Task<RawClient> ConnectAsync(TestGateway gateway)
    {
        var raw = new RawClient();
        await raw._client.ConnectAsync(gateway.Http.BaseAddress!.Host, gateway.Http.BaseAddress.Port);
        return raw;
    }

    /// <summary>Sends the text, one byte a character, and returns everything that comes within the time; the connection's end ends it sooner.</summary>
    public static async Task<string> ExchangeAsync(TestGateway gateway, string request, TimeSpan? limit = null)
    {
        using var raw = await ConnectAsync(gateway);
        await raw.SendAsync(request);
        return await raw.ReadToEndAsync(limit ?? TimeSpan.FromSeconds(30));
    }

    public async Task SendAsync(string text)
    {
        try
        {
            await Stream.WriteAsync(Encoding.Latin1.GetBytes(text));
        }
        catch (IOException)
        {
            // The gateway has closed before everything was sent; what it said is still there to be read.
        }
    }

    /// <summary>Everything until the gateway closes.</summary>
    /// <exception cref="OperationCanceledException">It does not close within the limit.</exception>
    public async Task<string> ReadToEndAsync(TimeSpan limit)
    {
        using var patience = new CancellationTokenSource(limit);
        var text = new StringBuilder();
        var buffer = new byte[16 * 1024];
        try
        {
            for (int read; (read = await Stream.ReadAsync(buffer, patience.Token)) > 0;)
                text.Append(Encoding.Latin1.GetString(buffer, 0, read));
        }
        catch (IOException)
        {
            // A reset is a close, too.
        }

        return text.ToString();
    }

    public void Dispose() => _client.Dispose();
}
