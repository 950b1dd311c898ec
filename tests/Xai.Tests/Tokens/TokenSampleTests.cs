using System.Text;

using LlmTr.Xai.Tokens;

using Microsoft.ML.Tokenizers;

namespace LlmTr.Xai.Tests.Tokens;

public class TokenSampleTests(InputCeilingTests.Vocabulary vocabulary) : IClassFixture<InputCeilingTests.Vocabulary>
{
    private const string English = "The committee met again on Thursday, and after a long discussion it agreed to postpone the vote until every member had read the report. ";

    private readonly Tokenizer _tokenizer = vocabulary.Tokenizer;

    public static TheoryData<string> Passages => new(
        English,
        "Komisyon perşembe günü yeniden toplandı ve uzun bir görüşmeden sonra oylamayı ertelemeye karar verdi. ",
        "委员会星期四再次开会，经过长时间的讨论，同意推迟投票。",
        "    for (var i = 0; i < values.Length; i++)\n    {\n        sum += values[i];\n    }\n\n",
        "#$%^&*()[]{}<>/|~`!",
        "😀🎉𝔸𝕎",
        "a ",
        "0123456789");

    [Theory]
    [MemberData(nameof(Passages))]
    public void UniformText_IsToldWithinASixth(string passage)
    {
        var text = Repeat(passage, 400_000 / passage.Length);

        var (least, most) = Sample(text, text.Length);

        // The count itself has a token more at each cut that a run without a blank forces on it.
        var count = Count(text);
        count.Should().BeInRange(least, most + (most / 1_000));
        (most - least).Should().BeLessThan(count / 6);
        most.Should().BeLessThan(count + (count / 15), "so much money is held");
    }

    // Half of it has fourteen times the tokens of the other half, in blocks of many lengths.
    [Fact]
    public void MixedText_IsToldWithinBoundsThatSaySo()
    {
        var random = new Random(5);
        var text = new StringBuilder();
        while (text.Length < 400_000)
        {
            var length = random.Next(200, 20_000);
            text.Append(random.Next(2) == 0 ? new string(' ', length) : Repeat("#$%^&*()", length / 8));
        }

        var whole = text.ToString();
        for (var seed = 0; seed < 20; seed++)
        {
            var (least, most) = Sample(whole, whole.Length, seed);
            Count(whole).Should().BeInRange(least, most, "seed {0}", seed);
            (most - least).Should().BeGreaterThan(most / 4, "the windows differ");
        }
    }

    [Fact]
    public void Sample_CostsTheSameWhateverTheLength()
    {
        var sample = new TokenSample(_tokenizer, 20_000_000, new Random(1));
        var piece = Repeat(English, 1_000);
        for (var i = 0; i < 20_000_000 / piece.Length; i++)
            sample.Add(piece);

        sample.SampledChars.Should().BeInRange(63 * TokenSample.WindowChars, 65 * TokenSample.WindowChars);
    }

    [Fact]
    public void TextInSmallPieces_IsToldAsInOne()
    {
        var text = Repeat(English, 3_000);
        var pieces = new TokenSample(_tokenizer, text.Length, new Random(1));
        for (var at = 0; at < text.Length; at += 7)
            pieces.Add(text.AsSpan(at, Math.Min(7, text.Length - at)));

        pieces.End().Should().Be(Sample(text, text.Length, seed: 1));
    }

    [Fact]
    public void WindowsAreWhereTheRandomNumbersSay_SoNoTextCanBeWrittenForThem()
    {
        var text = string.Concat(Enumerable.Range(0, 2_000).Select(i => i % 2 == 0 ? new string(' ', 200) : Repeat("#$%^&*()", 25)));

        Enumerable.Range(0, 10).Select(seed => Sample(text, text.Length, seed)).Distinct().Should().HaveCountGreaterThan(5);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(200)]
    [InlineData(10_000)]
    public void ShortText_IsBoundedThoughALongOneWasExpected(int chars)
    {
        var text = Repeat("a ", 5_000)[..chars];

        foreach (var expected in new[] { 0, chars, 1_000_000 })
        {
            var (least, most) = Sample(text, expected);
            Count(text).Should().BeInRange(least, most, "{0} characters were expected", expected);
        }
    }

    // Three bytes and three tokens to a character; as the only text of a sample that expected far more.
    [Theory]
    [InlineData(100)]
    [InlineData(6_000)]
    public void ShortTextOfRareCharacters_IsBoundedToo(int chars)
    {
        var text = new string('\ue123', chars);

        for (var seed = 0; seed < 10; seed++)
        {
            var (least, most) = Sample(text, 1_000_000, seed);
            Count(text).Should().BeInRange(least, most);
        }
    }

    // One window, in this half or that, says nothing of the other.
    [Fact]
    public void ShortMixedText_IsBoundedToo()
    {
        var text = new string(' ', 4_000) + Repeat("#$%^&*()", 500);

        for (var seed = 0; seed < 20; seed++)
        {
            var (least, most) = Sample(text, 600_000, seed);
            Count(text).Should().BeInRange(least, most, "seed {0}", seed);
        }
    }

    [Fact]
    public void AddedTokens_AreExact()
    {
        var sample = new TokenSample(_tokenizer, 1_000_000, new Random(1));

        sample.AddTokens(150_000);

        sample.End().Should().Be((150_000, 150_000));
    }

    private (long Least, long Most) Sample(string text, int expectedChars, int seed = 3)
    {
        var sample = new TokenSample(_tokenizer, expectedChars, new Random(seed));
        sample.Add(text);
        return sample.End();
    }

    private long Count(string text)
    {
        var tally = new TokenTally(_tokenizer, 10_000_000);
        tally.Add(text);
        return tally.Tokens;
    }

    private static string Repeat(string text, int times) => new StringBuilder(text.Length * times).Insert(0, text, times).ToString();
}
