using System.Text;
using LlmTr.Xai.Catalogue;
using static LlmTr.Api.Tests.Chat.ChatBodies;
using Given = LlmTr.Api.Tests.Responses.Request.Requests;

namespace LlmTr.Api.Tests.Chat;

/// <summary>Chat completions on their way to xAI: what each field becomes.</summary>
public class ChatRequestTests
{
    private const string Start = "{'model':'grok-4.3','input':[{'type':'message','role':'user','content':'hi'}]";
    private const string End = ",'store':false,'max_output_tokens':1000}";

    /// <summary>Added members, and what stands for them in the body that xAI gets.</summary>
    public static TheoryData<string, string> Translations => new()
    {
        { "'temperature':0.5", ",'temperature':0.5" },
        { "'top_p':0.25", ",'top_p':0.25" },
        { "'stop':'x'", ",'stop':'x'" },
        { "'stop':['x','y']", ",'stop':['x','y']" },
        { "'user':'u'", ",'user':'u'" },
        { "'safety_identifier':'s'", ",'safety_identifier':'s'" },
        { "'prompt_cache_key':'p'", ",'prompt_cache_key':'p'" },
        { "'parallel_tool_calls':false", ",'parallel_tool_calls':false" },
        { "'stream':true", ",'stream':true" },
        { "'stream':true,'stream_options':{'include_usage':true,'include_obfuscation':false}", ",'stream':true" },
        { "'stream_options':{}", "" },
        { "'reasoning_effort':'high'", ",'reasoning':{'effort':'high'}" },
        { "'reasoning_effort':'minimal'", ",'reasoning':{'effort':'none'}" },
        { "'response_format':{'type':'text'}", ",'text':{'format':{'type':'text'}}" },
        { "'response_format':{'type':'json_object'}", ",'text':{'format':{'type':'json_object'}}" },
        {
            "'response_format':{'type':'json_schema','json_schema':{'name':'n','strict':true,'schema':{'type':'object'}}}",
            ",'text':{'format':{'type':'json_schema','name':'n','strict':true,'schema':{'type':'object'}}}"
        },
        {
            "'tools':[{'type':'function','function':{'name':'f','description':'d','parameters':{'type':'object'},'strict':true}},{'function':{'name':'g'},'type':'function'}]",
            ",'tools':[{'type':'function','name':'f','description':'d','parameters':{'type':'object'},'strict':true},{'type':'function','name':'g'}]"
        },
        { "'tools':[]", ",'tools':[]" },
        { "'tools':null", "" },
        { "'tool_choice':'required'", ",'tool_choice':'required'" },
        { "'tool_choice':{'type':'function','function':{'name':'f'}}", ",'tool_choice':{'type':'function','name':'f'}" },
        { "'max_tokens':17", "" },
        { "'max_completion_tokens':17", "" },
        { "'max_tokens':17,'max_completion_tokens':17", "" },
        { "'max_budget_usd':'1'", "" },
        { "'n':1", "" },
        { "'store':false", "" },
        { "'logprobs':false,'top_logprobs':0", "" },
        { "'logit_bias':{ }", "" },
        { "'modalities':['text']", "" },
        { "'verbosity':'medium'", "" },
        { "'presence_penalty':0,'frequency_penalty':0.0", "" },
        { "'service_tier':'auto'", "" },
        { "'service_tier':'default'", "" },
        { "'seed':7,'metadata':{'a':'b'},'prompt_cache_retention':'24h'", "" },
        { "'functions':null,'function_call':null,'audio':null,'prediction':null", "" },
    };

    [Theory]
    [MemberData(nameof(Translations))]
    public void Fields_BecomeThoseOfResponses(string members, string expected) => Forwarded(With(members)).Should().Be(Given.Json(Start + expected + End));

