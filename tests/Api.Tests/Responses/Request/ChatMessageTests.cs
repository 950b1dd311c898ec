using static LlmTr.Api.Tests.Responses.Request.Requests;

namespace LlmTr.Api.Tests.Responses.Request;

public class ChatMessageTests
{
    [Theory]
    [InlineData("[{'role':'user','content':'hi'}]", "[{'type':'message','role':'user','content':'hi'}]")]
    [InlineData("[{'role':'system','content':'a'},{'role':'developer','content':'b'},{'role':'assistant','content':'c'}]",
        "[{'type':'message','role':'system','content':'a'},{'type':'message','role':'developer','content':'b'},{'type':'message','role':'assistant','content':'c'}]")]
    [InlineData("[{'role':'user','content':[{'type':'text','text':'t\\u00e9'},{'type':'image_url','image_url':{'url':'https://e.org/a.png','detail':'low'}}]}]",
        "[{'type':'message','role':'user','content':[{'type':'input_text','text':'t\\u00e9'},{'type':'input_image','image_url':'https://e.org/a.png','detail':'low'}]}]")]
    [InlineData("[{'role':'user','content':[{'image_url':'https://e.org/a.png','type':'image_url'}]}]",
        "[{'type':'message','role':'user','content':[{'type':'input_image','image_url':'https://e.org/a.png'}]}]")]
    [InlineData("[{'role':'user','content':[{'type':'image_url','image_url':{'detail':null,'url':'https://e.org/a.png'}}]}]",
        "[{'type':'message','role':'user','content':[{'type':'input_image','image_url':'https://e.org/a.png'}]}]")]
    [InlineData("[{'role':'assistant','content':[{'type':'text','text':'a'}],'refusal':null,'annotations':[],'name':'n'}]",
        "[{'type':'message','role':'assistant','content':[{'type':'output_text','text':'a'}]}]")]
    [InlineData("[{'role':'assistant','content':null,'tool_calls':[{'id':'c1','type':'function','function':{'name':'f','arguments':'{}'}},{'id':'c2','function':{'arguments':'1','name':'g'}}]}]",
        "[{'type':'function_call','call_id':'c1','name':'f','arguments':'{}'},{'type':'function_call','call_id':'c2','arguments':'1','name':'g'}]")]
    [InlineData("[{'role':'assistant','content':'','tool_calls':[{'id':'c1','type':'function','function':{'name':'f','arguments':'{}'}}]}]",
        "[{'type':'function_call','call_id':'c1','name':'f','arguments':'{}'}]")]
    [InlineData("[{'tool_calls':[{'id':'c1','type':'function','function':{'name':'f','arguments':'{}'}}],'content':'Let me see.','role':'assistant'}]",
        "[{'type':'message','role':'assistant','content':'Let me see.'},{'type':'function_call','call_id':'c1','name':'f','arguments':'{}'}]")]
    [InlineData("[{'role':'assistant','tool_calls':[{'id':'c1','function':{'name':'f','arguments':''}}]},{'role':'tool','tool_call_id':'c1','content':'42'},{'role':'user','content':'?'}]",
        "[{'type':'function_call','call_id':'c1','name':'f','arguments':''},{'type':'function_call_output','call_id':'c1','output':'42'},{'type':'message','role':'user','content':'?'}]")]
    [InlineData("[{'role':'tool','tool_call_id':'c1','content':[{'type':'text','text':'4\\n'},{'type':'text','text':'2'}]}]",
        "[{'type':'function_call_output','call_id':'c1','output':'4\\n2'}]")]
    [InlineData("[{'role':'assistant','content':''}]", "[{'type':'message','role':'assistant','content':''}]")]
    [InlineData("[{'role':'assistant','content':'a','tool_calls':null,'function_call':null,'audio':null}]", "[{'type':'message','role':'assistant','content':'a'}]")]
    public void Messages_BecomeItems(string messages, string items) =>
        ForwardedText(Accepted($"{{'model':'grok-4.3','messages':{messages}}}")).Should().Be(
            Json($"{{'model':'grok-4.3','input':{items},'store':false,'max_output_tokens':1000}}"));

