using System.Text;

using CsCheck;

using LlmTr.Xai.Catalogue;
using LlmTr.Xai.Tests.Catalogue;
using LlmTr.Xai.Tokens;

using Microsoft.ML.Tokenizers;

namespace LlmTr.Xai.Tests.Tokens;

public class InputCeilingTests(InputCeilingTests.Vocabulary vocabulary) : IClassFixture<InputCeilingTests.Vocabulary>
{
    private const string English = "The committee met again on Thursday, and after a long discussion it agreed to postpone the vote until every member had read the report. ";
    private const string Turkish = "Komisyon perşembe günü yeniden toplandı ve uzun bir görüşmeden sonra oylamayı bütün üyeler raporu okuyana kadar ertelemeye karar verdi. ";
    private const string Chinese = "委员会星期四再次开会，经过长时间的讨论，同意推迟投票，直到每个成员都读完报告为止。";
    private const string Code = "    public static int Sum(int[] values)\n    {\n        var sum = 0;\n        foreach (var value in values)\n            sum += value;\n\n        return sum;\n    }\n\n";
    private const string Indented = "{\n                                                \"name\": \"a\",\n                                                \"on\": true\n}\n";

    private readonly InputCeiling _ceiling = vocabulary.Ceiling;
    private readonly Tokenizer _tokenizer = vocabulary.Tokenizer;

    [Theory]
    [InlineData(0)]
    [InlineData(66_600)]
    public void Measure_InputThatCannotReachAnyThreshold_NeverReadsTheText(long estimate)
    {
        var text = new Text("x");

        _ceiling.Measure(Shipped.Grok43, estimate, text).Should().Be(new InputLength(estimate, LengthVerdict.Taken));

        text.WasRead.Should().BeFalse();
    }

    [Fact]
    public void Measure_InputThatMayReachTheLongPrices_IsSampledThoughTheCeilingIsFarAway()
    {
        var text = new Text("x");

        _ceiling.Measure(Shipped.Reasoning, 100_001, text).Should().Be(new InputLength(100_001, LengthVerdict.Taken), "the estimate is more than the sample");

        Shipped.Reasoning.InputCeilingTokens.Should().Be(1_000_000);
        text.WasRead.Should().BeTrue();
    }

    // Two bytes of UTF-8 to a token and fewer: by the estimate both are below 200,000.
    [Theory]
    [InlineData("#$ %^ &* ")]
    [InlineData("𝔸𝕎")]
    public void Measure_DenseInput_IsHeldForByItsCount_AndRefusedAboveTheCeiling(string passage)
    {
        var (below, above) = (TextOf(190_000, passage), TextOf(210_000, passage));

        Tokens(Shipped.Grok43, 150_000, below).Should().BeInRange(190_000, 200_200);
        Tokens(Shipped.Grok43, 150_000, above).Should().BeNull();
        Tokens(Shipped.Reasoning, 150_000, above).Should().BeInRange(210_000, 221_000);
    }

    [Theory]
    [InlineData(English)]
    [InlineData(Turkish)]
    [InlineData(Chinese)]
    [InlineData(Code)]
    [InlineData("a ")]
    public void Measure_InputOf190000TokensIsAllowed_And210000IsNot(string passage)
    {
        Tokens(Shipped.Grok43, 200_001, TextOf(190_000, passage)).Should().NotBeNull();
        Tokens(Shipped.Grok43, 200_001, TextOf(210_000, passage)).Should().BeNull();
    }

    // Beyond eight characters to a token the count is a lower bound, so only this side is exact.
    [Theory]
    [InlineData(Indented)]
    [InlineData("internationalization ")]
    [InlineData("\n")]
    [InlineData("================================================================\n")]
    public void Measure_SparseInputOf190000Tokens_IsAllowed(string passage) =>
        Tokens(Shipped.Grok43, 200_001, TextOf(190_000, passage)).Should().NotBeNull();

    [Theory]
    [InlineData(" ")]
    [InlineData("A")]
    [InlineData("\n")]
    [InlineData("я")]
    [InlineData("😀")]
    public void Measure_32MiBOfOneCharacter_IsRefused(string character) =>
        Tokens(Shipped.Grok43, 11_000_000, new Text(Repeat(character, 33_554_432 / Encoding.UTF8.GetByteCount(character)))).Should().BeNull();

    [Theory]
    [InlineData(English, 150_000, LengthVerdict.Taken)]
    [InlineData(English, 197_000, LengthVerdict.MustBeCounted)]
    [InlineData(English, 203_000, LengthVerdict.MustBeCounted)]
    [InlineData(English, 260_000, LengthVerdict.TooLong)]
    [InlineData("#$ %^ &* ", 150_000, LengthVerdict.Taken)]
    [InlineData("#$ %^ &* ", 260_000, LengthVerdict.TooLong)]
    public void Measure_OnlyAnInputNearTheCeiling_MustBeCounted(string passage, int tokens, LengthVerdict verdict) =>
        _ceiling.Measure(Shipped.Grok43, 150_000, TextOf(tokens, passage)).Verdict.Should().Be(verdict);

    // A digit, and what parts it from the next, is a token each: a byte to a token, three times what the estimate expects.
    [Theory]
    [InlineData("7,1,0,4,")]
    [InlineData("7 1 0 4 ")]
    public void Measure_DigitsOneByOne_AreJudgedByTheirTokens(string passage)
    {
        var text = TextOf(260_000, passage);
        var estimate = TokenEstimate.Of(Shipped.Grok43, 260_000, 0);

        Tokens(Shipped.Grok43, estimate, text).Should().BeNull();
        Tokens(Shipped.Reasoning, estimate, text).Should().BeInRange(260_000, 270_000);
    }

