using LlmTr.Api.Responses;
using LlmTr.Grains.Abstractions;
using LlmTr.Money;
using static LlmTr.Api.Tests.Chat.ChatBodies;
using Given = LlmTr.Api.Tests.Responses.Request.Requests;

namespace LlmTr.Api.Tests.Chat;

/// <summary>Whole responses as chat completions.</summary>
public class ChatBodyTests
{
    private const string Reasoning = "{'id':'rs_1','summary':[{'text':'First.','type':'summary_text'},{'type':'summary_text','text':' Then.'}],'type':'reasoning','status':'completed'}";
    private const string Usage =
        "'usage':{'input_tokens':210,'input_tokens_details':{'cached_tokens':192},'output_tokens':64,'output_tokens_details':{'reasoning_tokens':58},'total_tokens':274,'cost_in_usd_ticks':2209000}";

    // The time is that of the id, 2025-11-20.
    private static readonly string Start = Given.Json(
        $"{Head}1','object':'chat.completion','created':{Identity.Request.MadeAt.ToUnixTimeSeconds()},'model':'xai/grok-4.3','choices':[{{'index':0,'message':{{'role':'assistant',");

    [Fact]
    public void Text_WithReasoningAndUsage_BecomesAMessage() =>
        Completion($"{{'id':'x','object':'response','model':'grok-4.3','output':[{Reasoning},{Message("Hello \\u00e9 \\n")}],'status':'completed',{Usage}}}", Charge(2209000)).Should().Be(
            Start + Given.Json(
                "'content':'Hello \\u00e9 \\n','refusal':null,'reasoning_content':'First. Then.'},'logprobs':null,'finish_reason':'stop'}],"
                + "'usage':{'prompt_tokens':210,'completion_tokens':64,'total_tokens':274,'prompt_tokens_details':{'cached_tokens':192},'completion_tokens_details':{'reasoning_tokens':58},"
                + "'cost_in_usd_ticks':2209000,'cost_usd':'0.0002209','cost_source':'provider'}}"));

    [Fact]
    public void Calls_BecomeToolCalls_AndContentIsNull() =>
        Completion(
            "{'output':[{'arguments':'{\\u0022a\\u0022:1}','call_id':'call-1','name':'f','type':'function_call','id':'fc_1','status':'completed'},"
            + "{'type':'function_call','call_id':'call-2','name':'g','arguments':''}],'status':'completed'}").Should().Be(
            Start + Given.Json(
                "'content':null,'refusal':null,'tool_calls':[{'id':'call-1','type':'function','function':{'name':'f','arguments':'{\\u0022a\\u0022:1}'}},"
                + "{'id':'call-2','type':'function','function':{'name':'g','arguments':''}}]},'logprobs':null,'finish_reason':'tool_calls'}],'usage':{}}"));

    [Theory]
    [InlineData("'status':'completed'", "stop")]
    [InlineData("'status':'incomplete','incomplete_details':{'reason':'max_output_tokens'}", "length")]
    [InlineData("'status':'incomplete','incomplete_details':{'reason':'max_prompt_tokens'}", "length")]
    [InlineData("'status':'incomplete','incomplete_details':{'reason':'max_time_limit'}", "length")]
    [InlineData("'status':'incomplete','incomplete_details':{'reason':'content_filter'}", "content_filter")]
    [InlineData("'status':'incomplete'", "length")]
    [InlineData("'status':'of tomorrow'", "stop")]
    public void Status_BecomesAFinishReason(string status, string reason) =>
        Completion($"{{'output':[{Message("a")}],{status}}}").Should().Contain($"\"finish_reason\":\"{reason}\"");

    [Fact]
    public void CallInACutAnswer_IsNotToldAsMade() =>
        Completion("{'output':[{'type':'function_call','call_id':'c','name':'f','arguments':'{'}],'status':'incomplete','incomplete_details':{'reason':'max_output_tokens'}}")
            .Should().Contain("\"finish_reason\":\"length\"").And.Contain("\"tool_calls\"");

    [Theory]
    [InlineData("[]", "'content':'','refusal':null}")]
    [InlineData("[{'type':'message','content':[{'type':'refusal','refusal':'no'}]}]", "'content':null,'refusal':'no'}")]
    [InlineData("[{'type':'message','content':[{'type':'output_text','text':'a'},{'type':'output_text','text':''},{'text':'b','type':'output_text'}]}]", "'content':'ab','refusal':null}")]
    [InlineData("[{'type':'message','content':[{'type':'output_text','text':'a'}]},{'content':[{'text':'b','type':'output_text'}],'type':'message'}]", "'content':'ab','refusal':null}")]
    [InlineData("[{'type':'of_tomorrow','content':[{'text':'x'}]},7,[],{'type':'message','content':'odd'},{'type':'message','content':[7,{'text':8},{'text':'a'}]}]", "'content':'a','refusal':null}")]
    public void Output_OfAnyShape_IsToldAsFarAsItIsKnown(string output, string message) =>
        Completion($"{{'output':{output},'status':'completed'}}").Should().Contain(Given.Json(message));

    [Theory]
    [InlineData("{'status':'completed'}")]
    [InlineData("{'status':'completed','output':null}")]
    [InlineData("{'status':'completed','output':'text'}")]
    public void Response_WithoutOutput_SaysNothing(string response) => Completion(response).Should().Contain("\"content\":\"\"");

    [Theory]
    [InlineData("'usage':null", "'usage':{}")]
    [InlineData("'usage':{'input_tokens':5}", "'usage':{'prompt_tokens':5}")]
    [InlineData("'usage':{'input_tokens':9223372036854775807,'output_tokens':1}", "'total_tokens':9223372036854775808}")]
    public void Count_ThatIsNotTold_IsLeftOut(string usage, string expected) =>
        Completion($"{{'output':[],'status':'completed',{usage}}}").Should().Contain(Given.Json(expected));

    [Fact]
    public void Charge_IsWhatTheKeyPays_WhateverXaiReported() =>
        Completion($"{{'output':[],'status':'completed',{Usage}}}", new MeasuredCost(new UsdTicks(17), CostSource.Estimate)).Should().Contain(
            Given.Json("'cost_in_usd_ticks':17,'cost_usd':'0.0000000017','cost_source':'estimate'}"));

    private static string Message(string text) =>
        $"{{'content':[{{'type':'output_text','text':'{text}','logprobs':[],'annotations':[]}}],'id':'msg_1','role':'assistant','type':'message','status':'completed'}}";
}
