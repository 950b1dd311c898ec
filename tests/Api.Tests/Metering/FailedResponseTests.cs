using System.Text;
using System.Text.Json;
using LlmTr.Api.Tests.Running;
using LlmTr.Api.Tests.Telemetry;
using LlmTr.XaiSimulator.Control;
using Microsoft.Extensions.DependencyInjection;

namespace LlmTr.Api.Tests.Metering;

/// <summary>
/// Responses whose own status is <c>failed</c>. What only the operator can mend is told in the gateway's words, counted, and alarmed once; of everything else the customer sees
/// the failed response, without ids and keys.
/// </summary>
public sealed class FailedResponseTests : IAsyncLifetime, IDisposable
{
    private const string Team = "12345678-0000-4000-8000-000000000000";
    private const string Credits = $"Your team {Team} has either used all available credits or reached its monthly spending limit.";
    private const string Key = "xai-0123456789abcdefghijklmnop";
    private const string Created = "event: response.created\ndata: {\"sequence_number\":0,\"type\":\"response.created\",\"response\":{\"object\":\"response\",\"model\":\"grok-4.3\",\"status\":\"in_progress\",\"error\":null,\"usage\":null}}\n\n";
    private const string Delta = "event: response.output_text.delta\ndata: {\"sequence_number\":1,\"type\":\"response.output_text.delta\",\"delta\":\"Hello\"}\n\n";

    private TestGateway _gateway = null!;
    private TestKey _key = null!;
    private Meters _meters = null!;

    public async Task InitializeAsync()
    {
        _gateway = await TestGateway.StartAsync(configuration: new() { ["Logs:Format"] = "json" }, customize: static builder => JsonLog.AddTo(builder.Services));
        _key = await _gateway.CreateKeyAsync();
        _meters = new Meters(_gateway);
    }

    public async Task DisposeAsync() => await _gateway.DisposeAsync();

    public void Dispose() => _meters.Dispose();

    [Theory]
    [InlineData("responses", "permission-denied", Credits, "out_of_credits", 503)]
    [InlineData("chat", "permission-denied", Credits, "out_of_credits", 503)]
    [InlineData("responses", "invalid-argument", "Incorrect API key provided: " + Key, "platform_key_refused", 503)]
    [InlineData("responses", "not-found", $"The model grok-4.3 does not exist or your team {Team} does not have access to it.", "model_unavailable", 503)]
    [InlineData("responses", "not-found", $"Nothing of team {Team} is there.", "not_found", 502)]
    public async Task WholeAnswer_ThatFailedForTheOperatorsSake_IsOurErrorAndAnAlarm(string path, string code, string message, string kind, int status)
    {
        Answer(Failed(code, message), "application/json");
        using var response = await PostAsync(path, stream: false);

        (await response.ErrorAsync()).Should().Be((status, status == 503 ? "provider_unavailable" : "provider_error", null));
        ShouldTellNothing(await response.Content.ReadAsStringAsync());
        await ShouldBeAlarmedAsync(kind, "hold_released");
    }

    [Theory]
    [InlineData("responses", "", "hold_released")]
    [InlineData("responses", Delta, "hold_settled")]
    [InlineData("chat", "", "hold_released")]
    [InlineData("chat", Delta, "hold_settled")]
    public async Task Stream_ThatFailedForTheOperatorsSake_EndsWithOurErrorAndAnAlarm(string path, string before, string end)
    {
        Answer(Created + before + FailedFrame(Failed("permission-denied", Credits)), "text/event-stream");
        using var response = await PostAsync(path, stream: true);

        ShouldEndUnavailable(await response.Content.ReadAsStringAsync());
        await ShouldBeAlarmedAsync("out_of_credits", end);
    }

    [Theory]
    [InlineData("responses", "")]
    [InlineData("responses", "failed")]
    [InlineData("chat", "")]
    [InlineData("chat", "failed")]
    public async Task ErrorFrame_ForTheOperatorsSake_IsAlarmedOnce_AlsoWithAFailedResponseBehindIt(string path, string then)
    {
        Answer(Created + $"event: error\ndata: {{\"sequence_number\":1,\"type\":\"error\",\"code\":\"permission-denied\",\"message\":\"{Credits}\",\"param\":null}}\n\n"
            + (then.Length == 0 ? "" : FailedFrame(Failed("permission-denied", Credits))), "text/event-stream");
        using var response = await PostAsync(path, stream: true);

        ShouldEndUnavailable(await response.Content.ReadAsStringAsync());
        await ShouldBeAlarmedAsync("out_of_credits", "hold_released");
    }

    [Fact]
    public async Task ErrorFrame_WithoutAReason_IsToldByTheFailedResponseBehindIt_WhereThatIsForTheOperatorsSake()
    {
        Answer(Created + "event: error\ndata: {\"sequence_number\":1,\"type\":\"error\",\"code\":null,\"message\":\"It failed.\",\"param\":null}\n\n"
            + FailedFrame(Failed("permission-denied", Credits)), "text/event-stream");
        using var response = await PostAsync("responses", stream: true);

        ShouldEndUnavailable(await response.Content.ReadAsStringAsync());
        await ShouldBeAlarmedAsync("out_of_credits", "hold_released");
    }

