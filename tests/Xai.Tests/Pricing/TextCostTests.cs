using LlmTr.Money;
using LlmTr.Xai.Pricing;
using LlmTr.Xai.Tests.Catalogue;

namespace LlmTr.Xai.Tests.Pricing;

public class TextCostTests
{
    // The first four are recorded bills of grok-4.3, the long one is the contract's example.
    [Theory]
    [InlineData(204, 128, 80, 3_206_000)]
    [InlineData(306, 192, 88, 4_009_000)]
    [InlineData(205, 128, 40, 2_218_500)]
    [InlineData(210, 192, 64, 2_209_000)]
    [InlineData(250_000, 0, 100, 6_255_000_000)]
    [InlineData(0, 0, 0, 0)]
    public void Of_ContractExample_IsXaisOwnBill(long input, long cached, long output, long ticks) =>
        TextCost.Of(Shipped.Grok43, new TokenUsage(input, cached, output)).Should().Be(new UsdTicks(ticks));

    [Theory]
    [InlineData(199_999, (199_999L * 12_500) + 25_000)]
    [InlineData(200_000, (200_000L * 25_000) + 50_000)]
    public void Of_AtTheLongContextThreshold_TheWholeRequestIsDearer(long input, long ticks) =>
        TextCost.Of(Shipped.Grok43, new TokenUsage(input, 0, 1)).Should().Be(new UsdTicks(ticks));

    [Fact]
    public void Of_CachedTokensCountTowardsTheThreshold() =>
        TextCost.Of(Shipped.Grok43, new TokenUsage(200_000, 199_999, 0)).Should().Be(new UsdTicks((199_999L * 4_000) + 25_000));

    [Fact]
    public void Of_MoreCachedThanInput_CountsAllInputAsCached() =>
        TextCost.Of(Shipped.Grok43, new TokenUsage(100, 500, 0)).Should().Be(new UsdTicks(100 * 2_000));

    [Theory]
    [InlineData(-1, 0, 0)]
    [InlineData(0, -1, 0)]
    [InlineData(0, 0, -1)]
    public void Of_NegativeCount_Throws(long input, long cached, long output) =>
        FluentActions.Invoking(() => TextCost.Of(Shipped.Grok43, new TokenUsage(input, cached, output))).Should().Throw<ArgumentOutOfRangeException>();

    [Fact]
    public void Of_CostBeyond64Bits_ThrowsInsteadOfWrapping() =>
        FluentActions.Invoking(() => TextCost.Of(Shipped.Grok43, new TokenUsage(long.MaxValue, 0, 0))).Should().Throw<OverflowException>();
}
