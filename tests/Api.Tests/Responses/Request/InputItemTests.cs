using static LlmTr.Api.Tests.Responses.Request.Requests;

namespace LlmTr.Api.Tests.Responses.Request;

public class InputItemTests
{
    private const string Pixel = "data:image/png;base64,iVBORw0KGgo=";

    [Theory]
    [InlineData("'hi'")]
    [InlineData("''")]
    [InlineData("[{'role':'user','content':'hi'}]")]
    [InlineData("[ {'type':'message','role':'developer','content':[{'type':'input_text','text':'hi'}]} , {'content':'x','role':'system'}]")]
    [InlineData("[{'role':'assistant','id':'msg_1','status':'completed','content':[{'type':'output_text','text':'4','logprobs':[],'annotations':[{'type':'url_citation','url':'u'}]}]}]")]
    [InlineData("[{'type':'reasoning','id':'rs_1','summary':[{'type':'summary_text','text':'s'}],'encrypted_content':'AAAA'}]")]
    [InlineData("[{'type':'reasoning','summary':[],'encrypted_content':null,'content':[{'type':'reasoning_text','text':'t'}]}]")]
    [InlineData("[{'type':'reasoning','summary':[],'content':null}]")]
    [InlineData("[{'type':'function_call','call_id':'c','name':'f','arguments':'{}','id':'fc_1','status':'completed'}]")]
    [InlineData("[{'type':'function_call_output','call_id':'c','output':'42'}]")]
    [InlineData("[{'type':'function_call_output','call_id':'c','output':[{'type':'input_text','text':'42'},{'type':'input_image','image_url':'https://e.org/a.png'}]}]")]
    [InlineData("[{'role':'user','content':[{'type':'input_image','image_url':'https://e.org/a.png','detail':'high','file_id':null,'text':null}]}]")]
    [InlineData("[{'role':'user','content':[{'type':'input_image','image_url':'HTTPS://e.org/a.png?x=1#y'}]}]")]
    [InlineData("[{'role':'user','content':[{'type':'input_image','image_url':'data:image/png;base64,iVBORw0KGgo='}]}]")]
    [InlineData("[{'role':'user','content':[{'type':'input_image','image_url':'data:image\\/webp;base64,UklGRg=='}]}]")]
    [InlineData("[{'role':'user','content':[{'type':'input_image','image_url':'data:image/jpeg;base64,\\/9j\\/'}]}]")]
    [InlineData("[{'role':'user','content':[{'type':'input_text','text':'hi','image_url':null,'note':{'a':[1,2]}}]}]")]
    [InlineData("[{'\\u0074ype':'m\\u0065ssage','role':'us\\u0065r','content':'the word file_id is no reference'}]")]
    public void Input_Valid_IsForwardedByteForByte(string input) =>
        ForwardedText(Accepted($"{{'model':'grok-4.3','input':{input}}}")).Should().Be(
            Json($"{{'model':'grok-4.3','input':{input},'store':false,'max_output_tokens':1000}}"));

