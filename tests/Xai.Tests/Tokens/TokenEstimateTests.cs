using LlmTr.Xai.Tests.Catalogue;
using LlmTr.Xai.Tokens;

namespace LlmTr.Xai.Tests.Tokens;

public class TokenEstimateTests
{
    [Theory]
    [InlineData(0, 0, 256)]
    [InlineData(1, 0, 257)]
    [InlineData(3, 0, 257)]
    [InlineData(4, 0, 258)]
    [InlineData(0, 2, 256 + (2 * 2048))]
    [InlineData(33_554_432, 1_000_000, 11_184_811L + 256 + 2_048_000_000L)]
    public void Of_IsAThirdOfTheBytesRoundedUpAndTheOverheadAndTheImages(long bytes, int images, long tokens) =>
        TokenEstimate.Of(Shipped.Grok43, bytes, images).Should().Be(tokens);

    [Theory]
    [InlineData(-1, 0)]
    [InlineData(0, -1)]
    public void Of_NegativeNumber_Throws(long bytes, int images) =>
        FluentActions.Invoking(() => TokenEstimate.Of(Shipped.Grok43, bytes, images)).Should().Throw<ArgumentOutOfRangeException>();
}
