using System.Text;
using System.Text.RegularExpressions;
using LlmTr.Api.Tests.Running;
using LlmTr.Money;
using LlmTr.XaiSimulator.Control;

namespace LlmTr.Api.Tests.Responses;

/// <summary>The reply is xAI's, byte for byte but for the model's name, and what it reports is charged to the tick.</summary>
public sealed partial class VerbatimAnswerTests(SharedGateway shared) : IClassFixture<SharedGateway>
{
    // Spaces, escapes and numbers as no serializer of ours would write them; a second "model" where it must not be touched.
    private const string Whole = """
        {"created_at":1795341600, "id":"7b0f2c1e-0c55-9d0a-8d4e-3f6b1a2c9e10","max_output_tokens":null,
         "model" : "grok-4.3","object":"response",
         "output":[{"id":"rs_7b0f","summary":[{"text":"The user wants \"model\":\"grok-4.3\".\n","type":"summary_text"}],"type":"reasoning","status":"completed","encrypted_content":"aGVsbG8+/=="},
           {"content":[{"type":"output_text","text":"Merhaba! \u0131\u015f\u0131k 🌍","logprobs":[],"annotations":[]}],"id":"msg_7b0f","role":"assistant","type":"message","status":"completed","model":"grok-4.3"}],
         "temperature":0.699999988079071,"tools":[{"type":"function","name":"f","parameters":{"model":"grok-4.3"}}],"top_p":9.5E-1,
         "usage":{"input_tokens":210,"input_tokens_details":{"cached_tokens":192},"output_tokens":64,"output_tokens_details":{"reasoning_tokens":58},"total_tokens":274,"num_server_side_tools_used":0,"cost_in_usd_ticks":2209000,"context_details":{"input_tokens":210,"output_tokens":64}},
         "status":"completed","store":false,"metadata":{"system_fingerprint":"fp_eb3c003fc66c14ed"},"presence_penalty":0.0,"error":null}
        """;

    private const string Snapshot =
        """{"created_at":1795341600,"id":"006cb394","model":"grok-4.3","object":"response","output":[],"temperature":0.699999988079071,"usage":null,"status":"in_progress"}""";

    private const string Streamed = $$$"""
        event: response.created
        data: {"sequence_number":0,"type":"response.created","response":{{{Snapshot}}}}

        event: response.in_progress
        data: {"sequence_number":1,"type":"response.in_progress","response":{{{Snapshot}}}}

        event: response.output_item.added
        data: {"sequence_number":2,"type":"response.output_item.added","item":{"id":"msg_006c","content":[],"role":"assistant","type":"message","status":"in_progress"},"output_index":0}

        event: response.output_text.delta
        data: {"sequence_number":3,"type":"response.output_text.delta","content_index":0,"delta":"{\"model\":\"grok-4.3\"}","item_id":"msg_006c","output_index":0,"logprobs":[]}

        event: response.some_event_of_tomorrow
        data: {"sequence_number":4,"type":"response.some_event_of_tomorrow","model":"grok-4.3"}

        event: response.completed
        data: {"sequence_number":5,"type":"response.completed","response":{"created_at":1795341600,"completed_at":1795341601,"id":"006cb394","model":"grok-4.3","object":"response","output":[{"content":[{"type":"output_text","text":"1, 2, 3.","logprobs":[],"annotations":[]}],"id":"msg_006c","role":"assistant","type":"message","status":"completed"}],"usage":{"input_tokens":205,"input_tokens_details":{"cached_tokens":128},"output_tokens":40,"output_tokens_details":{"reasoning_tokens":31},"total_tokens":245,"cost_in_usd_ticks":2218500,"context_details":{"input_tokens":205,"output_tokens":40}},"status":"completed"}}


        """;

    [Fact]
    public async Task WholeAnswer_ReachesTheClientWithTheSameBytes()
    {
        var key = await shared.Gateway.CreateKeyAsync();
        shared.Gateway.Xai.Enqueue(Behaviour.None with { Body = Encoding.UTF8.GetBytes(Whole) });
        using var response = await key.PostAsync(TestKey.Hello);

        (await response.Content.ReadAsStringAsync()).Should().Be(Whole.Replace("\"model\" : \"grok-4.3\"", "\"model\" : \"xai/grok-4.3\"", StringComparison.Ordinal));
        response.Content.Headers.ContentType!.MediaType.Should().Be("application/json");
        (await key.ReadAsync()).Balance.Should().Be(UsdTicks.FromUsd(5) - new UsdTicks(2209000));
    }

