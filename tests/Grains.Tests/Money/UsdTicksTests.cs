using System.Globalization;
using System.Numerics;
using CsCheck;
using LlmTr.Money;

namespace LlmTr.Grains.Tests.Money;

public sealed class UsdTicksTests
{
    private const int Samples = 5_000;

    // Small, huge, round and awkward amounts alike: a uniform long is nearly always above 100 million dollars.
    private static readonly Gen<long> Ticks = Gen.OneOf(
        Gen.Long,
        Gen.Long[-20_000, 20_000],
        Gen.Long[-100, 100].Select(static cents => cents * 100_000_000),
        Gen.OneOf(long.MinValue, long.MinValue + 1, long.MaxValue, long.MaxValue - 1, UsdTicks.PerUsd, -UsdTicks.PerUsd, UsdTicks.PerUsd - 1, UsdTicks.PerUsd + 1));

    [Fact]
    public void ToUsdString_AnyAmount_ParsesBackToTheSameTicks() => Ticks.Sample(ticks =>
    {
        UsdTicks.TryParseUsd(new UsdTicks(ticks).ToUsdString(), out var parsed).Should().BeTrue();
        parsed.Value.Should().Be(ticks);
    }, iter: Samples);

    [Fact]
    public void ToUsdString_AnyAmount_IsTheExactQuotientInItsShortestForm() => Ticks.Sample(ticks =>
    {
        var text = new UsdTicks(ticks).ToUsdString();

        text.Should().MatchRegex(@"^-?(0|[1-9][0-9]*)(\.[0-9]{0,9}[1-9])?$");
        text.Should().NotBe("-0");
        TicksOf(text).Should().Be(ticks);
    }, iter: Samples);

    [Fact]
    public void TryParseUsd_AnyDigits_IsExactOrRefused()
    {
        var numbers = Gen.Select(Gen.Bool, Gen.Char["0123456789"].Array[1, 22], Gen.Char["0123456789"].Array[0, 12]).Select(static (negative, whole, fraction) =>
            $"{(negative ? "-" : "")}{new string(whole)}{(fraction.Length == 0 ? "" : "." + new string(fraction))}");

        numbers.Sample(static text =>
        {
            var decimals = text.Contains('.', StringComparison.Ordinal) ? text.Length - text.IndexOf('.', StringComparison.Ordinal) - 1 : 0;
            var readable = decimals <= 10 && TicksOf(text) is var exact && exact >= long.MinValue && exact <= long.MaxValue;

            UsdTicks.TryParseUsd(text, out var parsed).Should().Be(readable);
            parsed.Value.Should().Be(readable ? (long)TicksOf(text) : 0);
        }, iter: Samples);
    }

    [Theory]
    [InlineData("0", 0)]
    [InlineData("-0", 0)]
    [InlineData("5", 50_000_000_000)]
    [InlineData("05.10", 51_000_000_000)]
    [InlineData("0.0000000001", 1)]
    [InlineData("-0.0000000001", -1)]
    [InlineData("0.00022185", 2_218_500)]
    [InlineData("922337203.6854775807", long.MaxValue)]
    [InlineData("-922337203.6854775808", long.MinValue)]
    public void TryParseUsd_ANumberInRange_GivesItsTicks(string text, long ticks)
    {
        UsdTicks.TryParseUsd(text, out var amount).Should().BeTrue();
        amount.Value.Should().Be(ticks);
    }

