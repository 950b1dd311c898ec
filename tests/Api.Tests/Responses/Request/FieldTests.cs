using LlmTr.Money;

using static LlmTr.Api.Tests.Responses.Request.Requests;

namespace LlmTr.Api.Tests.Responses.Request;

public class FieldTests
{
    [Theory]
    [InlineData("'instructions':'Be brief.'")]
    [InlineData("'temperature':0")]
    [InlineData("'temperature':2.0")]
    [InlineData("'temperature':7e-1")]
    [InlineData("'top_p':1")]
    [InlineData("'stop':'END'")]
    [InlineData("'stop':['a','b','c','d']")]
    [InlineData("'tools':[]")]
    [InlineData("'tools':[{'type':'function','name':'f','description':'d','parameters':{'type':'object','properties':{'file_id':{'type':'string'}}},'strict':true}]")]
    [InlineData("'tool_choice':'auto'")]
    [InlineData("'tool_choice':'required'")]
    [InlineData("'tool_choice':{'type':'function','name':'f'}")]
    [InlineData("'parallel_tool_calls':false")]
    [InlineData("'stream':true")]
    [InlineData("'stream':false")]
    [InlineData("'include':['reasoning.encrypted_content']")]
    [InlineData("'include':[]")]
    [InlineData("'prompt_cache_key':'k'")]
    [InlineData("'user':'u'")]
    [InlineData("'safety_identifier':'s'")]
    [InlineData("'text':{'format':{'type':'text'}}")]
    [InlineData("'text':{'format':{'type':'json_object'},'verbosity':'low'}")]
    [InlineData("'text':{'format':{'type':'json_schema','name':'n','schema':{'type':'object'},'strict':true}}")]
    [InlineData("'text':{'format':null}")]
    [InlineData("'text':{}")]
    public void Field_Forwarded_GoesThroughAsItStands(string member)
    {
        var forwarded = ForwardedText(Accepted(With(member)));

        forwarded.Should().Be(Json($"{{'model':'grok-4.3','input':'hi',{member},'store':false,'max_output_tokens':1000}}"));
    }

    [Fact]
    public void ForwardBody_AlwaysNamesModelStoreAndCap() =>
        ForwardedText(Accepted("{'model':'grok-4.3','input':'hi'}"), 7).Should().Be(
            Json("{'model':'grok-4.3','input':'hi','store':false,'max_output_tokens':7}"));

    [Fact]
    public void ForwardBody_CapBelowOne_Throws() =>
        FluentActions.Invoking(() => ForwardedText(Accepted("{'model':'grok-4.3','input':'hi'}"), 0)).Should().Throw<ArgumentOutOfRangeException>();

    [Theory]
    [InlineData("'store':false")]
    [InlineData("'background':false")]
    [InlineData("'service_tier':'auto'")]
    [InlineData("'service_tier':'default'")]
    [InlineData("'truncation':'disabled'")]
    [InlineData("'presence_penalty':0")]
    [InlineData("'presence_penalty':-0.0")]
    [InlineData("'frequency_penalty':0.0")]
    [InlineData("'top_logprobs':0")]
    [InlineData("'max_budget_usd':1")]
    public void Field_NeutralOrOurOwn_IsAcceptedAndNotForwarded(string member)
    {
        var request = Accepted(With(member));

        ForwardedText(request).Should().Be(Json("{'model':'grok-4.3','input':'hi','store':false,'max_output_tokens':1000}"));
        request.IgnoredFields.Should().BeEmpty();
    }

    [Fact]
    public void Field_Hint_IsIgnoredAndNamed()
    {
        var request = Accepted(With("'metadata':{'a':'b'},'stream_options':{'include_usage':true},'prompt_cache_retention':'24h','max_tool_calls':3"));

        request.IgnoredFields.Should().Equal("metadata", "stream_options", "prompt_cache_retention", "max_tool_calls");
        ForwardedText(request).Should().Be(Json("{'model':'grok-4.3','input':'hi','store':false,'max_output_tokens':1000}"));
    }