    [Theory]
    [InlineData("7", "input")]
    [InlineData("{}", "input")]
    [InlineData("true", "input")]
    [InlineData("[]", "input")]
    [InlineData("['hi']", "input[0]")]
    [InlineData("[null]", "input[0]")]
    [InlineData("[[]]", "input[0]")]
    [InlineData("[{}]", "input[0].type")]
    [InlineData("[{'content':'hi'}]", "input[0].type")]
    [InlineData("[{'type':7,'role':'user','content':'hi'}]", "input[0].type")]
    [InlineData("[{'type':null,'role':'user','content':'hi'}]", "input[0].type")]
    [InlineData("[{'role':'user','content':'hi'},{'type':'message','content':'hi'}]", "input[1].role")]
    [InlineData("[{'role':'user'}]", "input[0].content")]
    [InlineData("[{'role':'user','content':null}]", "input[0].content")]
    [InlineData("[{'role':'user','content':7}]", "input[0].content")]
    [InlineData("[{'role':'user','content':{}}]", "input[0].content")]
    [InlineData("[{'role':'user','content':[]}]", "input[0].content")]
    [InlineData("[{'role':'tool','content':'42'}]", "input[0].role")]
    [InlineData("[{'role':'User','content':'hi'}]", "input[0].role")]
    [InlineData("[{'role':7,'content':'hi'}]", "input[0].role")]
    [InlineData("[{'role':'user','content':['hi']}]", "input[0].content[0]")]
    [InlineData("[{'role':'user','content':[{'text':'hi'}]}]", "input[0].content[0].type")]
    [InlineData("[{'role':'user','content':[{'type':[],'text':'hi'}]}]", "input[0].content[0].type")]
    [InlineData("[{'role':'user','content':[{'type':'input_text'}]}]", "input[0].content[0].text")]
    [InlineData("[{'role':'user','content':[{'type':'input_text','text':null}]}]", "input[0].content[0].text")]
    [InlineData("[{'role':'user','content':[{'type':'input_text','text':7}]}]", "input[0].content[0].text")]
    [InlineData("[{'role':'user','content':[{'type':'input_image'}]}]", "input[0].content[0].image_url")]
    [InlineData("[{'role':'user','content':[{'type':'input_image','image_url':null}]}]", "input[0].content[0].image_url")]
    [InlineData("[{'role':'user','content':[{'type':'input_image','image_url':{'url':'https://e.org/a.png'}}]}]", "input[0].content[0].image_url")]
    [InlineData("[{'role':'user','content':[{'type':'input_image','image_url':'http://e.org/a.png'}]}]", "input[0].content[0].image_url")]
    [InlineData("[{'role':'user','content':[{'type':'input_image','image_url':'https://'}]}]", "input[0].content[0].image_url")]
    [InlineData("[{'role':'user','content':[{'type':'input_image','image_url':'https:///a.png'}]}]", "input[0].content[0].image_url")]
    [InlineData("[{'role':'user','content':[{'type':'input_image','image_url':'https://e.org/a b.png'}]}]", "input[0].content[0].image_url")]
    [InlineData("[{'role':'user','content':[{'type':'input_image','image_url':'https://e.org/\\u000a'}]}]", "input[0].content[0].image_url")]
    [InlineData("[{'role':'user','content':[{'type':'input_image','image_url':'file:///etc/passwd'}]}]", "input[0].content[0].image_url")]
    [InlineData("[{'role':'user','content':[{'type':'input_image','image_url':'data:image/gif;base64,R0lGOD=='}]}]", "input[0].content[0].image_url")]
    [InlineData("[{'role':'user','content':[{'type':'input_image','image_url':'data:image/png,abc'}]}]", "input[0].content[0].image_url")]
    [InlineData("[{'role':'user','content':[{'type':'input_image','image_url':'data:image/png;base64,'}]}]", "input[0].content[0].image_url")]
    [InlineData("[{'role':'user','content':[{'type':'input_image','image_url':'data:image/png;base64,***='}]}]", "input[0].content[0].image_url")]
    [InlineData("[{'role':'user','content':'a','content':'b'}]", "input[0].content")]
    [InlineData("[{'role':'user','r\\u006fle':'system','content':'b'}]", "input[0].role")]
    [InlineData("[{'type':'message','type':'message','role':'user','content':'b'}]", "input[0].type")]
    [InlineData("[{'role':'user','content':[{'type':'input_text','text':'a','text':'b'}]}]", "input[0].content[0].text")]
    [InlineData("[{'type':'function_call','name':'f','arguments':'{}'}]", "input[0].call_id")]
    [InlineData("[{'type':'function_call','call_id':'c','arguments':'{}'}]", "input[0].name")]
    [InlineData("[{'type':'function_call','call_id':'c','name':'f'}]", "input[0].arguments")]
    [InlineData("[{'type':'function_call','call_id':'c','name':'f','arguments':{}}]", "input[0].arguments")]
    [InlineData("[{'type':'function_call_output','output':'42'}]", "input[0].call_id")]
    [InlineData("[{'type':'function_call_output','call_id':7,'output':'42'}]", "input[0].call_id")]
    [InlineData("[{'type':'function_call_output','call_id':'c'}]", "input[0].output")]
    [InlineData("[{'type':'function_call_output','call_id':'c','output':{'a':1}}]", "input[0].output")]
    [InlineData("[{'type':'function_call_output','call_id':'c','output':[]}]", "input[0].output")]
    [InlineData("[{'type':'reasoning','summary':'s'}]", "input[0].summary")]
    [InlineData("[{'type':'reasoning','summary':[{}]}]", "input[0].summary[0].type")]
    [InlineData("[{'type':'reasoning','summary':[{'type':'summary_text','text':7}]}]", "input[0].summary[0].text")]
    [InlineData("[{'type':'reasoning','summary':[],'encrypted_content':7}]", "input[0].encrypted_content")]
    public void Input_Malformed_Is400AndNamesThePlace(string input, string param)
    {
        var refusal = Refusal($"{{'model':'grok-4.3','input':{input}}}");

        (refusal.Status, refusal.Type, refusal.Param).Should().Be((400, "invalid_request_error", param));
    }

