using System.Net.Http.Headers;
using System.Net.Mime;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;

namespace LlmTr.XaiSimulator.Tests;

/// <summary>A simulator for each test, a client that carries its key, and a bound on everything that waits.</summary>
public abstract class SimulatorTest : IAsyncLifetime
{
    protected Simulator Simulator { get; private set; } = null!;

    /// <summary>A client that closes at once what it no longer reads; by default it would read on for two seconds.</summary>
    protected HttpClient Client { get; } = new(new SocketsHttpHandler { ResponseDrainTimeout = TimeSpan.Zero });

    /// <summary>Cancelled when a test has taken too long by far.</summary>
    protected CancellationToken Bound { get; } = new CancellationTokenSource(TimeSpan.FromSeconds(20)).Token;

    protected virtual SimulatorOptions Options => new();

    public async Task InitializeAsync()
    {
        Simulator = await Simulator.StartAsync(Options);
        Client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", Simulator.ApiKey);
    }

    public async Task DisposeAsync()
    {
        Client.Dispose();
        await Simulator.DisposeAsync();
    }

    /// <summary>A request to grok-4.3 with this prompt and further members, such as <c>"stream":true</c>.</summary>
    protected static string Ask(string prompt, string more = "", string model = "grok-4.3") =>
        $$"""{"model":"{{model}}","input":{{JsonSerializer.Serialize(prompt)}}{{(more.Length > 0 ? "," : "")}}{{more}}}""";

    protected static string AskStreamed(string prompt, string model = "grok-4.3") => Ask(prompt, "\"stream\":true", model);

    /// <summary>Sends a body and returns when the head of the reply is there.</summary>
    protected Task<HttpResponseMessage> PostAsync(string body) => Client.SendAsync(Post(body), HttpCompletionOption.ResponseHeadersRead, Bound);

    protected HttpRequestMessage Post(string body, string path = "/v1/responses", string contentType = MediaTypeNames.Application.Json) =>
        new(HttpMethod.Post, new Uri(Simulator.BaseUrl, path)) { Content = new StringContent(body, Encoding.UTF8, contentType) };

    protected async Task<string> TextOfAsync(string body)
    {
        using var response = await PostAsync(body);
        return await response.Content.ReadAsStringAsync(Bound);
    }

    protected async Task<JsonElement> JsonOfAsync(string body) => JsonElement.Parse(await TextOfAsync(body));

    protected async Task<IReadOnlyList<Frame>> FramesOfAsync(string body) => Frame.Split(await TextOfAsync(body));

    /// <summary>Reads a reply until it ends or breaks.</summary>
    protected async Task<(string Text, bool IsBroken)> ReadToBreakAsync(HttpResponseMessage response)
    {
        var text = new MemoryStream();
        try
        {
            await response.Content.CopyToAsync(text, Bound);
            return (Encoding.UTF8.GetString(text.ToArray()), false);
        }
        catch (HttpRequestException)
        {
            return (Encoding.UTF8.GetString(text.ToArray()), true);
        }
    }

    /// <summary>Sends a body over a connection of its own, for a look at the bare bytes of the reply.</summary>
    protected Task<TcpClient> PostRawAsync(string body) => SendRawAsync(body, "/v1/responses", "POST");

    /// <summary>The same for any route.</summary>
    protected async Task<TcpClient> SendRawAsync(string body, string path, string method)
    {
        var socket = new TcpClient();
        await socket.ConnectAsync("127.0.0.1", Simulator.BaseUrl.Port, Bound);
        await socket.GetStream().WriteAsync(Encoding.ASCII.GetBytes(
            $"{method} {path} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {Simulator.ApiKey}\r\nContent-Type: application/json\r\n" +
            $"Content-Length: {body.Length}\r\n\r\n{body}"), Bound);
        return socket;
    }

    /// <summary>The one request that was recorded, once it has ended.</summary>
    protected async Task<Recording.RecordedRequest> RecordedAsync()
    {
        var request = Simulator.Requests.Should().ContainSingle().Subject;
        await request.Ended.WaitAsync(Bound);
        return request;
    }
}

/// <summary>An event of a stream with Unix line ends.</summary>
public sealed record Frame(string? Event, string Data)
{
    public JsonElement Json => JsonElement.Parse(Data);

    public static IReadOnlyList<Frame> Split(string stream) =>
        [.. stream.Split("\n\n", StringSplitOptions.RemoveEmptyEntries).Select(frame => Parse(frame.Split('\n')))];

    private static Frame Parse(string[] lines)
    {
        var data = lines.Where(line => line.StartsWith("data: ", StringComparison.Ordinal)).Select(line => line["data: ".Length..]);
        return new Frame(
            lines.SingleOrDefault(line => line.StartsWith("event: ", StringComparison.Ordinal))?["event: ".Length..],
            string.Join('\n', data));
    }
}
