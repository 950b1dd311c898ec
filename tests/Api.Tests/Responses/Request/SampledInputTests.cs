using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using LlmTr.Xai.Tokens;

using static LlmTr.Api.Tests.Responses.Request.Requests;

namespace LlmTr.Api.Tests.Responses.Request;

/// <summary>A long input is sampled at places that nobody outside can work out.</summary>
public class SampledInputTests
{
    // What the places hung on once: whoever read it here could try variants of a text at home until no window met its dense parts.
    [Fact]
    public void Input_WrittenForTheWindowsThatAHashOfItGives_IsSampledElsewhere()
    {
        const int length = 640_000, windows = 64, windowChars = 256, denseChars = 600;
        var stratum = (((length + 4L) / 3) + 256) * 3 / windows;
        var text = new StringBuilder().Insert(0, "a ", length / 2);
        for (var i = 0; i < windows; i++)
        {
            for (var at = 0; at < denseChars; at++)
                text[(int)((i * stratum) + (stratum / 2)) + at] = "7,1,"[at % 4];
        }

        var raw = Encoding.ASCII.GetBytes($"\"{text}\"");
        for (var variant = 0; MeetsDense(raw, stratum, windowChars, denseChars); variant++)
            Encoding.ASCII.GetBytes($"{variant:d8}\"").CopyTo(raw, raw.Length - 9);

        var request = AcceptedJson($$"""{"model":"grok-4.20-0309-reasoning","input":{{Encoding.ASCII.GetString(raw)}}}""");

        // Two characters to a token, and one where it is dense.
        request.EstimatedInputTokens.Should().BeGreaterThan((length / 2) + (windows * denseChars / 2));
    }

    // From its length follows how many windows there are: blanks between the tokens of a tool, which no estimate counts, must not make them thousands.
    [Theory]
    [InlineData("{'model':'grok-4.3','instructions':'ab','input':'abc \\u00e9 \\ud83d\\ude00'}")]
    [InlineData("{'model':'grok-4.3','input':[{'role':'user','content':[{'type':'input_text','text':'abc'},{'type':'input_image','image_url':'https://e.org/a.png'}]}]}")]
    [InlineData("{'model':'grok-4.3','messages':[{'role':'user','content':'abc'}],'response_format':{'type':   'text'}}")]
    [InlineData("{'model':'grok-4.3','input':'a','tools':[          {'type':  'function','name':'f','description':'\\u00e9\\u00e9'}          ]}")]
    [InlineData("{'model':'grok-4.3','input':'a','text':{          'format':{'type':'text'}          }}")]
    public void Chars_AreAtLeastThoseOfTheText(string body)
    {
        var request = Accepted(body);
        var text = new Counter();

        request.AddTo(text);

        text.Chars.Should().BePositive().And.BeLessThanOrEqualTo(request.Chars);
    }

    [Fact]
    public void Input_WithAnotherSecret_IsSampledElsewhere()
    {
        var request = Accepted("{'model':'grok-4.3','input':'a'}");

        request.SeedOf("one"u8).Should().Be(request.SeedOf("one"u8)).And.NotBe(request.SeedOf("other"u8));
    }

    private static bool MeetsDense(byte[] input, long stratum, int windowChars, int denseChars)
    {
        var random = new Random(BinaryPrimitives.ReadInt32LittleEndian(SHA256.HashData(input)));
        var meets = false;
        for (var i = 0; i < 64; i++)
        {
            var at = random.NextInt64(stratum - windowChars + 1);
            meets |= at < (stratum / 2) + denseChars && at + windowChars > stratum / 2;
        }

        return meets;
    }

    private sealed class Counter : IInputTally
    {
        public long Chars { get; private set; }

        public bool IsOver => false;

        public void AddTokens(long tokens)
        {
        }

        public void Add(ReadOnlySpan<char> text) => Chars += text.Length;
    }
}