    [Fact]
    public void Conversation_BecomesItems()
    {
        const string chat = """
            {"model":"grok-4.3:high","messages":[
              {"role":"system","content":"s"},{"role":"developer","content":[{"type":"text","text":"d"}],"name":"ops"},
              {"role":"user","content":[{"type":"text","text":"look \"here\" \u00e9"},{"type":"image_url","image_url":{"url":"https://example.com/a.png","detail":"low"}}]},
              {"role":"assistant","content":null,"refusal":null,"reasoning_content":"because","tool_calls":[
                {"id":"call-1","type":"function","function":{"name":"f","arguments":"{\"a\":1}"}},{"id":"call-2","type":"function","function":{"name":"g","arguments":""}}]},
              {"role":"tool","tool_call_id":"call-1","content":"4"},
              {"role":"tool","tool_call_id":"call-2","content":[{"type":"text","text":"5"},{"type":"text","text":"6"}]},
              {"role":"assistant","content":"done"}]}
            """;
        var request = Accepted(chat.ReplaceLineEndings(""));

        Given.ForwardedText(request.Text).Should().Be(
            """
            {"model":"grok-4.3","input":[{"type":"message","role":"system","content":"s"},{"type":"message","role":"developer","content":[{"type":"input_text","text":"d"}]},
            {"type":"message","role":"user","content":[{"type":"input_text","text":"look \"here\" \u00e9"},{"type":"input_image","image_url":"https://example.com/a.png","detail":"low"}]},
            {"type":"function_call","call_id":"call-1","name":"f","arguments":"{\"a\":1}"},{"type":"function_call","call_id":"call-2","name":"g","arguments":""},
            {"type":"function_call_output","call_id":"call-1","output":"4"},{"type":"function_call_output","call_id":"call-2","output":"56"},
            {"type":"message","role":"assistant","content":"done"}],"reasoning":{"effort":"high"},"store":false,"max_output_tokens":1000}
            """.ReplaceLineEndings(""));
        request.Text.Effort.Should().Be(EffortLevel.High);
    }

    [Theory]
    [InlineData("'max_tokens':17")]
    [InlineData("'max_completion_tokens':17")]
    [InlineData("'max_tokens':17,'max_completion_tokens':17")]
    public void Cap_IsTheCallers(string members) => Accepted(With(members)).Text.MaxOutputTokens.Should().Be(17);

    [Fact]
    public void Request_TellsWhatIsForTheGateway()
    {
        var request = Accepted(With("'stream':true,'stream_options':{'include_usage':true},'max_budget_usd':0.25,'seed':1,'metadata':{}"));

        request.Text.Stream.Should().BeTrue();
        request.IncludesUsage.Should().BeTrue();
        request.Text.MaxBudget!.Value.ToUsdString().Should().Be("0.25");
        request.IgnoredFields.Should().Equal("seed", "metadata");
        Accepted(With("'stream':true")).IncludesUsage.Should().BeFalse();
    }

    [Fact]
    public void Quote_OfPlainMessages_IsThatOfTheSameRequestToResponses()
    {
        const string body = "{'model':'grok-4.3','messages':[{'role':'user','content':'How long is a piece of string?'}],'temperature':1}";

        Accepted(body).Text.Quote().Should().BeEquivalentTo(Given.Accepted(body).Quote());
    }

    [Fact]
    public void ImagesOfAMessage_CountByNumber()
    {
        var image = Convert.ToBase64String(Encoding.ASCII.GetBytes(new string('x', 30_000)));
        var one = Accepted($$$"""{"model":"grok-4.3","messages":[{"role":"user","content":[{"type":"image_url","image_url":{"url":"data:image/png;base64,{{{image}}}"}}]}]}""");

        one.Text.EstimatedInputTokens.Should().BeLessThan(4_000);
    }