    [Theory]
    [InlineData("'hi'", "messages")]
    [InlineData("{}", "messages")]
    [InlineData("[]", "messages")]
    [InlineData("['hi']", "messages[0]")]
    [InlineData("[{}]", "messages[0].role")]
    [InlineData("[{'role':'function','content':'x'}]", "messages[0].role")]
    [InlineData("[{'role':7,'content':'x'}]", "messages[0].role")]
    [InlineData("[{'role':'user'}]", "messages[0].content")]
    [InlineData("[{'role':'user','content':null}]", "messages[0].content")]
    [InlineData("[{'role':'user','content':7}]", "messages[0].content")]
    [InlineData("[{'role':'user','content':[]}]", "messages[0].content")]
    [InlineData("[{'role':'user','content':['x']}]", "messages[0].content[0]")]
    [InlineData("[{'role':'user','content':[{'text':'x'}]}]", "messages[0].content[0].type")]
    [InlineData("[{'role':'user','content':[{'type':'text'}]}]", "messages[0].content[0].text")]
    [InlineData("[{'role':'user','content':[{'type':'text','text':7}]}]", "messages[0].content[0].text")]
    [InlineData("[{'role':'user','content':[{'type':'text','text':'a','type':'text'}]}]", "messages[0].content[0].type")]
    [InlineData("[{'role':'user','content':[{'type':'image_url'}]}]", "messages[0].content[0].image_url")]
    [InlineData("[{'role':'user','content':[{'type':'image_url','image_url':{}}]}]", "messages[0].content[0].url")]
    [InlineData("[{'role':'user','content':[{'type':'image_url','image_url':{'url':'ftp://e.org'}}]}]", "messages[0].content[0].image_url.url")]
    [InlineData("[{'role':'user','content':[{'type':'image_url','image_url':7}]}]", "messages[0].content[0].image_url")]
    [InlineData("[{'role':'user','content':[{'type':'image_url','image_url':{'url':'https://e.org','detail':7}}]}]", "messages[0].content[0].detail")]
    [InlineData("[{'role':'user','content':'a','role':'system'}]", "messages[0].role")]
    [InlineData("[{'role':'assistant','content':null}]", "messages[0].content")]
    [InlineData("[{'role':'assistant','tool_calls':[]}]", "messages[0].tool_calls")]
    [InlineData("[{'role':'assistant','tool_calls':{}}]", "messages[0].tool_calls")]
    [InlineData("[{'role':'user','content':'a','tool_calls':[{'id':'c','function':{'name':'f','arguments':''}}]}]", "messages[0].tool_calls")]
    [InlineData("[{'role':'assistant','tool_calls':['x']}]", "messages[0].tool_calls[0]")]
    [InlineData("[{'role':'assistant','tool_calls':[{'function':{'name':'f','arguments':''}}]}]", "messages[0].tool_calls[0].id")]
    [InlineData("[{'role':'assistant','tool_calls':[{'id':7,'function':{'name':'f','arguments':''}}]}]", "messages[0].tool_calls[0].id")]
    [InlineData("[{'role':'assistant','tool_calls':[{'id':'c'}]}]", "messages[0].tool_calls[0].function")]
    [InlineData("[{'role':'assistant','tool_calls':[{'id':'c','function':7}]}]", "messages[0].tool_calls[0].function")]
    [InlineData("[{'role':'assistant','tool_calls':[{'id':'c','function':{'arguments':''}}]}]", "messages[0].tool_calls[0].name")]
    [InlineData("[{'role':'assistant','tool_calls':[{'id':'c','function':{'name':'f','arguments':{}}}]}]", "messages[0].tool_calls[0].arguments")]
    [InlineData("[{'role':'assistant','tool_calls':[{'id':'c','type':7,'function':{'name':'f','arguments':''}}]}]", "messages[0].tool_calls[0].type")]
    [InlineData("[{'role':'tool','content':'42'}]", "messages[0].tool_call_id")]
    [InlineData("[{'role':'tool','content':'42','tool_call_id':null}]", "messages[0].tool_call_id")]
    [InlineData("[{'role':'tool','tool_call_id':'c'}]", "messages[0].content")]
    public void Messages_Malformed_Is400AndNamesThePlace(string messages, string param)
    {
        var refusal = Refusal($"{{'model':'grok-4.3','messages':{messages}}}");

        (refusal.Status, refusal.Type, refusal.Param).Should().Be((400, "invalid_request_error", param));
    }

    [Theory]
    [InlineData("[{'role':'user','content':[{'type':'file','file':{'file_id':'f'}}]}]", "messages[0].content[0].type")]
    [InlineData("[{'role':'user','content':[{'type':'input_audio','input_audio':{}}]}]", "messages[0].content[0].type")]
    [InlineData("[{'role':'user','content':[{'type':'input_text','text':'a'}]}]", "messages[0].content[0].type")]
    [InlineData("[{'role':'user','content':[{'type':'text','text':'a','type':'file'}]}]", "messages[0].content[0].type")]
    [InlineData("[{'role':'user','content':[{'type':'text','text':'a','file_id':'f'}]}]", "messages[0].content[0].file_id")]
    [InlineData("[{'role':'assistant','content':[{'type':'refusal','refusal':'no'}]}]", "messages[0].content[0].type")]
    [InlineData("[{'role':'system','content':[{'type':'image_url','image_url':'https://e.org/a.png'}]}]", "messages[0].content[0].type")]
    [InlineData("[{'role':'tool','tool_call_id':'c','content':[{'type':'image_url','image_url':'https://e.org/a.png'}]}]", "messages[0].content[0].type")]
    [InlineData("[{'role':'assistant','content':'a','function_call':{'name':'f','arguments':''}}]", "messages[0].function_call")]
    [InlineData("[{'role':'assistant','content':'a','audio':{'id':'x'}}]", "messages[0].audio")]
    [InlineData("[{'role':'assistant','tool_calls':[{'id':'c','type':'custom','custom':{}}]}]", "messages[0].tool_calls[0].type")]
    [InlineData("[{'role':'user','content':'a','x':{'file_id':'f'}}]", "messages")]
    public void Messages_ThingThatIsNotOffered_IsRefused(string messages, string param)
    {
        var refusal = Refusal($"{{'model':'grok-4.3','messages':{messages}}}");

        (refusal.Status, refusal.Type, refusal.Param).Should().Be((400, "unsupported_capability", param));
    }

    [Fact]
    public void Messages_Images_CountByNumber()
    {
        var request = Accepted(
            $"{{'model':'grok-4.3','messages':[{{'role':'user','content':[{{'type':'image_url','image_url':{{'url':'data:image/png;base64,{new string('A', 40_000)}'}}}}]}}]}}");

        request.EstimatedInputTokens.Should().BeInRange(2048 + 256, 2048 + 256 + 40);
    }
}
