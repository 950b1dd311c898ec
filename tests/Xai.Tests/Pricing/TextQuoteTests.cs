using LlmTr.Money;
using LlmTr.Xai.Catalogue;
using LlmTr.Xai.Pricing;
using LlmTr.Xai.Tests.Catalogue;

namespace LlmTr.Xai.Tests.Pricing;

public class TextQuoteTests
{
    [Fact]
    public void For_CallersOwnCap_HoldsExactlyThat()
    {
        var quote = TextQuote.For(Shipped.Grok43, 1_000, 500, 1);

        quote.Least.Should().Be(new UsdTicks((1_000 * 12_500) + (500 * 25_000)));
        quote.Most.Should().Be(quote.Least);
        quote.AvailableDivisor.Should().Be(1);
        quote.CapFor(quote.Least).Should().Be(500);
        quote.CapFor(UsdTicks.FromUsd(100)).Should().Be(500);
    }

    [Fact]
    public void For_NoCap_HoldsFrom256TokensToXaisDefaultAndAtMostAQuarter()
    {
        var quote = TextQuote.For(Shipped.Grok43, 1_000, null, 1);

        quote.Least.Should().Be(new UsdTicks((1_000 * 12_500) + (256 * 25_000)));
        quote.Most.Should().Be(new UsdTicks((1_000 * 12_500) + (128_000L * 25_000)));
        quote.AvailableDivisor.Should().Be(4);
        quote.CapFor(quote.Least).Should().Be(256);
        quote.CapFor(quote.Most).Should().Be(128_000);
        quote.CapFor(UsdTicks.FromUsd(100)).Should().Be(128_000);
        quote.CapFor(quote.Least + new UsdTicks(24_999)).Should().Be(256);
        quote.CapFor(quote.Least + new UsdTicks(25_000)).Should().Be(257);
    }

    [Fact]
    public void For_CapBelowTheGatewaysLeast_IsTheCallersRight() => TextQuote.For(Shipped.Grok43, 0, 1, 1).CapFor(new UsdTicks(25_000)).Should().Be(1);

    [Theory]
    [InlineData(199_999, 12_500, 25_000)]
    [InlineData(200_000, 25_000, 50_000)]
    public void For_InputAtTheLongContextThreshold_PricesTheWholeRequestSo(long input, long inputPrice, long outputPrice) =>
        TextQuote.For(Shipped.Reasoning, input, 10, 1).Least.Should().Be(new UsdTicks((input * inputPrice) + (10 * outputPrice)));

    [Theory]
    [InlineData(null, 4, 4L * ((200_000L * 25_000) + (128_000L * 50_000)))]
    [InlineData(1, 4, 4L * ((200_000L * 25_000) + (128_000L * 50_000)))]
    [InlineData(128_001, 4, 4L * ((200_000L * 25_000) + (128_001L * 50_000)))]
    [InlineData(1_000_000, 16, 16L * ((200_000L * 25_000) + (1_000_000L * 50_000)))]
    public void For_ModelThatIgnoresTheCap_HoldsForAllAgentsWithoutLowering(int? cap, int agents, long ticks)
    {
        var quote = TextQuote.For(Shipped.MultiAgent, 200_000, cap, agents);

        quote.Least.Should().Be(new UsdTicks(ticks));
        quote.Most.Should().Be(quote.Least);
        quote.AvailableDivisor.Should().Be(1);
        quote.CapFor(quote.Least).Should().Be(cap ?? 128_000, "what the caller asked for is what xAI is asked for");
    }

    [Fact]
    public void For_SmallRequestOnAModelWithALeastHold_HoldsThat()
    {
        var quote = TextQuote.For(Shipped.CappedMultiAgent, 300, 10, 4);

        quote.Least.Should().Be(Shipped.CappedMultiAgent.LeastHold);
        quote.Most.Should().Be(Shipped.CappedMultiAgent.LeastHold);
        quote.CapFor(quote.Least).Should().Be(10);
    }

