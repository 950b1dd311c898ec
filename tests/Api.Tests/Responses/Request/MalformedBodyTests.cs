using System.Text;

using static LlmTr.Api.Tests.Responses.Request.Requests;

namespace LlmTr.Api.Tests.Responses.Request;

public class MalformedBodyTests
{
    [Theory]
    [InlineData("")]
    [InlineData(" ")]
    [InlineData("nope")]
    [InlineData("[]")]
    [InlineData("'text'")]
    [InlineData("null")]
    [InlineData("7")]
    [InlineData("{")]
    [InlineData("{'model':'xai/grok-4.3','input':'hi'")]
    [InlineData("{'model':'xai/grok-4.3','input':'hi'}}")]
    [InlineData("{'model':'xai/grok-4.3','input':'hi'} x")]
    [InlineData("{'model':'xai/grok-4.3','input':'hi'}{}")]
    [InlineData("{'model':'xai/grok-4.3','input':'hi',}")]
    [InlineData("{'model':'xai/grok-4.3',/* c */'input':'hi'}")]
    [InlineData("{'model':'xai/grok-4.3','input':'hi'} // c")]
    [InlineData("{'model':'xai/grok-4.3','input':['a',]}")]
    [InlineData("{'model':'xai/grok-4.3','input':'hi','temperature':01}")]
    [InlineData("{'model':'xai/grok-4.3','input':'hi','temperature':NaN}")]
    [InlineData("{'model':'xai/grok-4.3','input':'line\nfeed'}")]
    [InlineData("{'model':'xai/grok-4.3','input':'\\x'}")]
    [InlineData("\uFEFF{'model':'xai/grok-4.3','input':'hi'}")]
    public void Parse_NotOneJsonObject_Is400(string body)
    {
        var refusal = Refusal(body);

        refusal.Status.Should().Be(400);
        refusal.Type.Should().Be("invalid_request_error");
        refusal.Param.Should().BeNull();
    }

    [Theory]
    [InlineData(new byte[] { 0xff })]
    [InlineData(new byte[] { 0xc3 })]
    [InlineData(new byte[] { 0xed, 0xa0, 0x80 })]
    [InlineData(new byte[] { 0xc0, 0xaf })]
    public void Parse_InvalidUtf8InAText_Is400(byte[] broken)
    {
        byte[] body = [.. Encoding.UTF8.GetBytes("{\"model\":\"xai/grok-4.3\",\"input\":\""), .. broken, .. Encoding.UTF8.GetBytes("\"}")];

        RefusalOf(body).Message.Should().Be("The body is not valid UTF-8.");
    }

    [Theory]
    [InlineData("{'model':'xai/grok-4.3','input':'\\ud800'}")]
    [InlineData("{'model':'xai/grok-4.3','input':'\\udc00'}")]
    [InlineData("{'model':'xai/grok-4.3','input':'\\ud83dx'}")]
    [InlineData("{'model':'xai/grok-4.3','input':'\\ud83d\\n12345'}")]
    [InlineData("{'model':'xai/grok-4.3','input':'\\ud83d\\ud83d'}")]
    [InlineData("{'model':'xai/grok-4.3','input':'\\ude00\\ud83d'}")]
    [InlineData("{'model':'xai/grok-4.3','input':'hi','metadata':{'a':{'b':['\\uD800']}}}")]
    [InlineData("{'model':'xai/grok-4.3','input':'hi','metadata':{'\\ud800':1}}")]
    [InlineData("{'\\ud800':null,'model':'xai/grok-4.3','input':'hi'}")]
    [InlineData("{'model':'xai/grok-4.3','input':'hi','tools':[{'type':'function','name':'f','parameters':{'x':'\\udfff'}}]}")]
    public void Parse_HalfSurrogatePairAnywhere_Is400(string body) =>
        Refusal(body).Message.Should().Be("The body holds a \\u escape that is half of a surrogate pair.");

