using System.Buffers;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using CsCheck;
using LlmTr.Api.Chat;
using LlmTr.Xai.Responses;
using LlmTr.Xai.Streaming;
using LlmTr.XaiSimulator;
using Given = LlmTr.Api.Tests.Responses.Request.Requests;

namespace LlmTr.Api.Tests.Chat;

/// <summary>Whatever the bytes: the translation answers in both directions, and what it makes is understood on the other side.</summary>
public class ChatFuzz
{
    private static readonly string[] Texts = ["", "hi", "çğ ış 😀", "\"quoted\" \\ / \b\f\n\r\t\0", "</script>", "file_id", "\u2028", "data: [DONE]\n\n"];

    private static readonly Gen<string> Text = Gen.OneOf(Gen.OneOf(Texts), Gen.String[Gen.Char.AlphaNumeric, 0, 20]);

    private static readonly Gen<JsonNode> Image = Gen.OneOf(
        Gen.Const(() => Node(new { type = "image_url", image_url = "https://example.com/a.png" })),
        Gen.OneOf("low", "high", "auto").Select(detail => Node(new { type = "image_url", image_url = new { url = "https://example.com/a.png", detail } })));

    private static readonly Gen<JsonNode> Content = Gen.OneOf(
        Text.Select(text => Node(text)), Gen.OneOf(Text.Select(text => Node(new { type = "text", text })), Image).Array[1, 3].Select(parts => Node(parts)));

    private static readonly Gen<JsonNode[]> Turn = Gen.OneOf(
        Gen.Select(Gen.OneOf("system", "developer", "assistant"), Text, (role, content) => new[] { Node(new { role, content }) }),
        Content.Select(content => new[] { Node(new { role = "user", content }) }),
        Gen.Select(Text, Text, Text, (spoken, arguments, output) => new[]
        {
            Node(new { role = "assistant", content = spoken, tool_calls = new[] { new { id = "call-1", type = "function", function = new { name = "f", arguments } } } }),
            Node(new { role = "tool", tool_call_id = "call-1", content = output }),
        }));

    private static readonly Gen<(string Name, JsonNode? Value)> Field = Gen.OneOf(
        Gen.OneOf(0, 0.7, 2).Select(number => ("temperature", (JsonNode?)number)),
        Gen.OneOf(0, 0.95, 1).Select(number => ("top_p", (JsonNode?)number)),
        Text.Array[1, 4].Select(stops => ("stop", (JsonNode?)Node(stops))),
        Text.Select(description => ("tools", (JsonNode?)Node(new[] { new { type = "function", function = new { name = "f", description, parameters = new { type = "object" } } } }))),
        Gen.OneOf("auto", "none").Select(choice => ("tool_choice", (JsonNode?)choice)),
        Gen.Bool.Select(flag => ("parallel_tool_calls", (JsonNode?)flag)),
        Gen.Bool.Select(flag => ("stream", (JsonNode?)flag)),
        Gen.Bool.Select(flag => ("stream_options", (JsonNode?)new JsonObject { ["include_usage"] = flag })),
        Text.Select(text => ("user", (JsonNode?)text)),
        Gen.OneOf("none", "low", "medium", "high", "minimal").Select(effort => ("reasoning_effort", (JsonNode?)effort)),
        Gen.OneOf("text", "json_object").Select(type => ("response_format", (JsonNode?)new JsonObject { ["type"] = type })),
        Gen.Const(() => ("response_format", (JsonNode?)Node(new { type = "json_schema", json_schema = new { name = "n", strict = true, schema = new { type = "object" } } }))),
        Gen.OneOf("max_tokens", "max_completion_tokens").Select(name => (name, (JsonNode?)64)),
        Gen.OneOf("seed", "n").Select(name => (name, (JsonNode?)1)),
        Gen.OneOf("functions", "audio", "service_tier").Select(name => (name, (JsonNode?)null)));

    private static readonly Gen<byte[]> Chat =
        from turns in Turn.Array[1, 4]
        from fields in Field.Array[0, 6]
        from isSpaced in Gen.Bool
        select Body(turns, fields, isSpaced);

    private static readonly byte[][] Fragments =
    [
        .. new[]
        {
            "'", "\\", "{", "}", "[", "]", ",", ":", "null", "true", "0", "-1", "1e9", "\\ud800", "'type':'web_search',", "'type':'input_file',", "'file_id':'f',", "'type':'function',", "'ty\\u0070e':'mcp',",
            "'function':{},", "'name':'g',", "'functions':[],", "'tools':[],", "'store':true,", "'content':[],", "'role':'tool',", "'text':'x',", "'delta':'x',", "'output':[],", "'arguments':7,", "\0",
        }.Select(text => Encoding.UTF8.GetBytes(Given.Json(text))),
        [0xff], [0xed, 0xa0, 0x80],
    ];