    [Theory]
    [InlineData("[{'type':'item_reference','id':'i'}]", "input[0].type")]
    [InlineData("[{'type':'web_search_call','id':'i'}]", "input[0].type")]
    [InlineData("[{'type':'compaction'}]", "input[0].type")]
    [InlineData("[{'type':'shell_call_output'}]", "input[0].type")]
    [InlineData("[{'type':'message','role':'user','content':'hi','type':'item_reference'}]", "input[0].type")]
    [InlineData("[{'type':'item_reference','role':'user','content':'hi','type':'message'}]", "input[0].type")]
    [InlineData("[{'type':'message ','role':'user','content':'hi'}]", "input[0].type")]
    [InlineData("[{'role':'user','content':[{'type':'input_file','file_url':'https://e.org/a.pdf'}]}]", "input[0].content[0].type")]
    [InlineData("[{'role':'user','content':[{'type':'input_text','text':'a','type':'input_file'}]}]", "input[0].content[0].type")]
    [InlineData("[{'role':'user','content':[{'type':'input\\u005ffile'}]}]", "input[0].content[0].type")]
    [InlineData("[{'role':'user','content':[{'type':'input_audio','input_audio':{}}]}]", "input[0].content[0].type")]
    [InlineData("[{'role':'assistant','content':[{'type':'refusal','refusal':'no'}]}]", "input[0].content[0].type")]
    [InlineData("[{'role':'user','content':[{'type':'text','text':'a'}]}]", "input[0].content[0].type")]
    [InlineData("[{'role':'user','content':[{'type':'input_image','file_id':'f'}]}]", "input[0].content[0].file_id")]
    [InlineData("[{'role':'user','content':[{'type':'input_image','image_url':'https://e.org/a.png','f\\u0069le_id':'f'}]}]", "input[0].content[0].file_id")]
    [InlineData("[{'type':'function_call_output','call_id':'c','output':[{'type':'input_file','file_id':'f'}]}]", "input[0].output[0].type")]
    [InlineData("[{'type':'reasoning','summary':[{'type':'input_file'}]}]", "input[0].summary[0].type")]
    [InlineData("[{'role':'user','content':'hi','x':{'y':[{'file_id':'f'}]}}]", "input")]
    [InlineData("[{'role':'user','content':'hi','x':[{'type':'input_file'}]}]", "input")]
    [InlineData("[{'type':'function_call','call_id':'c','name':'f','arguments':'{}','file_id':'f'}]", "input")]
    public void Input_ThingThatIsNotOffered_IsRefused(string input, string param)
    {
        var refusal = Refusal($"{{'model':'grok-4.3','input':{input}}}");

        (refusal.Status, refusal.Type, refusal.Param).Should().Be((400, "unsupported_capability", param));
    }

    [Theory]
    [InlineData("[{'type':'item_reference','id':'i'}]", "store:false")]
    [InlineData("[{'role':'user','content':[{'type':'input_file'}]}]", "Nothing is stored")]
    [InlineData("[{'role':'tool','content':'42'}]", "function_call_output")]
    [InlineData("[{'role':'user','content':[{'type':'input_image','image_url':{'url':'https://e.org/a.png'}}]}]", "image_url is a string")]
    public void Input_Refused_HasAHint(string input, string hint) =>
        Refusal($"{{'model':'grok-4.3','input':{input}}}").Hint().Should().Contain(hint);

    [Fact]
    public void Input_AndMessages_Is400()
    {
        var refusal = Refusal(With("'messages':[{'role':'user','content':'hi'}]"));

        (refusal.Status, refusal.Type, refusal.Param).Should().Be((400, "invalid_request_error", "messages"));
    }

    [Fact]
    public void Input_NeitherItNorMessages_Is400()
    {
        var refusal = Refusal("{'model':'grok-4.3','instructions':'x'}");

        (refusal.Status, refusal.Type, refusal.Param).Should().Be((400, "invalid_request_error", "input"));
    }

    [Fact]
    public void Input_Images_CountByNumberAndNotByTheirBytes()
    {
        var small = Accepted($"{{'model':'grok-4.3','input':[{{'role':'user','content':[{{'type':'input_image','image_url':'{Pixel}'}}]}}]}}");
        var large = Accepted($"{{'model':'grok-4.3','input':[{{'role':'user','content':[{{'type':'input_image','image_url':'data:image/png;base64,{new string('A', 40_000)}'}}]}}]}}");
        var two = Accepted($"{{'model':'grok-4.3','input':[{{'role':'user','content':[{{'type':'input_image','image_url':'{Pixel}'}},{{'type':'input_image','image_url':'{Pixel}'}}]}}]}}");

        large.EstimatedInputTokens.Should().Be(small.EstimatedInputTokens).And.BeInRange(2048 + 256, 2048 + 256 + 40);
        (two.EstimatedInputTokens - small.EstimatedInputTokens).Should().BeInRange(2048, 2048 + 20);
    }

    [Fact]
    public void EstimatedInput_IsAThirdOfTheTextsBytesAndTheOverhead()
    {
        Accepted("{'model':'grok-4.3','input':'hello'}").EstimatedInputTokens.Should().Be(256 + 3);
        Accepted("{'model':'grok-4.3','input':'çğış'}").EstimatedInputTokens.Should().Be(256 + 4);
        Accepted("{'model':'grok-4.3','input':'hello','instructions':'hello','tools':[],'text':{},'metadata':{'a':'not counted'}}")
            .EstimatedInputTokens.Should().Be(256 + 6);
    }

    [Fact]
    public void EstimatedInput_BlanksBetweenTokens_AreFree()
    {
        var tight = Accepted("{'model':'grok-4.3','input':[{'role':'user','content':'hi'}]}");
        var wide = Accepted($"{{'model':'grok-4.3','input':[{new string(' ', 3000)}{{'role':\n\n'user',\t'content':'hi'}}]}}");

        wide.EstimatedInputTokens.Should().Be(tight.EstimatedInputTokens);
    }
}
