using LlmTr.Api.Errors.Languages;
using Microsoft.Extensions.Primitives;

namespace LlmTr.Api.Tests.Errors.Languages;

public sealed class AcceptLanguageTests
{
    [Theory]
    [InlineData("tr")]
    [InlineData("TR")]
    [InlineData("tr-TR")]
    [InlineData("tr-Latn-CY;q=0.1")]
    [InlineData("tr-TR,tr;q=0.9,en-US;q=0.8,en;q=0.7")]
    [InlineData("tr, en")]
    [InlineData("en;q=0.5, tr")]
    [InlineData("en-GB;q=0.5 , tr-TR ; q=0.6")]
    [InlineData("de, fr;q=0.9, tr;q=0.1")]
    [InlineData("de, en;q=0, tr;q=0.1")]
    [InlineData("tr, *")]
    [InlineData("*;q=0.5, tr")]
    [InlineData("en;q=0.2, *;q=0.1, tr;q=0.3, tr-TR;q=0.001")]
    public void Turkish_IsPreferred(string header) => AcceptLanguage.PrefersTurkish(header).Should().BeTrue();

    [Theory]
    [InlineData("en")]
    [InlineData("en, tr")]
    [InlineData("en-US,en;q=0.9,tr;q=0.8")]
    [InlineData("tr;q=0.8, en;q=0.9")]
    [InlineData("tr;q=0")]
    [InlineData("tr;q=0, de")]
    [InlineData("*")]
    [InlineData("*, tr;q=0.5")]
    [InlineData("tr;q=0, *")]
    [InlineData("de-DE, fr")]
    [InlineData("trv")]
    [InlineData("t")]
    public void English_IsPreferred(string header) => AcceptLanguage.PrefersTurkish(header).Should().BeFalse();

    [Theory]
    [InlineData("")]
    [InlineData("   ")]
    [InlineData("tr;q=2")]
    [InlineData("tr;q=-1")]
    [InlineData("tr;q=")]
    [InlineData("tr;q=x")]
    [InlineData("tr en")]
    [InlineData("tr, en;;q=1")]
    [InlineData("tr/TR")]
    [InlineData("tr, \"")]
    public void MalformedHeader_MeansEnglish(string header) => AcceptLanguage.PrefersTurkish(header).Should().BeFalse();

    [Fact]
    public void NoHeader_MeansEnglish() => AcceptLanguage.PrefersTurkish(StringValues.Empty).Should().BeFalse();

    [Fact]
    public void SeveralLines_CountAsOne()
    {
        AcceptLanguage.PrefersTurkish(new StringValues(["en;q=0.5", "tr"])).Should().BeTrue();
        AcceptLanguage.PrefersTurkish(new StringValues(["en", "tr"])).Should().BeFalse();
    }

    [Fact]
    public void LongHeader_IsJudgedAll_ButNoEndlessOne()
    {
        static string AfterOthers(int others) => string.Concat(Enumerable.Repeat("de;q=0.9,", others)) + "tr;q=0.1";

        AcceptLanguage.PrefersTurkish(AfterOthers(100)).Should().BeTrue();
        AcceptLanguage.PrefersTurkish(AfterOthers(2000)).Should().BeFalse();
    }
}