    /// <summary>What is refused, with the type and the field that the refusal names.</summary>
    public static TheoryData<string, string, string?> Refusals => new()
    {
        { "'functions':[]", "unsupported_capability", "functions" },
        { "'function_call':'auto'", "unsupported_capability", "function_call" },
        { "'audio':{}", "unsupported_capability", "audio" },
        { "'prediction':{}", "unsupported_capability", "prediction" },
        { "'web_search_options':{}", "unsupported_capability", "web_search_options" },
        { "'search_parameters':{}", "unsupported_capability", "search_parameters" },
        { "'n':2", "invalid_request_error", "n" },
        { "'n':1.5", "invalid_request_error", "n" },
        { "'store':true", "invalid_request_error", "store" },
        { "'logprobs':true", "invalid_request_error", "logprobs" },
        { "'top_logprobs':3", "invalid_request_error", "top_logprobs" },
        { "'logit_bias':{'50256':-100}", "invalid_request_error", "logit_bias" },
        { "'logit_bias':[]", "invalid_request_error", "logit_bias" },
        { "'modalities':['text','audio']", "invalid_request_error", "modalities" },
        { "'modalities':['audio']", "invalid_request_error", "modalities" },
        { "'modalities':'text'", "invalid_request_error", "modalities" },
        { "'verbosity':'low'", "invalid_request_error", "verbosity" },
        { "'presence_penalty':0.1", "invalid_request_error", "presence_penalty" },
        { "'frequency_penalty':-1", "invalid_request_error", "frequency_penalty" },
        { "'service_tier':'priority'", "unsupported_capability", "service_tier" },
        { "'service_tier':'flex'", "invalid_request_error", "service_tier" },
        { "'input':'hi'", "invalid_request_error", "input" },
        { "'instructions':'hi'", "invalid_request_error", "instructions" },
        { "'max_output_tokens':5", "invalid_request_error", "max_output_tokens" },
        { "'reasoning':{'effort':'low'}", "invalid_request_error", "reasoning" },
        { "'include':[]", "invalid_request_error", "include" },
        { "'top_k':5", "invalid_request_error", "top_k" },
        { "'max_tokens':0", "invalid_request_error", "max_tokens" },
        { "'max_tokens':'5'", "invalid_request_error", "max_tokens" },
        { "'max_completion_tokens':-1", "invalid_request_error", "max_completion_tokens" },
        { "'max_completion_tokens':5,'max_tokens':6", "invalid_request_error", "max_tokens" },
        { "'temperature':3", "invalid_request_error", "temperature" },
        { "'top_p':2", "invalid_request_error", "top_p" },
        { "'stop':['a','b','c','d','e']", "invalid_request_error", "stop" },
        { "'stream':'yes'", "invalid_request_error", "stream" },
        { "'stream_options':true", "invalid_request_error", "stream_options" },
        { "'stream_options':{'include_usage':1}", "invalid_request_error", "stream_options.include_usage" },
        { "'stream_options':{'include_usage':true,'include_usage':false}", "invalid_request_error", "stream_options.include_usage" },
        { "'reasoning_effort':'xhigh'", "unsupported_capability", "reasoning_effort" },
        { "'reasoning_effort':'some'", "invalid_request_error", "reasoning_effort" },
        { "'parallel_tool_calls':1", "invalid_request_error", "parallel_tool_calls" },
        { "'user':1", "invalid_request_error", "user" },
        { "'max_budget_usd':0", "invalid_request_error", "max_budget_usd" },
        { "'response_format':'json'", "invalid_request_error", "response_format" },
        { "'response_format':{'type':'xml'}", "invalid_request_error", "response_format.type" },
        { "'response_format':{'type':'json_schema','json_schema':{'name':'n'}}", "invalid_request_error", "response_format.json_schema.schema" },
        { "'response_format':{'type':'json_schema'}", "invalid_request_error", "response_format.name" },
        { "'tools':{}", "invalid_request_error", "tools" },
        { "'tools':['f']", "invalid_request_error", "tools[0]" },
        { "'tools':[{'type':'web_search'}]", "unsupported_capability", "tools[0].type" },
        { "'tools':[{'type':'custom','custom':{'name':'f'}}]", "unsupported_capability", "tools[0].type" },
        { "'tools':[{'type':7}]", "invalid_request_error", "tools[0].type" },
        { "'tools':[{'function':{'name':'f'}}]", "invalid_request_error", "tools[0].type" },
        { "'tools':[{'type':'function','name':'f'}]", "invalid_request_error", "tools[0].function" },
        { "'tools':[{'type':'function','function':'f'}]", "invalid_request_error", "tools[0].function" },
        { "'tools':[{'type':'function','function':{'name':'f'}},{'type':'function','function':{}}]", "invalid_request_error", "tools[1].function.name" },
        { "'tools':[{'type':'function','function':{'name':''}}]", "invalid_request_error", "tools[0].function.name" },
        { "'tools':[{'type':'function','function':{'name':'f','name':'g'}}]", "invalid_request_error", "tools[0].function.name" },
        { "'tools':[{'type':'function','function':{'name':'f','parameters':[]}}]", "invalid_request_error", "tools[0].function.parameters" },
        { "'tools':[{'type':'function','function':{'name':'f'},'function':{'name':'g'}}]", "invalid_request_error", "tools[0].function" },
        { "'tools':[{'type':'function','type':'function','function':{'name':'f'}}]", "invalid_request_error", "tools[0].type" },
        { "'tool_choice':'any'", "invalid_request_error", "tool_choice" },
        { "'tool_choice':7", "invalid_request_error", "tool_choice" },
        { "'tool_choice':{'type':'function','name':'f'}", "invalid_request_error", "tool_choice.function" },
        { "'tool_choice':{'type':'function','function':{}}", "invalid_request_error", "tool_choice.function.name" },
        { "'tool_choice':{'type':'allowed_tools','allowed_tools':{}}", "unsupported_capability", "tool_choice.type" },
    };