    [Theory]
    [InlineData("'store':true", "store", "invalid_request_error")]
    [InlineData("'store':'false'", "store", "invalid_request_error")]
    [InlineData("'background':true", "background", "invalid_request_error")]
    [InlineData("'service_tier':'priority'", "service_tier", "unsupported_capability")]
    [InlineData("'service_tier':'flex'", "service_tier", "invalid_request_error")]
    [InlineData("'service_tier':1", "service_tier", "invalid_request_error")]
    [InlineData("'truncation':'auto'", "truncation", "invalid_request_error")]
    [InlineData("'truncation':false", "truncation", "invalid_request_error")]
    [InlineData("'presence_penalty':0.1", "presence_penalty", "invalid_request_error")]
    [InlineData("'frequency_penalty':'0'", "frequency_penalty", "invalid_request_error")]
    [InlineData("'top_logprobs':1", "top_logprobs", "invalid_request_error")]
    [InlineData("'previous_response_id':'r'", "previous_response_id", "unsupported_capability")]
    [InlineData("'conversation':'c'", "conversation", "unsupported_capability")]
    [InlineData("'prompt':{'id':'p'}", "prompt", "unsupported_capability")]
    [InlineData("'context_management':[]", "context_management", "unsupported_capability")]
    [InlineData("'search_parameters':{}", "search_parameters", "unsupported_capability")]
    [InlineData("'web_search_options':{}", "web_search_options", "unsupported_capability")]
    [InlineData("'web_search\\u005foptions':{}", "web_search_options", "unsupported_capability")]
    [InlineData("'max_tokens':5", "max_tokens", "invalid_request_error")]
    [InlineData("'instructions':['a']", "instructions", "invalid_request_error")]
    [InlineData("'temperature':2.01", "temperature", "invalid_request_error")]
    [InlineData("'temperature':-0.01", "temperature", "invalid_request_error")]
    [InlineData("'temperature':1e999", "temperature", "invalid_request_error")]
    [InlineData("'temperature':'1'", "temperature", "invalid_request_error")]
    [InlineData("'top_p':1.5", "top_p", "invalid_request_error")]
    [InlineData("'top_p':[]", "top_p", "invalid_request_error")]
    [InlineData("'max_output_tokens':0", "max_output_tokens", "invalid_request_error")]
    [InlineData("'max_output_tokens':-1", "max_output_tokens", "invalid_request_error")]
    [InlineData("'max_output_tokens':1.5", "max_output_tokens", "invalid_request_error")]
    [InlineData("'max_output_tokens':1000001", "max_output_tokens", "invalid_request_error")]
    [InlineData("'max_output_tokens':99999999999999999999", "max_output_tokens", "invalid_request_error")]
    [InlineData("'max_output_tokens':'10'", "max_output_tokens", "invalid_request_error")]
    [InlineData("'stop':['a','b','c','d','e']", "stop", "invalid_request_error")]
    [InlineData("'stop':['a',1]", "stop", "invalid_request_error")]
    [InlineData("'stop':{}", "stop", "invalid_request_error")]
    [InlineData("'parallel_tool_calls':'yes'", "parallel_tool_calls", "invalid_request_error")]
    [InlineData("'stream':1", "stream", "invalid_request_error")]
    [InlineData("'prompt_cache_key':1", "prompt_cache_key", "invalid_request_error")]
    [InlineData("'user':{}", "user", "invalid_request_error")]
    [InlineData("'safety_identifier':false", "safety_identifier", "invalid_request_error")]
    [InlineData("'include':'reasoning.encrypted_content'", "include", "invalid_request_error")]
    [InlineData("'include':[7]", "include[0]", "invalid_request_error")]
    [InlineData("'include':['reasoning.encrypted_content','web_search_call_output']", "include[1]", "unsupported_capability")]
    [InlineData("'text':'json'", "text", "invalid_request_error")]
    [InlineData("'text':{'format':'json'}", "text.format", "invalid_request_error")]
    [InlineData("'text':{'format':{}}", "text.format.type", "invalid_request_error")]
    [InlineData("'text':{'format':{'type':'grammar'}}", "text.format.type", "invalid_request_error")]
    [InlineData("'text':{'format':{'type':'json_schema','schema':{}}}", "text.format.name", "invalid_request_error")]
    [InlineData("'text':{'format':{'type':'json_schema','name':'n'}}", "text.format.schema", "invalid_request_error")]
    [InlineData("'text':{'format':{'type':'json_schema','name':'n','json_schema':{'name':'n','schema':{}}}}", "text.format.schema", "invalid_request_error")]
    [InlineData("'text':{'format':{'type':'json_schema','name':7,'schema':{}}}", "text.format.name", "invalid_request_error")]
    [InlineData("'text':{'format':{'type':'json_schema','name':'n','schema':'{}'}}", "text.format.schema", "invalid_request_error")]
    [InlineData("'text':{'format':{'type':'text','type':'json_object'}}", "text.format.type", "invalid_request_error")]
    [InlineData("'text':{'format':{'type':'text'},'format':{'type':'text'}}", "text.format", "invalid_request_error")]
    [InlineData("'response_format':'json'", "response_format", "invalid_request_error")]
    [InlineData("'response_format':{'type':'xml'}", "response_format.type", "invalid_request_error")]
    [InlineData("'response_format':{'type':'json_schema'}", "response_format.name", "invalid_request_error")]
    [InlineData("'response_format':{'type':'json_schema','json_schema':{'schema':{}}}", "response_format.json_schema.name", "invalid_request_error")]
    [InlineData("'response_format':{'type':'json_schema','json_schema':{'name':'n'}}", "response_format.json_schema.schema", "invalid_request_error")]
    [InlineData("'response_format':{'type':'json_schema','json_schema':[]}", "response_format.json_schema", "invalid_request_error")]
    [InlineData("'response_format':{'type':'text','json_schema':{'name':'n','schema':{}}}", "response_format.json_schema", "invalid_request_error")]
    [InlineData("'response_format':{'json_schema':{'name':'n','schema':{}},'type':'json_object'}", "response_format.json_schema", "invalid_request_error")]
    [InlineData("'response_format':{'type':'text'},'text':{'format':{'type':'text'}}", "response_format", "invalid_request_error")]
    public void Field_RefusedOrOutOfRange_IsNamed(string member, string param, string type)
    {
        var refusal = Refusal(With(member));

        (refusal.Status, refusal.Type, refusal.Param).Should().Be((400, type, param));
        refusal.Message.Should().NotBeEmpty();
    }

