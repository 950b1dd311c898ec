using System.Text;

using static LlmTr.Api.Tests.Responses.Request.Requests;

namespace LlmTr.Api.Tests.Responses.Request;

public class InputCeilingTests
{
    // 10 tokens of o200k, 45 bytes: by the cheap estimate, 15 tokens.
    private const string Sentence = "The quick brown fox jumps over the lazy dog. ";

    // Each character of it takes six bytes when a client escapes all that is not ASCII.
    private const string Turkish = "Ağaçların gölgesinde oturup çayını içti. ";

    [Fact]
    public void Input_Of190000Tokens_IsTakenThoughTheEstimateIsAboveTheCeiling()
    {
        var request = Accepted($"{{'model':'grok-4.3','input':'{Repeat(Sentence, 19_000)}'}}");

        request.EstimatedInputTokens.Should().BeGreaterThan(280_000);
        request.Quote().Least.Should().BeGreaterThan(new LlmTr.Money.UsdTicks(280_000L * 25_000), "an input that may be long is held for at the long price");
    }

    [Theory]
    [InlineData("{{'model':'grok-4.3','input':'{0}'}}", "input")]
    [InlineData("{{'model':'grok-4.3','input':[{{'role':'user','content':'{0}'}}]}}", "input")]
    [InlineData("{{'model':'grok-4.3','messages':[{{'role':'user','content':[{{'type':'text','text':'{0}'}}]}}]}}", "messages")]
    [InlineData("{{'model':'grok-4.3','input':'hi','instructions':'{0}'}}", "input")]
    [InlineData("{{'model':'grok-4.3','input':'hi','tools':[{{'type':'function','name':'f','description':'{0}'}}]}}", "input")]
    [InlineData("{{'model':'grok-4.3','input':'hi','text':{{'format':{{'type':'json_schema','name':'n','schema':{{'title':'{0}'}}}}}}}}", "input")]
    [InlineData("{{'model':'grok-4.3','input':[{{'type':'function_call_output','call_id':'c','output':'{0}'}}]}}", "input")]
    public void Input_Of210000Tokens_Is413WhereverItStands(string body, string param)
    {
        var refusal = Refusal(string.Format(null, body, Repeat(Sentence, 21_000)));

        (refusal.Status, refusal.Type, refusal.Param).Should().Be((413, "request_too_large", param));
        refusal.Message.Should().Contain("200000");
    }

    // 296,000 bytes are 202,600 tokens, as dense as any text that was found.
    [Theory]
    [InlineData(222_000)]
    [InlineData(448_000)]
    public void Input_DenseTextAboveTheCeiling_Is413ThoughTheEstimateIsBelow(int bytes) =>
        Refusal($"{{'model':'grok-4.3','input':'{Base64(bytes)}'}}").Status.Should().Be(413);

    [Fact]
    public void Input_DenseTextAboveTheLongPricesThreshold_IsHeldForAtTheLongPrice()
    {
        var request = Accepted($"{{'model':'grok-4.20-0309-reasoning','input':'{Base64(448_000)}','max_output_tokens':1}}");

        request.EstimatedInputTokens.Should().BeGreaterThan(400_000, "o200k counts 408,789");
        request.Quote().Least.Should().BeGreaterThan(new LlmTr.Money.UsdTicks(400_000L * 25_000));
    }

    [Fact]
    public void Input_TooShortToReachAnyThreshold_IsEstimatedWithoutACount() =>
        Accepted($"{{'model':'grok-4.3','input':'{Base64(144_000)}'}}").EstimatedInputTokens.Should().BeLessThan(65_000, "a third of the bytes; o200k would count twice as many");

    [Fact]
    public void Input_Of210000Tokens_IsTakenByAModelWithAHigherCeiling() =>
        Accepted($"{{'model':'grok-4.20-0309-reasoning','input':'{Repeat(Sentence, 21_000)}'}}").Should().NotBeNull();

    [Fact]
    public void Input_EscapedToAscii_IsJudgedLikeTheSameTextUnescaped()
    {
        var text = Repeat(Turkish, 8_000);
        var escaped = string.Concat(text.Select(c => c < 128 ? c.ToString() : $"\\u{(int)c:x4}"));

        var plain = Accepted($"{{'model':'grok-4.3','input':'{text}'}}");
        var same = Accepted($"{{'model':'grok-4.3','input':'{escaped}'}}");

        // Other bytes are sampled at other places.
        same.EstimatedInputTokens.Should().BeCloseTo(plain.EstimatedInputTokens, 1_500);
    }

    [Fact]
    public void Input_ThatIsSampled_IsQuotedAlikeEachTime_AndByWhatItSays()
    {
        var body = $"{{'model':'grok-4.20-0309-reasoning','input':'{Base64(300_000)}'}}";

        Accepted(body).EstimatedInputTokens.Should().BeGreaterThan(250_000).And.Be(Accepted(body.Replace("{'model'", "{'temperature':1,'model'")).EstimatedInputTokens);
    }

    [Fact]
    public void Input_EscapedTextAboveTheCeiling_Is413() =>
        Refusal($"{{'model':'grok-4.3','input':'{Repeat(Sentence + "\\n", 21_000)}'}}").Status.Should().Be(413);

    [Fact]
    public void Input_EncryptedReasoning_CountsAsTheReasoningInIt()
    {
        // 900,000 characters: about 150,000 tokens of reasoning, but far more by either count of text.
        var body = $"{{'model':'grok-4.3','input':[{{'type':'reasoning','summary':[],'encrypted_content':'{Repeat("Qx7/p2Lk9+Za", 75_000)}'}}]}}";

        Accepted(body).EstimatedInputTokens.Should().BeGreaterThan(300_000);
    }

    [Fact]
    public void Input_TooManyImages_Is413()
    {
        var images = string.Join(',', Enumerable.Repeat("{'type':'input_image','image_url':'https://e.org/a.png'}", 100));

        Refusal($"{{'model':'grok-4.3','input':[{{'role':'user','content':[{images}]}}]}}").Status.Should().Be(413);
    }

    private static string Base64(int bytes)
    {
        var random = new byte[bytes];
        new Random(1).NextBytes(random);
        return Convert.ToBase64String(random);
    }

    private static string Repeat(string text, int times) => new StringBuilder(text.Length * times).Insert(0, text, times).ToString();
}
