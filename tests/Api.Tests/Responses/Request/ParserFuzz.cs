using System.Buffers;
using System.Text;
using System.Text.Json;

using CsCheck;

using LlmTr.Api.Responses;

namespace LlmTr.Api.Tests.Responses.Request;

/// <summary>Whatever the bytes: the parser answers, and what it lets through is harmless by a second opinion.</summary>
public class ParserFuzz
{
    private static readonly byte[][] Seeds =
    [
        .. new[]
        {
            "{'model':'xai/grok-4.3:high','input':'hi','stream':true,'temperature':0.5,'max_output_tokens':10,'max_budget_usd':'0.5','metadata':{'a':1}}",
            "{'model':'grok-4.3','input':[{'role':'user','content':[{'type':'input_text','text':'a\\u00e9\\ud83d\\ude00'},{'type':'input_image','image_url':'https://e.org/a.png'}]},"
                + "{'type':'reasoning','summary':[{'type':'summary_text','text':'t'}],'encrypted_content':'AA=='},{'type':'function_call','call_id':'c','name':'f','arguments':'{}'},"
                + "{'type':'function_call_output','call_id':'c','output':'4'}],'tools':[{'type':'function','name':'f','parameters':{'type':'object'}}],'tool_choice':{'type':'function','name':'f'}}",
            "{'model':'grok-4.3','messages':[{'role':'system','content':'s'},{'role':'user','content':[{'type':'text','text':'t'},{'type':'image_url','image_url':{'url':'data:image/png;base64,iVBORw0KGgo='}}]},"
                + "{'role':'assistant','content':null,'tool_calls':[{'id':'c','type':'function','function':{'name':'f','arguments':'{}'}}]},{'role':'tool','tool_call_id':'c','content':[{'type':'text','text':'4'}]}],"
                + "'response_format':{'type':'json_schema','json_schema':{'name':'n','schema':{}}},'reasoning':{'summary':'auto'},'reasoning_effort':'low'}",
            "{'model':'grok-4.20-multi-agent','input':'hi','text':{'format':{'type':'json_object'},'verbosity':'low'},'include':['reasoning.encrypted_content'],'stop':['a','b'],'store':false}",
        }.Select(json => Encoding.UTF8.GetBytes(Requests.Json(json))),
    ];

    private static readonly byte[][] Fragments =
    [
        .. new[]
        {
            "'", "\\", "{", "}", "[", "]", ",", ":", "null", "true", "false", "0", "-1", "1e9", "\\u", "\\ud800", "\\udc00", "'type':'web_search',", "'type':'input_file',", "'file_id':'f',",
            "'type':'function',", "'ty\\u0070e':'mcp',", "'input':'x',", "'tools':[],", "'store':true,", "'content':[],", "'role':'user',", "'effort':'xhigh',", "\u00a0", "\uFEFF", "/**/", "\0",
        }.Select(text => Encoding.UTF8.GetBytes(Requests.Json(text))),
        [0xff], [0xc3], [0xed, 0xa0, 0x80],
    ];

    private static readonly Gen<Func<byte[], byte[]>> Mutation =
        from kind in Gen.Int[0, 5]
        from at in Gen.Double[0, 1]
        from length in Gen.Int[1, 12]
        from fragment in Gen.OneOf(Fragments)
        from value in Gen.Byte
        select (Func<byte[], byte[]>)(body =>
        {
            var start = Math.Min((int)(at * body.Length), body.Length);
            var end = Math.Min(start + length, body.Length);
            return kind switch
            {
                0 => [.. body[..start], value, .. body[Math.Min(start + 1, body.Length)..]],
                1 => [.. body[..start], .. body[end..]],
                2 => [.. body[..end], .. body[start..]],
                3 => body[..start],
                _ => [.. body[..start], .. fragment, .. body[start..]],
            };
        });

