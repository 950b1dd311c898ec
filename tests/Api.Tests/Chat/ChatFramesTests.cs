using System.Buffers;
using System.Text;
using LlmTr.Api.Chat;
using LlmTr.Xai.Streaming;
using static LlmTr.Api.Tests.Chat.ChatBodies;
using Given = LlmTr.Api.Tests.Responses.Request.Requests;

namespace LlmTr.Api.Tests.Chat;

/// <summary>Streams of events as chunks of a chat completion.</summary>
public class ChatFramesTests
{
    private const string Created = "{'type':'response.created','response':{'id':'x','model':'grok-4.3','status':'in_progress'}}";
    private const string Completed = "{'type':'response.completed','response':{'status':'completed','usage':{'input_tokens':5,'output_tokens':2,'cost_in_usd_ticks':9}}}";

    [Fact]
    public void Text_BecomesChunks_RoleFirst_ThenContent_ThenTheEnd() =>
        Chunks([
            Created,
            "{'type':'response.output_item.added','item':{'type':'reasoning'},'output_index':0}",
            "{'type':'response.reasoning_summary_text.delta','delta':'Hm.','output_index':0}",
            "{'type':'response.output_item.added','item':{'type':'message','content':[]},'output_index':1}",
            "{'type':'response.output_text.delta','delta':'Hel','output_index':1}",
            "{'delta':'lo \\u00e9\\n','type':'response.output_text.delta'}",
            "{'type':'response.output_text.done','text':'Hello','output_index':1}",
            Completed]).Should().Equal(
            Chunk("{'role':'assistant','content':''}"),
            Chunk("{'reasoning_content':'Hm.'}"),
            Chunk("{'content':'Hel'}"),
            Chunk("{'content':'lo \\u00e9\\n'}"),
            Chunk("{}", "'stop'"),
            "data: [DONE]");

    [Fact]
    public void Calls_TellIdAndNameWithTheirFirstArguments_AndTheRestInPieces() =>
        Chunks([
            "{'type':'response.output_item.added','item':{'type':'function_call','id':'fc_1','call_id':'call-1','name':'f','arguments':''},'output_index':1}",
            "{'type':'response.output_item.added','item':{'type':'function_call','id':'fc_2','call_id':'call-2','name':'g','arguments':''},'output_index':2}",
            "{'type':'response.function_call_arguments.delta','delta':'{}','output_index':2}",
            "{'type':'response.function_call_arguments.delta','delta':'{\\u0022a','output_index':1}",
            "{'type':'response.function_call_arguments.delta','delta':'\\u0022:1}','output_index':1}",
            "{'type':'response.output_item.done','item':{'type':'function_call','call_id':'call-1','name':'f','arguments':'{\\u0022a\\u0022:1}'},'output_index':1}",
            Completed]).Should().Equal(
            Chunk("{'role':'assistant','content':''}"),
            Chunk("{'tool_calls':[{'index':0,'id':'call-2','type':'function','function':{'name':'g','arguments':'{}'}}]}"),
            Chunk("{'tool_calls':[{'index':1,'id':'call-1','type':'function','function':{'name':'f','arguments':'{\\u0022a'}}]}"),
            Chunk("{'tool_calls':[{'index':1,'function':{'arguments':'\\u0022:1}'}}]}"),
            Chunk("{}", "'tool_calls'"),
            "data: [DONE]");

    [Fact]
    public void Call_ThatIsToldOnlyAtItsEnd_IsNotLost() =>
        Chunks([
            "{'type':'response.output_item.added','item':{'type':'function_call','call_id':'call-1','name':'f'},'output_index':0}",
            "{'type':'response.output_item.done','item':{'type':'function_call','call_id':'call-1','name':'f','arguments':'{}'},'output_index':0}",
            "{'type':'response.output_item.done','item':{'type':'function_call','call_id':'call-2','name':'g','arguments':'[]'},'output_index':1}",
            "{'type':'response.output_item.done','item':{'type':'function_call','call_id':'call-2','name':'g','arguments':'[]'},'output_index':1}"]).Should().Equal(
            Chunk("{'role':'assistant','content':''}"),
            Chunk("{'tool_calls':[{'index':0,'id':'call-1','type':'function','function':{'name':'f','arguments':'{}'}}]}"),
            Chunk("{'tool_calls':[{'index':1,'id':'call-2','type':'function','function':{'name':'g','arguments':'[]'}}]}"));

