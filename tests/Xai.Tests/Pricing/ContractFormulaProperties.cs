using System.Numerics;

using CsCheck;

using LlmTr.Money;
using LlmTr.Xai.Catalogue;
using LlmTr.Xai.Pricing;
using LlmTr.Xai.Tests.Catalogue;
using LlmTr.Xai.Tokens;

namespace LlmTr.Xai.Tests.Pricing;

/// <summary>
/// Quotes against the contract's own formula, written here a second time with the contract's numbers and whole numbers of any size: neither the catalogue's prices nor the
/// product's arithmetic are used to judge the product.
/// </summary>
public class ContractFormulaProperties
{
    private static readonly Gen<Shape> Shapes =
        from model in Gen.OneOf<TextModel>([.. Shipped.Catalogue.Models.OfType<TextModel>()])
        from bytes in Gen.OneOf(Gen.Long[0, 30_000], Gen.Long[598_000, 601_000], Gen.Long[0, 33_554_432])
        from images in Gen.OneOf(Gen.Const(0), Gen.Int[0, 40])
        from cap in Gen.OneOf(Gen.Const((int?)null), Gen.Int[1, 300].Select(static n => (int?)n), Gen.Int[1, model.MostOutputTokens].Select(static n => (int?)n))
        from agents in model.Effort.Agents.IsEmpty ? Gen.Const(1) : Gen.OneOf([.. model.Effort.Agents.Values.Distinct().Order()])
        select new Shape(model, bytes, images, cap, agents);

    /// <summary>How much of what the request may use it does use, in thousandths; every agent by itself.</summary>
    private static readonly Gen<(int Input, int Cached, int Output)> Use =
        from input in Gen.OneOf(Gen.Const(1000), Gen.Int[0, 1000])
        from cached in Gen.OneOf(Gen.Const(0), Gen.Int[0, 1000])
        from output in Gen.OneOf(Gen.Const(1000), Gen.Int[0, 1000])
        select (input, cached, output);

    // ticks = uncached * 12500 + cached * 2000 + output * 25000, twice that from 200,000 input tokens on (xAI contract, section 2, and the models of section 10).
    private static BigInteger TrueCost(BigInteger input, BigInteger cached, BigInteger output) =>
        (((input - cached) * 12_500) + (cached * 2_000) + (output * 25_000)) * (input >= 200_000 ? 2 : 1);

    private static BigInteger MostInput(Shape shape) => ((shape.Bytes + 2) / 3) + 256 + (2048L * shape.Images);

    private static TextQuote QuoteOf(Shape shape) =>
        TextQuote.For(shape.Model, TokenEstimate.Of(shape.Model, shape.Bytes, shape.Images), shape.Cap, shape.Agents);

    [Fact]
    public void Most_EveryShapeThatKeepsToEstimateAndCap_IsNeverBelowTheTrueCost() =>
        (from shape in Shapes from uses in Use.Array[1, 16] select (shape, uses)).Sample(c =>
        {
            var cap = c.shape.Cap ?? 128_000;
            CostOfAll(c.shape, c.uses, cap).Should().BeLessThanOrEqualTo(QuoteOf(c.shape).Most.Value);
        });

    [Fact]
    public void Grant_EveryShapeThatKeepsToEstimateAndForwardedCap_IsNeverBelowTheTrueCost() =>
        (from shape in Shapes from uses in Use.Array[1, 16] from share in Gen.Int[0, 1000] select (shape, uses, share)).Sample(c =>
        {
            var quote = QuoteOf(c.shape);
            var granted = quote.Least + new UsdTicks((long)((BigInteger)(quote.Most - quote.Least).Value * c.share / 1000));
            CostOfAll(c.shape, c.uses, quote.CapFor(granted)).Should().BeLessThanOrEqualTo(granted.Value);
        });

    [Fact]
    public void Of_AnyUsage_IsTheContractsFormula() =>
        (from model in Gen.OneOf<TextModel>([.. Shipped.Catalogue.Models.OfType<TextModel>()])
         from input in Gen.OneOf(Gen.Long[0, 1000], Gen.Long[199_990, 200_010], Gen.Long[0, 10_000_000])
         from cached in Gen.Long[0, input]
         from output in Gen.Long[0, 1_000_000]
         select (model, input, cached, output)).Sample(static c =>
            new BigInteger(TextCost.Of(c.model, new TokenUsage(c.input, c.cached, c.output)).Value).Should().Be(TrueCost(c.input, c.cached, c.output)));

    private static BigInteger CostOfAll(Shape shape, (int Input, int Cached, int Output)[] uses, int cap)
    {
        var sum = BigInteger.Zero;
        for (var agent = 0; agent < shape.Agents; agent++)
        {
            var (inputShare, cachedShare, outputShare) = uses[agent % uses.Length];
            var input = MostInput(shape) * inputShare / 1000;
            sum += TrueCost(input, input * cachedShare / 1000, (BigInteger)cap * outputShare / 1000);
        }

        return sum;
    }

    private sealed record Shape(TextModel Model, long Bytes, int Images, int? Cap, int Agents);
}