    [Theory]
    [InlineData(English)]
    [InlineData(Turkish)]
    [InlineData(Code)]
    public void Measure_PlainTextTooShortForTheCeilingUnlessItIsVeryDense_IsHeldForByTheEstimate(string passage)
    {
        var text = new Text(Repeat(passage, 250_000 / Encoding.UTF8.GetByteCount(passage)));

        _ceiling.Measure(Shipped.Grok43, 83_600, text).Should().Be(new InputLength(83_600, LengthVerdict.Taken));
    }

    // Images have most of the tokens, and the text, half of which is dense, the few that decide.
    [Fact]
    public void Measure_ShortTextBesideManyImages_IsNotJudgedByAWindowOfIt()
    {
        const int images = 95, tokensOfImages = 2_048;
        var text = Repeat(English, 4_500 / English.Length) + Repeat("#$ %^ &* ", 500);
        var tokens = _tokenizer.CountTokens(text);
        var (below, above) = (199_000 - (images * tokensOfImages) - tokens, 201_000 - (images * tokensOfImages) - tokens);
        var estimate = TokenEstimate.Of(Shipped.Grok43, text.Length, images);

        for (var seed = 0; seed < 20; seed++)
        {
            Tokens(Shipped.Grok43, estimate, new Text(text, (images * tokensOfImages) + below, seed)).Should().NotBeNull("seed {0}", seed);
            Tokens(Shipped.Grok43, estimate, new Text(text, (images * tokensOfImages) + above, seed)).Should().BeNull("seed {0}", seed);
        }
    }

    [Fact]
    public void Count_NeverLeavesItOpen()
    {
        _ceiling.Count(Shipped.Grok43, 150_000, TextOf(199_000, English)).Verdict.Should().Be(LengthVerdict.Taken);
        _ceiling.Count(Shipped.Grok43, 150_000, TextOf(201_000, English)).Verdict.Should().Be(LengthVerdict.TooLong);
    }

    [Fact]
    public void Tally_TextInSlices_CountsWithinOnePercentOfTheWhole()
    {
        foreach (var passage in new[] { English, Turkish, Chinese, Code, Indented })
        {
            var text = Repeat(passage, 200);
            var tally = new TokenTally(_tokenizer, 1_000_000);
            tally.Add(text);

            var whole = _tokenizer.CountTokens(text);
            tally.Tokens.Should().BeInRange(whole, whole + (whole / 100) + 1, passage);
        }
    }

    [Fact]
    public void Tally_AnyText_CountsAtMostOneTokenMorePerForcedCut() =>
        (from pieces in Gen.OneOf(
             Gen.Int[0, 2_000].Select(n => new string(' ', n)),
             Gen.Int[0, 2_000].Select(n => new string('a', n)),
             Gen.Int[0, 500].Select(n => Repeat("😀", n)),
             Gen.String[0, 300],
             Gen.Int[0, 60].Select(n => Repeat(English, n))).Array[0, 6]
         select string.Concat(pieces)).Sample(
            text =>
            {
                var tally = new TokenTally(_tokenizer, 1_000_000);
                tally.Add(text);

                // Each cut may cost a token, and one in the middle of a merge may shift a few more.
                var cuts = (text.Length / 32) + 2;
                tally.Tokens.Should().BeLessThanOrEqualTo(_tokenizer.CountTokens(text) + cuts);
                if (text.Length > 0)
                    tally.Tokens.Should().BePositive();
            },
            iter: 300);

    [Fact]
    public void Tally_BeyondTheCharactersThatAreTokenized_CountsByLength()
    {
        var tally = new TokenTally(_tokenizer, 10);

        tally.Add(new string(' ', 80));
        var tokenized = tally.Tokens;
        tally.Add(new string(' ', 320));

        tokenized.Should().BeLessThanOrEqualTo(2);
        tally.Tokens.Should().Be(tokenized + 10);
    }

    [Fact]
    public void Tally_AddTokens_Counts()
    {
        var tally = new TokenTally(_tokenizer, 100);

        tally.AddTokens(100);
        tally.IsOver.Should().BeFalse();
        tally.AddTokens(1);
        tally.IsOver.Should().BeTrue();
    }

    /// <summary>The tokens that are held for, null where the model does not take so many, counted where that must be.</summary>
    private long? Tokens(TextModel model, long estimate, Text text)
    {
        var length = _ceiling.Measure(model, estimate, text);
        if (length.Verdict == LengthVerdict.MustBeCounted)
            length = _ceiling.Count(model, estimate, text);
        return length.Verdict == LengthVerdict.Taken ? length.Tokens : null;
    }

    private Text TextOf(int tokens, string passage)
    {
        var perPassage = _tokenizer.CountTokens(Repeat(passage, 100)) / 100.0;
        return new Text(Repeat(passage, (int)(tokens / perPassage)));
    }

    private static string Repeat(string text, int times) => new StringBuilder(text.Length * times).Insert(0, text, times).ToString();

    private sealed class Text(string text, long otherTokens = 0, int seed = 3) : IInputText
    {
        public bool WasRead { get; private set; }

        public long Chars => text.Length;

        public int SeedOf(ReadOnlySpan<byte> secret) => seed;

        public void AddTo(IInputTally tally)
        {
            WasRead = true;
            tally.AddTokens(otherTokens);
            tally.Add(text);
        }
    }

    /// <summary>Loaded once for all tests of the class: it takes a second.</summary>
    public sealed class Vocabulary
    {
        public InputCeiling Ceiling { get; } = new([]);

        public Tokenizer Tokenizer { get; } = TiktokenTokenizer.CreateForEncoding("o200k_base");
    }
}