    [Theory]
    [InlineData("\\ud83d\\ude00", 4)]
    [InlineData("\\uD83D\\uDE00", 4)]
    [InlineData("\\u0041\\u00e7\\u20ac", 6)]
    [InlineData("\\n\\\\\\/\\'", 4)]
    public void Parse_EscapedText_CountsItsDecodedBytes(string escaped, int bytes)
    {
        var plain = Accepted($"{{'model':'xai/grok-4.3','input':'{new string('x', 300 + bytes)}'}}");
        var request = Accepted($"{{'model':'xai/grok-4.3','input':'{new string('x', 300)}{escaped}'}}");

        request.EstimatedInputTokens.Should().Be(plain.EstimatedInputTokens);
    }

    [Theory]
    [InlineData(63, true)]
    [InlineData(64, false)]
    public void Parse_Nesting_IsBoundedAt64Levels(int depth, bool taken)
    {
        var body = Json($"{{'model':'xai/grok-4.3','input':'hi','metadata':{new string('[', depth)}{new string(']', depth)}}}");
        var bytes = Encoding.UTF8.GetBytes(body);

        LlmTr.Api.Responses.ResponsesRequest.TryParse(bytes, Catalogue, Ceiling, out _, out var refusal).Should().Be(taken);

        if (!taken)
            refusal!.Message.Should().Contain("nested deeper than 64 levels");
    }

    [Fact]
    public void Parse_DeepBombs_AreRefusedWithoutHarm() =>
        RefusalOf(Encoding.UTF8.GetBytes(new string('[', 1_000_000))).Status.Should().Be(400);

    [Theory]
    [InlineData("'frequency':1", "frequency")]
    [InlineData("'Model':'x'", "Model")]
    [InlineData("'top_k':5", "top_k")]
    [InlineData("'n':1", "n")]
    [InlineData("'max_completion_tokens':5", "max_completion_tokens")]
    [InlineData("'':1", "")]
    [InlineData("'a\\u0062c':1", "abc")]
    public void Parse_UnknownField_IsNamed(string member, string name)
    {
        var refusal = Refusal(With(member));

        (refusal.Status, refusal.Type, refusal.Param).Should().Be((400, "invalid_request_error", name));
        refusal.Message.Should().Contain($"'{name}'");
    }

    [Fact]
    public void Parse_UnknownFieldWithAnEndlessName_IsNotEchoed() =>
        Refusal(With($"'{new string('x', 5000)}':1")).Message.Length.Should().BeLessThan(200);

    [Theory]
    [InlineData("'model':'xai/grok-4.3'", "model")]
    [InlineData("'input':'other'", "input")]
    [InlineData("'\\u0069nput':'other'", "input")]
    [InlineData("'input':null", "input")]
    [InlineData("'stream':true,'stream':true", "stream")]
    [InlineData("'store':null,'store':true", "store")]
    public void Parse_FieldTwice_Is400(string member, string name)
    {
        var refusal = Refusal(With(member));

        (refusal.Status, refusal.Type, refusal.Param).Should().Be((400, "invalid_request_error", name));
        refusal.Message.Should().Be($"The field '{name}' is there twice.");
    }

    [Fact]
    public void Parse_NullAnywhereAtTheTop_MeansAbsent()
    {
        var names = "instructions reasoning reasoning_effort max_output_tokens temperature top_p stop tools tool_choice parallel_tool_calls text response_format "
            + "stream include prompt_cache_key user safety_identifier max_budget_usd store background service_tier truncation presence_penalty frequency_penalty "
            + "top_logprobs metadata stream_options prompt_cache_retention max_tool_calls previous_response_id conversation prompt context_management max_tokens "
            + "search_parameters web_search_options messages unheard_of";
        var body = With(string.Join(',', names.Split(' ').Select(name => $"'{name}':null")));

        Forwarded(body).Select(member => member.Key).Should().Equal("model", "input", "store", "max_output_tokens");
        Accepted(body).IgnoredFields.Should().BeEmpty();
    }
}
