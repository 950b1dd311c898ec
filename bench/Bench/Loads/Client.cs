using System.Net.Http.Headers;
using System.Text;
using LlmTr.Bench.Contenders;

namespace LlmTr.Bench.Loads;

/// <summary>HTTP as a customer speaks it.</summary>
internal static class Client
{
    /// <summary>One without limits of its own: what waits, waits for the contender.</summary>
    public static HttpClient For(Contender contender) => new(new SocketsHttpHandler { PooledConnectionIdleTimeout = Timeout.InfiniteTimeSpan, UseProxy = false })
    {
        BaseAddress = contender.Address,
        Timeout = TimeSpan.FromMinutes(5),
    };

    public static HttpRequestMessage Post(Contender contender, string key, string body)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, contender.Address);
        request.Content = new ByteArrayContent(Encoding.UTF8.GetBytes(body)) { Headers = { ContentType = new MediaTypeHeaderValue("application/json") } };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", key);
        foreach (var (name, value) in contender.Headers)
            request.Headers.Add(name, value);
        return request;
    }
}
