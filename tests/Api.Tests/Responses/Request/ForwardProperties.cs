using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

using CsCheck;

using LlmTr.Api.Responses;

namespace LlmTr.Api.Tests.Responses.Request;

/// <summary>For any valid request, however it is written down: what is forwarded means the same and holds nothing else.</summary>
public class ForwardProperties
{
    private static readonly string[] Texts = ["", "hi", "çğ ış 😀", "\"quoted\" \\ / \b\f\n\r\t\0", "</script>", "file_id", "\u2028"];

    private static readonly Gen<string> Text = Gen.OneOf(Gen.OneOf(Texts), Gen.String[Gen.Char.AlphaNumeric, 0, 20]);

    private static readonly Gen<JsonNode> Part = Gen.OneOf(
        Text.Select(text => Node(new { type = "input_text", text })),
        Gen.Const(() => Node(new { type = "input_image", image_url = "https://e.org/a.png", detail = "low" })),
        Text.Select(text => Node(new { type = "output_text", text, annotations = new object[] { new { type = "url_citation" } } })));

    private static readonly Gen<JsonNode> Item = Gen.OneOf(
        Gen.Select(Gen.OneOf("user", "system", "developer", "assistant"), Text, (role, content) => Node(new { role, content })),
        Gen.Select(Text, Part.Array[1, 3], (id, content) => Node(new { type = "message", id, role = "user", content })),
        Text.Select(text => Node(new { type = "reasoning", summary = new[] { new { type = "summary_text", text } }, encrypted_content = "AAAA" })),
        Gen.Select(Text, Text, (name, arguments) => Node(new { type = "function_call", call_id = "c", name, arguments, extra = new { a = 1 } })),
        Text.Select(output => Node(new { type = "function_call_output", call_id = "c", output })));

    private static readonly Gen<JsonNode> Input = Gen.OneOf(
        Text.Select(text => Node(text)), Item.Array[1, 4].Select(items => Node(items)));

    // Forwarded as it stands under its own name, but for reasoning, whose effort is added.
    private static readonly Gen<(string Name, JsonNode Value)> Forwarded = Gen.OneOf(
        Text.Select(text => ("instructions", Node(text))),
        Gen.OneOf(0, 0.7, 2).Select(number => ("temperature", Node(number))),
        Gen.OneOf(0, 0.95, 1).Select(number => ("top_p", Node(number))),
        Text.Array[0, 4].Select(stops => ("stop", Node(stops))),
        Text.Select(description => ("tools", Node(new[] { new { type = "function", name = "f", description, parameters = new { type = "object" } } }))),
        Gen.OneOf("auto", "none", "required").Select(choice => ("tool_choice", Node(choice))),
        Gen.Bool.Select(flag => ("parallel_tool_calls", Node(flag))),
        Gen.Bool.Select(flag => ("stream", Node(flag))),
        Gen.Const(() => ("include", Node(new[] { "reasoning.encrypted_content" }))),
        Text.Select(text => ("user", Node(text))),
        Text.Select(text => ("safety_identifier", Node(text))),
        Text.Select(text => ("prompt_cache_key", Node(text))),
        Gen.OneOf("auto", "detailed").Select(summary => ("reasoning", Node(new { summary }))),
        Text.Select(name => ("text", Node(new { format = new { type = "json_schema", name, schema = new { type = "object" } } }))));

    private static readonly Gen<(string Name, JsonNode? Value)> Kept = Gen.OneOf(
        Gen.OneOf("store", "background").Select(name => (name, (JsonNode?)false)),
        Gen.OneOf("presence_penalty", "top_logprobs").Select(name => (name, (JsonNode?)0)),
        Gen.OneOf("metadata", "stream_options").Select(name => (name, (JsonNode?)new JsonObject { ["k"] = "v" })),
        Gen.OneOf("previous_response_id", "messages", "max_tokens").Select(name => (name, (JsonNode?)null)),
        Gen.Const(() => ("max_budget_usd", (JsonNode?)"1.5")),
        Gen.Int[1, 5000].Select(cap => ("max_output_tokens", (JsonNode?)cap)));

    private static readonly JsonSerializerOptions[] Spellings =
    [
        new(),
        new() { WriteIndented = true },
        new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping },
    ];

    [Fact]
    public void WriteForwardBody_AnyValidRequest_HoldsExactlyWhatMayGoThrough() =>
        (from input in Input
         from forwarded in Forwarded.Array[0, 6]
         from kept in Kept.Array[0, 4]
         from suffix in Gen.OneOf("", ":high", ":min")
         from spelling in Gen.Int[0, Spellings.Length - 1]
         from cap in Gen.Int[1, 128_000]
         select (input, forwarded, kept, suffix, spelling, cap)).Sample(c =>
        {
            var body = new JsonObject { ["model"] = "xai/grok-4.3" + c.suffix, ["input"] = c.input.DeepClone() };
            var expected = new JsonObject { ["model"] = "grok-4.3", ["input"] = c.input.DeepClone(), ["store"] = false, ["max_output_tokens"] = c.cap };
            foreach (var (name, value) in c.kept)
                body[name] = value?.DeepClone();
            foreach (var (name, value) in c.forwarded)
                (body[name], expected[name]) = (value.DeepClone(), value.DeepClone());
            if (c.suffix.Length > 0)
            {
                if (expected["reasoning"] is null)
                    expected["reasoning"] = new JsonObject();
                expected["reasoning"]!["effort"] = c.suffix == ":high" ? "high" : "none";
            }

            var json = Encoding.UTF8.GetBytes(body.ToJsonString(Spellings[c.spelling]));
            var accepted = ResponsesRequest.TryParse(json, Requests.Catalogue, Requests.Ceiling, out var request, out var refusal);

            accepted.Should().BeTrue(refusal?.Message ?? "");
            var writer = new ArrayBufferWriter<byte>();
            request!.WriteForwardBody(writer, c.cap);
            var sent = JsonNode.Parse(writer.WrittenSpan, documentOptions: new() { AllowDuplicateProperties = false });
            JsonNode.DeepEquals(sent, expected).Should().BeTrue($"{sent!.ToJsonString()} should mean {expected.ToJsonString()}");
            request.MaxOutputTokens.Should().Be((int?)body["max_output_tokens"]);
        });

    private static JsonNode Node<T>(T value) => JsonSerializer.SerializeToNode(value)!;
}