    [Theory]
    [InlineData("")]
    [InlineData("-")]
    [InlineData(".")]
    [InlineData("-.")]
    [InlineData(".5")]
    [InlineData("5.")]
    [InlineData("1.2.3")]
    [InlineData("--1")]
    [InlineData("+1")]
    [InlineData("1-")]
    [InlineData(" 1")]
    [InlineData("1 ")]
    [InlineData("1,000")]
    [InlineData("1e3")]
    [InlineData("0x10")]
    [InlineData("NaN")]
    [InlineData("1_000")]
    [InlineData("$5")]
    [InlineData("٣")]
    [InlineData("５")]
    [InlineData("1.٣")]
    [InlineData("−1")]
    [InlineData("1\0")]
    [InlineData("0.00000000001")]
    [InlineData("1.00000000000")]
    [InlineData("922337203.6854775808")]
    [InlineData("-922337203.6854775809")]
    [InlineData("9999999999999999999999999999")]
    [InlineData("99999999999999999999999999999999999999999999999999999999999999999999999999999999")]
    public void TryParseUsd_WhatCannotBeHeldExactly_IsRefusedAndGivesNothing(string text)
    {
        UsdTicks.TryParseUsd(text, out var amount).Should().BeFalse();
        amount.Should().Be(UsdTicks.Zero);
    }

    [Theory]
    [InlineData(0, "0")]
    [InlineData(1, "0.0000000001")]
    [InlineData(-1, "-0.0000000001")]
    [InlineData(2_218_500, "0.00022185")]
    [InlineData(-5_000_000_000, "-0.5")]
    [InlineData(100_000_000_000, "10")]
    [InlineData(long.MaxValue, "922337203.6854775807")]
    [InlineData(long.MinValue, "-922337203.6854775808")]
    public void ToUsdString_KnownAmounts_AreWrittenExactly(long ticks, string text)
    {
        new UsdTicks(ticks).ToUsdString().Should().Be(text);
        new UsdTicks(ticks).ToString().Should().Be(text + " USD");
    }

    [Fact]
    public void Arithmetic_AnyAmounts_IsExactOrOverflows() => Gen.Select(Ticks, Ticks).Sample(static (a, b) =>
    {
        ShouldBe(() => new UsdTicks(a) + new UsdTicks(b), (BigInteger)a + b);
        ShouldBe(() => new UsdTicks(a) - new UsdTicks(b), (BigInteger)a - b);
        ShouldBe(() => new UsdTicks(a) * b, (BigInteger)a * b);
        ShouldBe(() => -new UsdTicks(a), -(BigInteger)a);
        ShouldBe(() => UsdTicks.FromUsd(a), (BigInteger)a * UsdTicks.PerUsd);
    }, iter: Samples);

    [Fact]
    public void Order_AnyAmounts_IsThatOfTheirTicks() => Gen.Select(Ticks, Ticks).Sample(static (a, b) =>
    {
        var (left, right) = (new UsdTicks(a), new UsdTicks(b));

        (left < right).Should().Be(a < b);
        (left > right).Should().Be(a > b);
        (left <= right).Should().Be(a <= b);
        (left >= right).Should().Be(a >= b);
        (left == right).Should().Be(a == b);
        Math.Sign(left.CompareTo(right)).Should().Be(a.CompareTo(b));
        UsdTicks.Min(left, right).Value.Should().Be(Math.Min(a, b));
        UsdTicks.Max(left, right).Value.Should().Be(Math.Max(a, b));
        left.IsPositive.Should().Be(a > 0);
        left.IsNegative.Should().Be(a < 0);
    }, iter: Samples);

    private static void ShouldBe(Func<UsdTicks> sum, BigInteger exact)
    {
        if (exact >= long.MinValue && exact <= long.MaxValue)
            sum().Value.Should().Be((long)exact);
        else
            sum.Should().Throw<OverflowException>();
    }

    // An independent reading: all digits as one integer, then the missing decimals.
    private static BigInteger TicksOf(string usd)
    {
        var point = usd.IndexOf('.', StringComparison.Ordinal);
        var decimals = point < 0 ? 0 : usd.Length - point - 1;
        var digits = BigInteger.Parse(usd.Replace(".", "", StringComparison.Ordinal), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);
        return decimals <= 10 ? digits * BigInteger.Pow(10, 10 - decimals) : digits / BigInteger.Pow(10, decimals - 10);
    }
}
