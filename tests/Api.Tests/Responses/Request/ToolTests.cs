using static LlmTr.Api.Tests.Responses.Request.Requests;

namespace LlmTr.Api.Tests.Responses.Request;

public class ToolTests
{
    [Theory]
    [InlineData("web_search")]
    [InlineData("x_search")]
    [InlineData("image_generation")]
    [InlineData("collections_search")]
    [InlineData("file_search")]
    [InlineData("code_execution")]
    [InlineData("code_interpreter")]
    [InlineData("mcp")]
    [InlineData("shell")]
    [InlineData("tool_search")]
    [InlineData("view_image")]
    [InlineData("view_x_video")]
    [InlineData("web_search_preview")]
    [InlineData("live_search")]
    [InlineData("custom")]
    [InlineData("Function")]
    [InlineData("function ")]
    public void Tool_OfAnotherTypeThanFunction_IsRefusedByName(string type)
    {
        var refusal = Refusal(With($"'tools':[{{'type':'function','name':'f'}},{{'type':'{type}','name':'f'}}]"));

        (refusal.Status, refusal.Type, refusal.Param).Should().Be((400, "unsupported_capability", "tools[1].type"));
        refusal.Message.Should().Contain($"'{type}'");
    }

    // Each hides a paid tool from a parser that looks at one occurrence or at the bare bytes only.
    [Theory]
    [InlineData("{'type':'function','name':'f','type':'web_search'}")]
    [InlineData("{'type':'web_search','name':'f','type':'function'}")]
    [InlineData("{'type':'function','name':'f','ty\\u0070e':'web_search'}")]
    [InlineData("{'\\u0074ype':'web_search','name':'f'}")]
    [InlineData("{'type':'web\\u005fsearch','name':'f'}")]
    [InlineData("{'name':'f','parameters':{'type':'function'},'type':'mcp'}")]
    public void Tool_WithAHiddenType_IsRefused(string tool)
    {
        var refusal = Refusal(With($"'tools':[{tool}]"));

        (refusal.Status, refusal.Type).Should().Be((400, "unsupported_capability"));
    }

    [Theory]
    [InlineData("'tools':{}", "tools")]
    [InlineData("'tools':'function'", "tools")]
    [InlineData("'tools':['function']", "tools[0]")]
    [InlineData("'tools':[null]", "tools[0]")]
    [InlineData("'tools':[{}]", "tools[0].type")]
    [InlineData("'tools':[{'name':'f'}]", "tools[0].type")]
    [InlineData("'tools':[{'type':null,'name':'f'}]", "tools[0].type")]
    [InlineData("'tools':[{'type':['function'],'name':'f'}]", "tools[0].type")]
    [InlineData("'tools':[{'type':'function','type':'function','name':'f'}]", "tools[0].type")]
    [InlineData("'tools':[{'type':'function'}]", "tools[0].name")]
    [InlineData("'tools':[{'type':'function','name':7}]", "tools[0].name")]
    [InlineData("'tools':[{'type':'function','name':''}]", "tools[0].name")]
    [InlineData("'tools':[{'type':'function','name':'f','parameters':'{}'}]", "tools[0].parameters")]
    [InlineData("'tool_choice':'any'", "tool_choice")]
    [InlineData("'tool_choice':7", "tool_choice")]
    [InlineData("'tool_choice':{}", "tool_choice")]
    [InlineData("'tool_choice':{'type':'function'}", "tool_choice")]
    [InlineData("'tool_choice':{'type':'function','function':{'name':'f'}}", "tool_choice")]
    [InlineData("'tool_choice':{'type':'function','name':'f','name':'g'}", "tool_choice.name")]
    public void Tool_Malformed_Is400(string member, string param)
    {
        var refusal = Refusal(With(member));

        (refusal.Status, refusal.Type, refusal.Param).Should().Be((400, "invalid_request_error", param));
    }

    [Theory]
    [InlineData("'tool_choice':{'type':'web_search'}")]
    [InlineData("'tool_choice':{'type':'function','name':'f','type':'mcp'}")]
    [InlineData("'tool_choice':{'type':'allowed_tools','tools':[]}")]
    public void ToolChoice_OfAnotherType_IsRefusedByName(string member)
    {
        var refusal = Refusal(With(member));

        (refusal.Status, refusal.Type, refusal.Param).Should().Be((400, "unsupported_capability", "tool_choice.type"));
    }

    [Fact]
    public void Tool_InTheFormOfChatCompletions_IsRefusedWithAHint() =>
        Refusal(With("'tools':[{'type':'function','function':{'name':'f'}}]")).Hint().Should().Contain("chat completions");

    [Theory]
    [InlineData(128, true)]
    [InlineData(129, false)]
    public void Tools_UpTo128_AreTaken(int count, bool taken)
    {
        var body = With($"'tools':[{string.Join(',', Enumerable.Range(0, count).Select(i => $"{{'type':'function','name':'f{i}'}}"))}]");

        if (taken)
            Accepted(body).Should().NotBeNull();
        else
            Refusal(body).Param.Should().Be("tools");
    }

    [Fact]
    public void Tool_OnMultiAgent_IsRefused()
    {
        var refusal = Refusal(With("'tools':[{'type':'function','name':'f'}]", "grok-4.20-multi-agent"));

        (refusal.Status, refusal.Type, refusal.Param).Should().Be((400, "unsupported_capability", "tools"));
        Accepted(With("'tools':[]", "grok-4.20-multi-agent")).Should().NotBeNull();
    }
}
