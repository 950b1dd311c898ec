using System.Text;
using LlmTr.Api.Errors.Languages;

namespace LlmTr.Api.Tests.Errors.Languages;

public sealed class TurkishSentencesTests
{
    [Fact]
    public void BothSidesOfEachPair_HaveTheSamePlaces()
    {
        foreach (var (english, turkish) in TurkishSentences.All)
        {
            english.Places.Should().Equal(Enumerable.Range(0, english.Places.Count), "of {0}", english.Texts[0]);
            turkish.Places.Order().Should().Equal(english.Places, "of {0}", english.Texts[0]);
            english.Texts.Skip(1).SkipLast(1).Should().NotContain("", "two places side by side cannot be told apart");
        }
    }

    [Fact]
    public void EachTemplate_MatchesItsOwnSentences_AndIsTheOnlyOneThatDoesSoMostClosely()
    {
        foreach (var pair in TurkishSentences.All)
        {
            string[] values = [.. pair.English.Places.Select(static place => $"value{place}")];
            var sentence = pair.English.Fill(values);

            pair.English.TryMatch(sentence, out var found).Should().BeTrue();
            found.Should().Equal(values);
            TurkishSentences.Find(sentence).Should().Be(pair.Turkish.Fill(values));
            TurkishSentences.All.Where(other => other.English.FixedChars >= pair.English.FixedChars && other.English.TryMatch(sentence, out _)).Should().Equal(pair);
        }
    }

    [Fact]
    public void Turkish_IsWrittenInWholeLetters_AndIsNotTheEnglish()
    {
        foreach (var (english, turkish) in TurkishSentences.All)
        {
            var text = string.Concat(turkish.Texts);
            text.IsNormalized(NormalizationForm.FormC).Should().BeTrue("a dotted letter is one character: {0}", text);
            text.Should().NotBe(string.Concat(english.Texts));
            text.Should().MatchRegex("([.)]|: )$");
            turkish.Texts.Should().NotContain(static part => part.Contains("  ", StringComparison.Ordinal));
        }
    }

    [Theory]
    [InlineData("The field 'temperature' must be a number from 0 to 2.", "'temperature' alanı 0 ile 2 arasında bir sayı olmalıdır.")]
    [InlineData("The field 'store' may only be false; leave it out.", "'store' alanı yalnızca false olabilir; bu alanı göndermeyin.")]
    [InlineData("The field 'quality' may only be auto or standard; leave it out.", "'quality' alanı yalnızca auto veya standard olabilir; bu alanı göndermeyin.")]
    [InlineData("This request needs a hold of 0.32 USD, but 0.1 USD is available.", "Bu istek için gereken provizyon 0.32 USD, ancak kullanılabilir bakiye 0.1 USD.")]
    [InlineData("The model '' does not exist. On sale here: xai/a, xai/b.", "'' adlı bir model yok. Burada satışta olanlar: xai/a, xai/b.")]
    [InlineData("Unknown field '(too long to show)'. Nothing was sent; remove it or check its spelling.", "Bilinmeyen alan: '(gösterilemeyecek kadar uzun)'. Hiçbir şey gönderilmedi; alanı kaldırın veya yazımını denetleyin.")]
    [InlineData("xAI refused the request: Argument not supported: {0} 'x'.", "xAI isteği reddetti: Argument not supported: {0} 'x'.")]
    [InlineData("after is a whole number from 1 on.", "after, en az 1 olan bir tam sayıdır.")]
    public void Sentence_IsTold(string english, string turkish) => TurkishSentences.Find(english).Should().Be(turkish);

    [Theory]
    [InlineData("")]
    [InlineData("Nobody says this.")]
    [InlineData("The field 'x' must be")]
    [InlineData("The body is empty; send a JSON object. ")]
    public void UnknownSentence_IsNotTold(string english) => TurkishSentences.Find(english).Should().BeNull();

    [Fact]
    public void Template_WhoseTextsOverlapInAShortSentence_DoesNotMatchIt()
    {
        var template = SentenceTemplate.Parse("'{0}' is '{1}'");

        template.TryMatch("'a' is 'b'", out _).Should().BeTrue();
        template.TryMatch("'a' is '", out _).Should().BeFalse();
        template.TryMatch("'", out _).Should().BeFalse();
        SentenceTemplate.Parse("a{0}a").TryMatch("a", out _).Should().BeFalse();
    }

    [Fact]
    public void Braces_AroundAnythingButANumber_AreText()
    {
        var template = SentenceTemplate.Parse("{\"a\":{0}} and {b} and {-1} and {");

        template.Places.Should().Equal(0);
        template.Fill(["7"]).Should().Be("{\"a\":7} and {b} and {-1} and {");
    }
}