    [Fact]
    public void CapFor_GrantBelowLeast_ThrowsBecauseNothingMayBeSent()
    {
        var quote = TextQuote.For(Shipped.Grok43, 1_000, null, 1);

        quote.Invoking(q => q.CapFor(quote.Least - new UsdTicks(1))).Should().Throw<ArgumentOutOfRangeException>();
    }

    [Theory]
    [InlineData(-1, null, 1)]
    [InlineData(4_000_000_001, null, 1)]
    [InlineData(0, 0, 1)]
    [InlineData(0, 1_000_001, 1)]
    [InlineData(0, null, 0)]
    [InlineData(0, null, 65)]
    public void For_NumberOutsideItsRange_Throws(long input, int? cap, int agents) =>
        FluentActions.Invoking(() => TextQuote.For(Shipped.Grok43, input, cap, agents)).Should().Throw<ArgumentOutOfRangeException>();

    [Fact]
    public void For_EverythingAtItsDeclaredLimit_DoesNotOverflow()
    {
        var price = new UsdTicks(TextPrices.MostTicksPerToken);
        var dearest = new TextPrices(price, price, price);
        var model = new TextModel
        {
            Id = "xai/dearest",
            UpstreamModel = "dearest",
            CreatedUnixSeconds = 0,
            Disabled = false,
            Endpoints = ["/v1/responses"],
            InputModalities = ["text"],
            OutputModalities = ["text"],
            Prices = dearest,
            LongContextPrices = dearest,
            LongContextFromTokens = 1,
            ContextTokens = TextModel.MostTokens,
            InputCeilingTokens = TextModel.MostTokens,
            DefaultMaxOutputTokens = TextModel.MostTokens,
            LeastOutputTokens = TextModel.MostTokens,
            MostOutputTokens = TextModel.MostTokens,
            IgnoresMaxOutputTokens = false,
            LeastHold = UsdTicks.Zero,
            TokensPerImage = 1,
            FunctionTools = true,
            Stop = true,
            Effort = ModelEffort.NoLevels,
        };

        var quote = TextQuote.For(model, TextQuote.MostInputTokens, null, ModelEffort.MostAgents);

        quote.Most.Should().Be(new UsdTicks((TextQuote.MostInputTokens + TextModel.MostTokens) * TextPrices.MostTicksPerToken * ModelEffort.MostAgents));
        quote.CapFor(quote.Most).Should().Be(TextModel.MostTokens);
    }

    [Theory]
    [InlineData(0, 0, 1_000 * 12_500)]
    [InlineData(7, 1, (1_000 * 12_500) + (3 * 25_000))]
    [InlineData(7, 50, (1_000 * 12_500) + (50 * 25_000))]
    public void EstimateOfBrokenStream_TakesFramesOrBytesWhicheverIsMore(long bytes, long frames, long ticks) =>
        TextQuote.For(Shipped.Grok43, 1_000, null, 1).EstimateOfBrokenStream(bytes, frames, UsdTicks.FromUsd(1)).Should().Be(new UsdTicks(ticks));

    [Fact]
    public void EstimateOfBrokenStream_ManyAgents_AllRead() =>
        TextQuote.For(Shipped.MultiAgent, 1_000, null, 16).EstimateOfBrokenStream(3, 0, UsdTicks.FromUsd(10))
            .Should().Be(new UsdTicks((16 * 1_000 * 12_500) + 25_000));

    [Theory]
    [InlineData(300, 5_000_000)]
    [InlineData(300, 0)]
    [InlineData(long.MaxValue, 5_000_000)]
    public void EstimateOfBrokenStream_NeverExceedsTheHold(long bytes, long granted) =>
        TextQuote.For(Shipped.Grok43, 1_000, null, 1).EstimateOfBrokenStream(bytes, bytes, new UsdTicks(granted)).Should().Be(new UsdTicks(granted));
}
