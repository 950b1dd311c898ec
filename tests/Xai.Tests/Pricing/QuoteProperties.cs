using CsCheck;

using LlmTr.Money;
using LlmTr.Xai.Catalogue;
using LlmTr.Xai.Pricing;
using LlmTr.Xai.Tests.Catalogue;

namespace LlmTr.Xai.Tests.Pricing;

/// <summary>What promise 1 asks of a quote: whatever stays within the estimate and the cap never costs more than what was held.</summary>
public class QuoteProperties
{
    private static readonly Gen<(TextModel Model, long Input, int? Cap, int Agents)> Requests =
        from model in Gen.OneOf<TextModel>([.. Shipped.Catalogue.Models.OfType<TextModel>(), Shipped.CappedMultiAgent])
        from input in Gen.OneOf(Gen.Long[0, 5_000], Gen.Long[199_990, 200_010], Gen.Long[0, 2_000_000])
        from cap in Gen.OneOf(Gen.Const((int?)null), Gen.Int[1, 600].Select(n => (int?)n), Gen.Int[1, 1_000_000].Select(n => (int?)n))
        from agents in model.Effort.SendsDefault ? Gen.OneOf(4, 16) : Gen.Const(1)
        select (model, input, cap, agents);

    private static readonly Gen<long> Available = Gen.OneOf(Gen.Long[0, 20_000_000], Gen.Long[0, 50_000_000_000], Gen.Long[0, 10_000_000_000_000]);

    // The account's rule, as TextQuote states it.
    private static UsdTicks? Grant(TextQuote quote, UsdTicks available) =>
        available < quote.Least
            ? null
            : UsdTicks.Min(quote.Most, UsdTicks.Max(quote.Least, new UsdTicks(available.Value / quote.AvailableDivisor)));

    [Fact]
    public void Quote_UsageWithinEstimateAndCap_NeverCostsMoreThanTheGrant() =>
        (from request in Requests
         from available in Available
         from inputShare in Gen.Int[0, 100]
         from cachedShare in Gen.Int[0, 100]
         from outputShare in Gen.Int[0, 100]
         select (request, available, inputShare, cachedShare, outputShare)).Sample(c =>
        {
            var (model, input, cap, agents) = c.request;
            var quote = TextQuote.For(model, input, cap, agents);
            if (Grant(quote, new UsdTicks(c.available)) is not { } granted)
                return;

            // All agents' tokens are billed at the price of one prompt's length each, as the quote takes it.
            var usedInput = input * c.inputShare / 100;
            var used = new TokenUsage(usedInput, usedInput * c.cachedShare / 100, (long)quote.HeldOutputFor(granted) * c.outputShare / 100);
            (TextCost.Of(model, used) * agents).Should().BeLessThanOrEqualTo(granted);
        });

    [Fact]
    public void CapFor_AnyGrant_IsCoveredAndWithinTheLimits() =>
        (from request in Requests from available in Available select (request, available)).Sample(c =>
        {
            var (model, input, cap, agents) = c.request;
            var quote = TextQuote.For(model, input, cap, agents);
            quote.Least.Should().BeLessThanOrEqualTo(quote.Most);
            if (Grant(quote, new UsdTicks(c.available)) is not { } granted)
                return;

            var forwarded = quote.CapFor(granted);
            var prices = model.PricesAt(input);
            (((prices.Output * forwarded) + (prices.Input * input)) * agents).Should().BeLessThanOrEqualTo(granted);
            if (cap is { } own)
                forwarded.Should().Be(own);
            else
                forwarded.Should().BeInRange(model.LeastOutputTokens, model.DefaultMaxOutputTokens);
        });

    [Fact]
    public void CapFor_GatewaysChoice_IsTheLargestThatFits() =>
        (from input in Gen.Long[0, 300_000] from extra in Gen.Long[0, 3_300_000_000] select (input, extra)).Sample(c =>
        {
            var quote = TextQuote.For(Shipped.Grok43, c.input, null, 1);
            var granted = UsdTicks.Min(quote.Most, quote.Least + new UsdTicks(c.extra));
            var prices = Shipped.Grok43.PricesAt(c.input);

            var oneMore = (prices.Input * c.input) + (prices.Output * (quote.CapFor(granted) + 1));

            (oneMore > granted || quote.CapFor(granted) == Shipped.Grok43.DefaultMaxOutputTokens).Should().BeTrue();
        });

    [Fact]
    public void EstimateOfBrokenStream_Anything_IsWithinTheHold() =>
        (from request in Requests
         from bytes in Gen.OneOf(Gen.Long[0, 1_000_000], Gen.Long[0, long.MaxValue])
         from frames in Gen.OneOf(Gen.Long[0, 100_000], Gen.Long[0, long.MaxValue])
         from granted in Available
         select (request, bytes, frames, granted)).Sample(c =>
        {
            var quote = TextQuote.For(c.request.Model, c.request.Input, c.request.Cap, c.request.Agents);

            quote.EstimateOfBrokenStream(c.bytes, c.frames, new UsdTicks(c.granted)).Value.Should().BeInRange(0, c.granted);
        });
}
