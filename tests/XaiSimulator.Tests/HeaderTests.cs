namespace LlmTr.XaiSimulator.Tests;

/// <summary>The captured header sets (xAI contract, section 1.2).</summary>
public sealed class HeaderTests : SimulatorTest
{
    private static readonly string[] Common =
    [
        "Access-Control-Allow-Origin", "Access-Control-Expose-Headers", "Cf-Cache-Status", "Cf-Ray", "Connection", "Content-Type", "Date", "Server", "Set-Cookie",
        "Strict-Transport-Security", "Vary",
    ];

    private static readonly string[] Generated =
    [
        // Captured as Traceparent; the server under the simulator insists on its own spelling of this one, which means the same.
        .. Common, "traceparent", "Transfer-Encoding", "X-Data-Retention", "X-Ratelimit-Limit-Requests", "X-Ratelimit-Limit-Tokens",
        "X-Ratelimit-Remaining-Requests", "X-Ratelimit-Remaining-Tokens", "X-Request-Id", "X-Zero-Data-Retention",
    ];

    [Fact]
    public async Task Headers_OfAnAnswer_AreTheCaptured() =>
        (await NamesAsync(Ask("x"))).Should().BeEquivalentTo([.. Generated, "X-Metrics-E2e-Ms", "X-Metrics-Mean-Itl-Ms", "X-Metrics-Ttft-Ms"]);

    [Fact]
    public async Task Headers_OfAStream_AreTheCaptured() => (await NamesAsync(AskStreamed("x"))).Should().BeEquivalentTo([.. Generated, "Cache-Control"]);

    [Fact]
    public async Task Headers_OfOtherRoutes_AreTheCaptured()
    {
        string[] trace = ["traceparent", "X-Request-Id", "X-Ratelimit-Limit-Requests", "X-Ratelimit-Remaining-Requests"];
        string[] retention = ["X-Data-Retention", "X-Zero-Data-Retention"];

        (await NamesAsync("""{"prompt":"x"}""", "/v1/images/generations")).Should()
            .BeEquivalentTo([.. Common, "Transfer-Encoding", .. trace, .. retention, "X-Metrics-E2e-Ms"]);
        (await NamesAsync("""{"prompt":"x"}""", "/v1/videos/generations")).Should().BeEquivalentTo([.. Common, "Transfer-Encoding", .. trace]);
        (await NamesAsync("", $"/v1/videos/{Simulator.Videos.Single().RequestId}", "GET")).Should().BeEquivalentTo([.. Common, "Transfer-Encoding", .. retention]);
        (await NamesAsync("""{"text":"x","language":"tr"}""", "/v1/tts")).Should().BeEquivalentTo([.. Common, "Transfer-Encoding", "X-Trace-Id"]);
        (await NamesAsync("""{"text":"x"}""", "/v1/tts")).Should().BeEquivalentTo([.. Common, "Content-Length"]);
    }

    [Theory]
    [InlineData("\"metadata\":{}", "x")]
    [InlineData("\"stream\":true", "[[sim:fault=rate]]")]
    [InlineData("\"stream\":true", "[[sim:fault=edge-page]]")]
    public async Task Headers_OfAnError_HaveALengthAndNoTrace(string member, string prompt) =>
        (await NamesAsync(Ask(prompt, member))).Should().BeEquivalentTo([.. Common, "Content-Length"]);

    [Fact]
    public async Task Headers_HaveTheCapturedValues()
    {
        using var response = await PostAsync(AskStreamed("x"));

        Value("Server").Should().Be("cloudflare");
        Value("Cache-Control").Should().Be("no-cache");
        Value("X-Ratelimit-Limit-Tokens").Should().Be("10000000");
        Value("X-Ratelimit-Remaining-Requests").Should().Be("1800");
        Value("X-Zero-Data-Retention").Should().Be("false");
        Value("Strict-Transport-Security").Should().Be("max-age=31536000");
        Value("Set-Cookie").Should().Contain("=").And.Contain("HttpOnly");
        Value("Traceparent").Should().MatchRegex("^00-[0-9a-f]{32}-[0-9a-f]{16}-01$");
        Guid.TryParse(Value("X-Request-Id"), out _).Should().BeTrue();
        response.Content.Headers.ContentType!.ToString().Should().Be("text/event-stream");

        string Value(string name) => response.Headers.GetValues(name).Single();
    }

    [Fact]
    public async Task Headers_HaveTheirOwnIdsInEachReply()
    {
        using var first = await PostAsync(Ask("x"));
        using var second = await PostAsync(Ask("x"));

        foreach (var name in new[] { "X-Request-Id", "Traceparent", "Cf-Ray", "Set-Cookie" })
            second.Headers.GetValues(name).Should().NotEqual(first.Headers.GetValues(name));
    }

    /// <summary>The names in the case in which the simulator sends them: the client would tidy those that it knows.</summary>
    private async Task<IEnumerable<string>> NamesAsync(string body, string path = "/v1/responses", string method = "POST")
    {
        using var socket = await SendRawAsync(body, path, method);
        using var reader = new StreamReader(socket.GetStream());
        var names = new List<string>();
        await reader.ReadLineAsync(Bound);
        while (await reader.ReadLineAsync(Bound) is { Length: > 0 } line)
            names.Add(line[..line.IndexOf(':')]);
        return names;
    }
}