    [Theory]
    [InlineData("'max_tokens':5", "max_output_tokens")]
    [InlineData("'previous_response_id':'r'", "whole conversation")]
    [InlineData("'store':true", "whole conversation")]
    [InlineData("'search_parameters':{}", "function tools")]
    public void Field_Refused_HasAHint(string member, string hint) => Refusal(With(member)).Hint().Should().Contain(hint);

    [Theory]
    [InlineData("'response_format':{'type':'json_object'}", """{"format":{"type":"json_object"}}""")]
    [InlineData("'response_format':{'type':'json_schema','json_schema':{'name':'n','strict':true,'schema':{'type':'object'}}}",
        """{"format":{"type":"json_schema","name":"n","strict":true,"schema":{"type":"object"}}}""")]
    [InlineData("'response_format':{'json_schema':{'type':'x','name':'n','schema':{}},'type':'json_schema'}",
        """{"format":{"type":"json_schema","name":"n","schema":{}}}""")]
    [InlineData("'response_format':{'type':'json_schema','name':'n','schema':{}}", """{"format":{"type":"json_schema","name":"n","schema":{}}}""")]
    [InlineData("'response_format':{'type':'text'},'text':{'verbosity':'low','format':null}", """{"format":{"type":"text"},"verbosity":"low"}""")]
    public void ResponseFormat_BecomesTextFormat(string member, string text)
    {
        var forwarded = Forwarded(With(member));

        forwarded["text"]!.ToJsonString().Should().Be(text);
        forwarded.ContainsKey("response_format").Should().BeFalse();
    }

    [Theory]
    [InlineData("5", 50_000_000_000)]
    [InlineData("0.25", 2_500_000_000)]
    [InlineData("'0.0000000001'", 1)]
    [InlineData("'12.5'", 125_000_000_000)]
    [InlineData("'\\u0031'", 10_000_000_000)]
    public void MaxBudget_IsReadExactly(string value, long ticks) => Accepted(With($"'max_budget_usd':{value}")).MaxBudget.Should().Be(new UsdTicks(ticks));

    [Theory]
    [InlineData("0")]
    [InlineData("-1")]
    [InlineData("1e-3")]
    [InlineData("0.00000000001")]
    [InlineData("'ten'")]
    [InlineData("''")]
    [InlineData("true")]
    [InlineData("[1]")]
    [InlineData("999999999999")]
    public void MaxBudget_NotAnAmountAboveZero_Is400(string value)
    {
        var refusal = Refusal(With($"'max_budget_usd':{value}"));

        (refusal.Status, refusal.Type, refusal.Param).Should().Be((400, "invalid_request_error", "max_budget_usd"));
    }

    [Fact]
    public void Request_SaysStreamCapAndBudget()
    {
        var full = Accepted(With("'stream':true,'max_output_tokens':64,'max_budget_usd':1"));
        var bare = Accepted("{'model':'grok-4.3','input':'hi'}");

        (full.Stream, full.MaxOutputTokens, full.MaxBudget).Should().Be((true, 64, UsdTicks.FromUsd(1)));
        (bare.Stream, bare.MaxOutputTokens, bare.MaxBudget).Should().Be((false, null, null));
        full.Quote().AvailableDivisor.Should().Be(1);
        bare.Quote().AvailableDivisor.Should().Be(4);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(1_000_000)]
    public void MaxOutputTokens_WithinTheModelsLimit_IsTaken(int tokens) =>
        Accepted(With($"'max_output_tokens':{tokens}")).MaxOutputTokens.Should().Be(tokens);
}