    [Fact]
    public void TryParse_RandomBytes_NeverThrows() =>
        Gen.Byte.Array[0, 200].Sample(body => { Judge(body); }, iter: 20_000);

    [Fact]
    public void TryParse_RandomJsonLikeBytes_NeverThrows() =>
        Gen.OneOf(Fragments).Array[0, 40].Sample(pieces => { Judge([.. pieces.SelectMany(piece => piece)]); }, iter: 20_000);

    [Fact]
    public void TryParse_MutatedBodies_NeverThrowAndLetNothingThrough()
    {
        var accepted = 0;
        (from seed in Gen.OneOf(Seeds) from mutations in Mutation.Array[0, 4] select (seed, mutations)).Sample(
            c =>
            {
                if (Judge(c.mutations.Aggregate(c.seed, (body, mutate) => mutate(body))))
                    Interlocked.Increment(ref accepted);
            },
            iter: 20_000);

        accepted.Should().BePositive("otherwise only refusals were tried");
    }

    // One of the four types of error that parsing knows, or a body that a second parser finds harmless.
    private static bool Judge(byte[] body)
    {
        if (!ResponsesRequest.TryParse(body, Requests.Catalogue, Requests.Ceiling, out var request, out var refusal))
        {
            (refusal.Status, refusal.Type).Should().BeOneOf(
                (400, "invalid_request_error"), (400, "unsupported_capability"), (404, "model_not_found"), (410, "model_retired"));
            refusal.Message.Should().NotBeNullOrEmpty();
            return false;
        }

        request.Quote().Least.IsPositive.Should().BeTrue();
        var writer = new ArrayBufferWriter<byte>();
        request.WriteForwardBody(writer, 77);
        using var sent = JsonDocument.Parse(writer.WrittenMemory);
        ShouldBeHarmless(sent.RootElement);
        return true;
    }

    private static void ShouldBeHarmless(JsonElement body)
    {
        var names = body.EnumerateObject().Select(member => member.Name).ToList();
        names.Should().OnlyHaveUniqueItems();
        names.Except([
            "model", "input", "instructions", "reasoning", "max_output_tokens", "temperature", "top_p", "stop", "tools", "tool_choice", "parallel_tool_calls", "text",
            "stream", "include", "prompt_cache_key", "user", "safety_identifier", "store"]).Should().BeEmpty();
        body.GetProperty("store").GetBoolean().Should().BeFalse();
        body.GetProperty("max_output_tokens").GetInt32().Should().Be(77);
        body.GetProperty("model").GetString().Should().BeOneOf("grok-4.3", "grok-4.20-multi-agent-0309");

        if (body.TryGetProperty("tools", out var tools))
        {
            foreach (var tool in tools.EnumerateArray())
                TypesOf(tool).Should().Equal("function");
        }

        var input = body.GetProperty("input");
        if (input.ValueKind == JsonValueKind.Array)
        {
            foreach (var item in input.EnumerateArray())
                TypesOf(item).Except(["message", "reasoning", "function_call", "function_call_output"]).Should().BeEmpty();
        }

        ShouldNotReferToFiles(input);
    }

    private static IEnumerable<string?> TypesOf(JsonElement element) =>
        element.EnumerateObject().Where(member => member.Name == "type").Select(member => member.Value.GetString());

    private static void ShouldNotReferToFiles(JsonElement element)
    {
        if (element.ValueKind == JsonValueKind.Array)
        {
            foreach (var inner in element.EnumerateArray())
                ShouldNotReferToFiles(inner);
        }
        else if (element.ValueKind == JsonValueKind.Object)
        {
            foreach (var member in element.EnumerateObject())
            {
                (member.Name == "file_id" && member.Value.ValueKind != JsonValueKind.Null).Should().BeFalse();
                (member.Name == "type" && member.Value.ValueKind == JsonValueKind.String && member.Value.GetString() == "input_file").Should().BeFalse();
                ShouldNotReferToFiles(member.Value);
            }
        }
    }
}
