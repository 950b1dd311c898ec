using LlmTr.Api.Errors.Languages;

namespace LlmTr.Api.Tests.Errors.Languages;

/// <summary>Every error that any test provokes is looked up, so that a new sentence without Turkish fails the test that provokes it.</summary>
internal static class TurkishAssertion
{
    public static void ShouldHaveTurkish(this string? sentence)
    {
        sentence.Should().NotBeNullOrWhiteSpace();
        TurkishSentences.Find(sentence!).Should().NotBeNull("turkish.txt needs a pair for: {0}", sentence);
    }
}