    private static readonly Gen<Func<byte[], byte[]>> Mutation =
        from kind in Gen.Int[0, 4]
        from at in Gen.Double[0, 1]
        from length in Gen.Int[1, 12]
        from fragment in Gen.OneOf(Fragments)
        select (Func<byte[], byte[]>)(body =>
        {
            var start = Math.Min((int)(at * body.Length), body.Length);
            var end = Math.Min(start + length, body.Length);
            return kind switch
            {
                0 => [.. body[..start], .. body[end..]],
                1 => [.. body[..end], .. body[start..]],
                2 => body[..start],
                _ => [.. body[..start], .. fragment, .. body[start..]],
            };
        });

    private static readonly Gen<byte[]> Mutated =
        from body in Chat
        from mutations in Mutation.Array[0, 3]
        select mutations.Aggregate(body, (bytes, mutate) => mutate(bytes));

    private static readonly byte[] Response = Encoding.UTF8.GetBytes(
        """
        {"id":"x","object":"response","model":"grok-4.3","output":[{"summary":[{"text":"why\n","type":"summary_text"}],"type":"reasoning"},
         {"content":[{"type":"output_text","text":"a\u00e9\ud83d\ude00"},{"type":"refusal","refusal":"no"}],"type":"message"},
         {"arguments":"{\"a\":1}","call_id":"c","name":"f","type":"function_call","id":"fc"}],"status":"incomplete","incomplete_details":{"reason":"max_output_tokens"},
         "usage":{"input_tokens":5,"input_tokens_details":{"cached_tokens":1},"output_tokens":2,"output_tokens_details":{"reasoning_tokens":1},"cost_in_usd_ticks":9}}
        """);

    private static readonly byte[][] Events =
    [
        .. new[]
        {
            """{"type":"response.created","response":{"id":"x"}}""",
            """{"type":"response.output_text.delta","delta":"a\u00e9\ud83d\ude00\n","output_index":1}""",
            """{"type":"response.reasoning_summary_text.delta","delta":"why","output_index":0}""",
            """{"type":"response.output_item.added","item":{"type":"function_call","call_id":"c","id":"fc","name":"f","arguments":""},"output_index":2}""",
            """{"type":"response.function_call_arguments.delta","delta":"{\"a\"","output_index":2}""",
            """{"type":"response.output_item.done","item":{"type":"function_call","call_id":"c","name":"f","arguments":"{\"a\":1}"},"output_index":2}""",
            """{"type":"response.completed","response":{"status":"completed","usage":{"input_tokens":5,"output_tokens":2,"cost_in_usd_ticks":9}}}""",
            """{"type":"response.incomplete","response":{"status":"incomplete"}}""",
        }.Select(Encoding.UTF8.GetBytes),
    ];

    [Fact]
    public void TryParse_AnyBytes_AnswersAndForwardsJson()
    {
        var accepted = 0;
        Mutated.Sample(
            body =>
            {
                if (ForwardedOrNull(body) is not { } forwarded)
                    return;
                using var sent = JsonDocument.Parse(forwarded);
                NamesShouldBeUnique(sent.RootElement);
                sent.RootElement.GetProperty("store").GetBoolean().Should().BeFalse();
                sent.RootElement.GetProperty("max_output_tokens").GetInt32().Should().Be(77);
                Interlocked.Increment(ref accepted);
            },
            iter: 10_000);

        accepted.Should().BeGreaterThan(1000, "otherwise little but refusals was tried");
    }

    [Fact]
    public async Task WhatIsForwarded_IsNeverMalformedForXai()
    {
        await using var xai = await Simulator.StartAsync();
        using var http = new HttpClient();
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", xai.ApiKey);
        var bodies = new List<byte[]>();
        Mutated.Sample(
            body =>
            {
                // Duplicates inside objects that pass through are the caller's own; xAI's parser takes one of them.
                if (ForwardedOrNull(body) is { } forwarded)
                {
                    lock (bodies)
                        bodies.Add(forwarded);
                }
            },
            iter: 1200);

        bodies.Count.Should().BeGreaterThan(200);
        foreach (var body in bodies.Take(400))
        {
            using var content = new ByteArrayContent(body);
            content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
            using var answer = await http.PostAsync(new Uri(xai.BaseUrl + "/responses"), content);
            ((int)answer.StatusCode).Should().Be(200, "{0} was sent, {1} came", Encoding.UTF8.GetString(body), await answer.Content.ReadAsStringAsync());
        }

        xai.Requests.SelectMany(request => request.UnknownFields).Should().BeEmpty();
    }