    [Theory]
    [InlineData(false, Writes.Frame)]
    [InlineData(false, Writes.Byte)]
    [InlineData(false, Writes.Glued)]
    [InlineData(true, Writes.Frame)]
    public async Task Stream_ReachesTheClientWithTheSameBytes(bool done, Writes writes)
    {
        var key = await shared.Gateway.CreateKeyAsync();
        var stream = Streamed + (done ? "data: [DONE]\n\n" : "");
        shared.Gateway.Xai.Enqueue(Behaviour.None with { Body = Encoding.UTF8.GetBytes(stream), ContentType = "text/event-stream", Writes = writes });
        using var response = await key.PostAsync(TestKey.HelloStreamed);

        // The model of each response object, and no other.
        var expected = ResponseModel().Replace(stream, "$1\"xai/grok-4.3\",\"object\"");
        (await response.Content.ReadAsStringAsync()).Should().Be(expected);
        response.Content.Headers.ContentType!.MediaType.Should().Be("text/event-stream");
        (await key.ReadAsync()).Balance.Should().Be(UsdTicks.FromUsd(5) - new UsdTicks(2218500));
    }

    [Theory]
    [InlineData("line_end", "crlf")]
    [InlineData("comments", "true")]
    [InlineData("split_data", "true")]
    [InlineData("writes", "byte")]
    public async Task Stream_InAnotherFormThatTheStandardAllows_IsSettledAtItsTrueCost(string word, string value)
    {
        var key = await shared.Gateway.CreateKeyAsync();
        shared.Gateway.Xai.Enqueue(Behaviour.None.With(word, value));
        using var response = await key.PostAsync(TestKey.HelloStreamed);
        var text = await response.Content.ReadAsStringAsync();

        text.Should().Contain("\"xai/grok-4.3\"").And.NotContain("\"model\":\"grok-4.3\"").And.NotContain("event: error");
        var ledger = await key.LedgerAsync();
        ledger[^1].Text("cost_source").Should().Be("provider");
        ledger[^1].Number("amount_ticks").Should().Be(shared.Gateway.Xai.Requests[^1].Billed.Value);
    }

    [Fact]
    public async Task Stream_CutWithinItsLastBlankLine_IsWholeAllTheSame()
    {
        var key = await shared.Gateway.CreateKeyAsync();
        var cut = Streamed.TrimEnd('\n');
        shared.Gateway.Xai.Enqueue(Behaviour.None with { Body = Encoding.UTF8.GetBytes(cut), ContentType = "text/event-stream" });
        using var response = await key.PostAsync(TestKey.HelloStreamed);

        (await response.Content.ReadAsStringAsync()).Should().EndWith("\"status\":\"completed\"}}\n\n");
        (await key.ReadAsync()).Balance.Should().Be(UsdTicks.FromUsd(5) - new UsdTicks(2218500));
    }

    [Fact]
    public async Task Stream_CutWithinItsLastFrame_EndsWithAnErrorAndAnEstimate()
    {
        var key = await shared.Gateway.CreateKeyAsync();
        var cut = Streamed[..Streamed.LastIndexOf("\"cost_in_usd_ticks\"", StringComparison.Ordinal)];
        shared.Gateway.Xai.Enqueue(Behaviour.None with { Body = Encoding.UTF8.GetBytes(cut), ContentType = "text/event-stream" });
        using var response = await key.PostAsync(TestKey.HelloStreamed);

        var text = await response.Content.ReadAsStringAsync();
        text.Should().NotContain("response.completed").And.Contain("event: error");
        (await key.LedgerAsync())[^1].Text("cost_source").Should().Be("estimate");
    }

    [GeneratedRegex("(\"id\":\"006cb394\",\"model\":)\"grok-4.3\",\"object\"")]
    private static partial Regex ResponseModel();
}