    [Theory]
    [MemberData(nameof(Refusals))]
    public void WhatHasNoCounterpart_IsRefusedByName(string members, string type, string? param)
    {
        var refusal = Refusal(With(members));

        (refusal.Status, refusal.Type, refusal.Param).Should().Be((400, type, param));
        refusal.Message.Contains("max_output_tokens", StringComparison.Ordinal).Should().Be(param == "max_output_tokens", "a chat completion has no such field");
    }

    [Theory]
    [InlineData("[]", "messages")]
    [InlineData("'hi'", "messages")]
    [InlineData("[{'role':'function','content':'x','name':'f'}]", "messages[0].role")]
    [InlineData("[{'role':'user','content':'x'},{'role':'user'}]", "messages[1].content")]
    [InlineData("[{'role':'user','content':[{'type':'input_audio','input_audio':{}}]}]", "messages[0].content[0].type")]
    [InlineData("[{'role':'user','content':[{'type':'file','file':{'file_id':'f'}}]}]", "messages[0].content[0].type")]
    [InlineData("[{'role':'assistant','function_call':{'name':'f','arguments':''}}]", "messages[0].function_call")]
    [InlineData("[{'role':'tool','content':'x'}]", "messages[0].tool_call_id")]
    public void Message_ThatCannotBeTranslated_IsRefusedByItsPlace(string messages, string param) =>
        Refusal($"{{'model':'grok-4.3','messages':{messages}}}").Param.Should().Be(param);

    [Theory]
    [InlineData("{'messages':[{'role':'user','content':'x'}]}", 400, "invalid_request_error", "model")]
    [InlineData("{'model':'grok-4.3'}", 400, "invalid_request_error", "messages")]
    [InlineData("{'model':'gpt-5','messages':[{'role':'user','content':'x'}]}", 404, "model_not_found", "model")]
    [InlineData("{'model':'xai/grok-imagine-image','messages':[{'role':'user','content':'x'}]}", 400, "unsupported_operation", "model")]
    [InlineData("{'model':'grok-4.3:huge','messages':[{'role':'user','content':'x'}]}", 400, "invalid_request_error", "model")]
    [InlineData("[]", 400, "invalid_request_error", null)]
    [InlineData("", 400, "invalid_request_error", null)]
    public void Body_ThatIsNoRequest_IsRefused(string body, int status, string type, string? param)
    {
        var refusal = Refusal(body);

        (refusal.Status, refusal.Type, refusal.Param).Should().Be((status, type, param));
    }

    [Fact]
    public void FunctionTool_InTheFormOfResponses_IsRefusedWithAHint() =>
        Given.Hint(Refusal(With("'tools':[{'type':'function','name':'f'}]"))).Should().Contain("inside 'function'");

    [Fact]
    public void FunctionTools_OnAModelThatTakesNone_AreRefused() =>
        Refusal(With("'tools':[{'type':'function','function':{'name':'f'}}]", "xai/grok-4.20-multi-agent")).Param.Should().Be("tools");
}