    [Fact]
    public void Call_WithoutArguments_IsToldAtTheEndAtTheLatest() =>
        Chunks([
            "{'type':'response.output_item.added','item':{'type':'function_call','call_id':'call-1','name':'f'},'output_index':0}",
            Completed]).Should().Equal(
            Chunk("{'role':'assistant','content':''}"),
            Chunk("{'tool_calls':[{'index':0,'id':'call-1','type':'function','function':{'name':'f','arguments':''}}]}"),
            Chunk("{}", "'tool_calls'"),
            "data: [DONE]");

    [Fact]
    public void Usage_WhereAskedFor_IsAChunkOfItsOwn_AndNullInAllOthers()
    {
        var chunks = Chunks([Created, "{'type':'response.output_text.delta','delta':'a'}", Completed], includesUsage: true, Charge(9));

        chunks.Should().HaveCount(5);
        chunks[..3].Should().OnlyContain(chunk => chunk.Contains("\"usage\":null,\"choices\":[{", StringComparison.Ordinal));
        chunks[3].Should().EndWith(Given.Json(
            "'choices':[],'usage':{'prompt_tokens':5,'completion_tokens':2,'total_tokens':7,'cost_in_usd_ticks':9,'cost_usd':'0.0000000009','cost_source':'provider'}}"));
        chunks[4].Should().Be("data: [DONE]");
    }

    [Theory]
    [InlineData("{'type':'response.incomplete','response':{'status':'incomplete','incomplete_details':{'reason':'max_output_tokens'}}}", "length")]
    [InlineData("{'type':'response.incomplete','response':{'status':'incomplete','incomplete_details':{'reason':'content_filter'}}}", "content_filter")]
    [InlineData("{'type':'response.incomplete','response':{}}", "length")]
    [InlineData("{'type':'response.incomplete'}", "length")]
    [InlineData("{'type':'response.completed'}", "stop")]
    public void End_BecomesAFinishReason(string end, string reason) => Chunks([end])[^2].Should().Be(Chunk("{}", $"'{reason}'"));

    [Theory]
    [InlineData("{'type':'response.output_text.delta'}")]
    [InlineData("{'type':'response.output_text.delta','delta':7}")]
    [InlineData("{'type':'response.output_text.delta','delta':'cut")]
    [InlineData("{'type':'response.function_call_arguments.delta','delta':'{}','output_index':3}")]
    [InlineData("{'type':'response.output_item.added','item':'odd'}")]
    [InlineData("{'type':'response.output_item.added'}")]
    [InlineData("{'type':'response.some_event_of_tomorrow','delta':'x'}")]
    [InlineData("no JSON")]
    [InlineData("[DONE]")]
    public void Event_ThatSaysNothingHere_WritesNothing(string data) => Chunks([Created, data]).Should().Equal(Chunk("{'role':'assistant','content':''}"));

    [Fact]
    public void NothingFollowsTheEnd() =>
        Chunks([Completed, "{'type':'response.output_text.delta','delta':'late'}", "[DONE]"])[^1].Should().Be("data: [DONE]");

    [Fact]
    public void Piece_AllocatesNothing()
    {
        var frames = new ChatFrames(Identity, includesUsage: false);
        var output = new ArrayBufferWriter<byte>(64 * 1024);
        var pieces = new[]
        {
            "{'type':'response.output_item.added','item':{'type':'function_call','call_id':'call-1','name':'f'},'output_index':0}",
            "{'type':'response.output_text.delta','delta':'a','output_index':1}",
            "{'type':'response.reasoning_summary_text.delta','delta':'a','output_index':2}",
            "{'type':'response.function_call_arguments.delta','delta':'a','output_index':0}",
        }.Select(quoted => Encoding.UTF8.GetBytes($"data: {Given.Json(quoted)}\n\n")).ToArray();
        frames.WritePiece(new SseFrame(pieces[0]), output);

        var smallest = long.MaxValue;
        for (var i = 0; i < 50; i++)
        {
            output.ResetWrittenCount();
            var before = GC.GetAllocatedBytesForCurrentThread();
            foreach (var piece in pieces.AsSpan(1))
                frames.WritePiece(new SseFrame(piece), output);
            smallest = Math.Min(smallest, GC.GetAllocatedBytesForCurrentThread() - before);
        }

        output.WrittenCount.Should().BePositive();
        smallest.Should().Be(0);
    }

    private static string Chunk(string delta, string reason = "null") => "data: " + Given.Json(
        $"{Head}1','object':'chat.completion.chunk','created':{Identity.Request.MadeAt.ToUnixTimeSeconds()},'model':'xai/grok-4.3',"
        + $"'choices':[{{'index':0,'delta':{delta},'logprobs':null,'finish_reason':{reason}}}]}}");
}