    [Fact]
    public void Completion_OfAnyResponse_IsJson() =>
        Mutation.Array[0, 4].Sample(
            mutations =>
            {
                var body = mutations.Aggregate(Response, (bytes, mutate) => mutate(bytes));
                if (!ResponseReading.TryReadBody(body, out var reading))
                    return;
                var output = new ArrayBufferWriter<byte>();
                ChatBody.Write(body, reading, ChatBodies.Identity, ChatBodies.Charge(1), output);
                ShouldBeJson(output.WrittenSpan, body).GetProperty("choices").GetArrayLength().Should().Be(1);
            },
            iter: 20_000);

    [Fact]
    public void Chunks_OfAnyEvents_AreJson() =>
        Gen.Select(Gen.OneOf(Events), Mutation.Array[0, 2]).Array[1, 12].Sample(
            pieces =>
            {
                var frames = new ChatFrames(ChatBodies.Identity, includesUsage: true);
                var output = new ArrayBufferWriter<byte>();
                var all = new List<byte>();
                foreach (var (data, mutations) in pieces)
                {
                    byte[] bytes = [.. "data: "u8, .. mutations.Aggregate(data, (piece, mutate) => mutate(piece)), .. "\n\n"u8];
                    all.AddRange(bytes);
                    var frame = new SseFrame(bytes);
                    if (frame.IsTerminal)
                    {
                        frames.WriteEnd(frame, ChatBodies.Charge(1), output);
                        break;
                    }

                    frames.WritePiece(frame, output);
                }

                foreach (var chunk in Encoding.UTF8.GetString(output.WrittenSpan).Split("\n\n", StringSplitOptions.RemoveEmptyEntries))
                {
                    // A frame that was mutated into a comment is passed on as one.
                    if (!chunk.StartsWith("data: {", StringComparison.Ordinal))
                        continue;
                    ShouldBeJson(Encoding.UTF8.GetBytes(chunk["data: ".Length..]), [.. all]).GetProperty("object").GetString().Should().Be("chat.completion.chunk");
                }
            },
            iter: 20_000);

    // But in a caller's own schema, which nobody here reads and which goes on as it came.
    private static void NamesShouldBeUnique(JsonElement element)
    {
        if (element.ValueKind == JsonValueKind.Array)
        {
            foreach (var item in element.EnumerateArray())
                NamesShouldBeUnique(item);
        }

        if (element.ValueKind != JsonValueKind.Object)
            return;
        element.EnumerateObject().Select(static member => member.Name).Should().OnlyHaveUniqueItems();
        foreach (var member in element.EnumerateObject().Where(static member => member.Name is not ("parameters" or "schema")))
            NamesShouldBeUnique(member.Value);
    }

    private static JsonElement ShouldBeJson(ReadOnlySpan<byte> json, byte[] source)
    {
        try
        {
            return JsonSerializer.Deserialize<JsonElement>(json);
        }
        catch (JsonException exception)
        {
            throw new InvalidOperationException($"{Encoding.UTF8.GetString(source)} became {Encoding.UTF8.GetString(json)}", exception);
        }
    }

    private static byte[]? ForwardedOrNull(byte[] body)
    {
        if (!ChatRequest.TryParse(body, Given.Catalogue, Given.Ceiling, out var request, out var refusal))
        {
            (refusal.Status, refusal.Type).Should().BeOneOf(
                (400, "invalid_request_error"), (400, "unsupported_capability"), (404, "model_not_found"), (410, "model_retired"));
            refusal.Message.Should().NotBeNullOrEmpty();
            return null;
        }

        request.Text.Quote().Least.IsPositive.Should().BeTrue();
        var writer = new ArrayBufferWriter<byte>();
        request.Text.WriteForwardBody(writer, 77);
        return writer.WrittenSpan.ToArray();
    }

    private static byte[] Body(JsonNode[][] turns, (string Name, JsonNode? Value)[] fields, bool isSpaced)
    {
        var body = new JsonObject { ["model"] = "xai/grok-4.3", ["messages"] = new JsonArray([.. turns.SelectMany(turn => turn).Select(message => message.DeepClone())]) };
        foreach (var (name, value) in fields)
            body[name] = value?.DeepClone();

        // Two words for one number, which would be refused when they differ.
        if (body["max_tokens"] is not null)
            body.Remove("max_completion_tokens");
        return Encoding.UTF8.GetBytes(body.ToJsonString(new JsonSerializerOptions { WriteIndented = isSpaced }));
    }

    private static JsonNode Node<T>(T value) => JsonSerializer.SerializeToNode(value)!;
}