    [Fact]
    public async Task WholeAnswer_ThatFailedByTheGatewaysTrafficTogether_IsOur429()
    {
        Answer(Failed("resource-exhausted", $"Too many requests for team {Team} and model grok-4.3. Requests per Second (actual/limit): 31/30"), "application/json");
        using var response = await PostAsync("responses", stream: false);

        (await response.ErrorAsync()).Should().Be((429, "rate_limit_exceeded", null));
        ShouldTellNothing(await response.Content.ReadAsStringAsync());
        _meters.Now("llmtr.xai.refusals", ("kind", "rate_limited")).Should().Be(1);
        Alarms().Should().BeEmpty("it passes by itself");
    }

    [Fact]
    public async Task WholeAnswer_ThatFailedOtherwise_IsShownWithoutIdsAndKeys_AndIsNoAlarm()
    {
        var failed = Failed("server_error", $"The model of team {Team} did not answer ({Key}).");
        Answer(failed, "application/json");
        using var response = await PostAsync("responses", stream: false);

        var text = await response.Content.ReadAsStringAsync();
        ((int)response.StatusCode).Should().Be(200);
        text.Should().Be(Cleaned(failed), "only what must not be seen is replaced");
        response.Content.Headers.ContentLength.Should().Be(text.Length);
        _meters.Now("llmtr.xai.refusals", ("kind", "server_error")).Should().Be(1);
        _meters.Now("llmtr.xai.refusals").Should().Be(1);
        Alarms().Should().BeEmpty();
    }

    [Fact]
    public async Task Stream_ThatFailedOtherwise_ShowsTheFailedResponseWithoutIdsAndKeys()
    {
        var frame = FailedFrame(Failed("server_error", $"The model of team {Team} did not answer ({Key})."));
        Answer(Created + frame, "text/event-stream");
        using var response = await PostAsync("responses", stream: true);

        (await response.Content.ReadAsStringAsync()).Should().EndWith(Cleaned(frame));
        Alarms().Should().BeEmpty();
    }

    [Fact]
    public async Task FailedFrame_ThatCannotBeRead_IsNotShown()
    {
        Answer(Created + $"event: response.failed\ndata: {{\"type\":\"response.failed\",\"response\":\"{Credits}\"}}\n\n", "text/event-stream");
        using var response = await PostAsync("responses", stream: true);

        var text = await response.Content.ReadAsStringAsync();
        ShouldTellNothing(text);
        text.TrimEnd().Split("\n\n")[^1].Should().StartWith("event: error\ndata: ");
    }

    private static string Failed(string code, string message) =>
        $$"""{"id":"x","object":"response","model":"grok-4.3","status":"failed","error":{"code":"{{code}}","message":"{{message}}"},"output":[],"instructions":"{{Team}}","usage":null}""";

    private static string FailedFrame(string failed) =>
        $"event: response.failed\ndata: {{\"sequence_number\":2,\"type\":\"response.failed\",\"response\":{failed}}}\n\n";

    // What the customer wrote himself (the instructions, echoed) stays.
    private static string Cleaned(string failed) => failed
        .Replace("\"grok-4.3\"", "\"xai/grok-4.3\"", StringComparison.Ordinal)
        .Replace($"of team {Team}", "of team [id]", StringComparison.Ordinal)
        .Replace(Key, "[key]", StringComparison.Ordinal);

    private static void ShouldEndUnavailable(string stream)
    {
        ShouldTellNothing(stream);
        var last = stream.TrimEnd().Split("\n\n")[^1];
        var error = JsonSerializer.Deserialize<JsonElement>(last[(last.IndexOf("data: ", StringComparison.Ordinal) + "data: ".Length)..]).GetProperty("error");
        error.Text("type").Should().Be("provider_unavailable");
    }

    private static void ShouldTellNothing(string text) =>
        text.Should().NotContain(Team).And.NotContain(Key).And.NotContain("credits").And.NotContain("spending");

    private void Answer(string body, string contentType) =>
        _gateway.Xai.Enqueue(Behaviour.None with { Body = Encoding.UTF8.GetBytes(body), ContentType = contentType });

    private Task<HttpResponseMessage> PostAsync(string path, bool stream) => path == "chat"
        ? _gateway.SendAsync(HttpMethod.Post, "/v1/chat/completions", _key.Text, $$"""{"model":"grok-4.3","messages":[{"role":"user","content":"Hello"}],"stream":{{(stream ? "true" : "false")}}}""")
        : _key.PostAsync(stream ? TestKey.HelloStreamed : TestKey.Hello);

    private async Task ShouldBeAlarmedAsync(string kind, string end)
    {
        (await _key.SettledLedgerAsync()).Select(static line => line.Text("kind")).Should().Equal("hold_placed", end);
        _meters.Now("llmtr.xai.refusals", ("kind", kind)).Should().Be(1);
        _meters.Now("llmtr.xai.refusals").Should().Be(1);
        Alarms().Should().ContainSingle().Which.Text("Message").Should().Contain("check the platform key").And.NotContain(Team);
    }

    private IEnumerable<JsonElement> Alarms() =>
        _gateway.Services.GetRequiredService<JsonLog>().Entries("LlmTr.Api").Where(static entry => entry.Text("LogLevel") == "Critical");
}
