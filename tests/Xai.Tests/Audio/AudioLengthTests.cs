using System.Globalization;
using System.Numerics;
using System.Text;
using CsCheck;
using LlmTr.Money;
using LlmTr.Xai.Audio;

namespace LlmTr.Xai.Tests.Audio;

public sealed class AudioLengthTests
{
    private static readonly UsdTicks PerHour = new(1_000_000_000);

    [Theory]
    [InlineData("3.7", 3_700_000_000)]
    [InlineData("0", 0)]
    [InlineData("0.0", 0)]
    [InlineData("12", 12_000_000_000)]
    [InlineData("1e3", 1_000_000_000_000)]
    [InlineData("37e-1", 3_700_000_000)]
    [InlineData("1.5E+1", 15_000_000_000)]
    [InlineData("0.0000000001", 1)]
    [InlineData("3.7000000000000002", 3_700_000_001)]
    [InlineData("1e-300", 1)]
    [InlineData("0e300", 0)]
    [InlineData("123456e-5", 1_234_560_000)]
    [InlineData("15e-10", 2)]
    public void Seconds_AreReadExactly_AndRoundedUp(string text, long nanoseconds)
    {
        AudioLength.TryParseSeconds(Encoding.ASCII.GetBytes(text), out var length).Should().BeTrue();
        length.Should().Be(new AudioLength(nanoseconds));
    }

    [Theory]
    [InlineData("")]
    [InlineData("-1")]
    [InlineData("-0.5")]
    [InlineData("1e30")]
    [InlineData("99999999999999999999999999")]
    [InlineData("1e99999999999")]
    [InlineData("NaN")]
    [InlineData("1.")]
    [InlineData("1..2")]
    [InlineData(".5")]
    public void WhatIsNoLength_IsRefused(string text) => AudioLength.TryParseSeconds(Encoding.ASCII.GetBytes(text), out _).Should().BeFalse();

    [Fact]
    public void EveryDecimal_IsReadLikeARational() => Gen.Select(Gen.Int[0, 10_000_000], Gen.Int[0, 14], Gen.Int[-12, 6]).Sample((digits, decimals, exponent) =>
    {
        var mantissa = digits.ToString(CultureInfo.InvariantCulture).PadLeft(decimals + 1, '0');
        var text = decimals == 0 ? mantissa : mantissa[..^decimals] + "." + mantissa[^decimals..];
        text += exponent == 0 ? "" : $"e{exponent}";
        var power = 9 - decimals + exponent;
        var expected = power >= 0
            ? digits * BigInteger.Pow(10, power)
            : (digits + BigInteger.Pow(10, -power) - 1) / BigInteger.Pow(10, -power);
        AudioLength.TryParseSeconds(Encoding.ASCII.GetBytes(text), out var length).Should().Be(expected <= long.MaxValue, text);
        if (expected <= long.MaxValue)
            ((BigInteger)length.Nanoseconds).Should().Be(expected, text);
    });

    [Theory]
    [InlineData(0, 0)]
    [InlineData(1, 1)]
    [InlineData(3600, 1)]
    [InlineData(3601, 2)]
    [InlineData(3_700_000_000, 1_027_778)]
    [InlineData(3_600_000_000_000, 1_000_000_000)]
    public void Cost_IsRoundedUpToATick(long nanoseconds, long ticks) => new AudioLength(nanoseconds).CostAt(PerHour).Should().Be(new UsdTicks(ticks));

    [Fact]
    public void Cost_IsTheLeastWholeNumberOfTicksThatCoversIt() => Gen.Select(Gen.Long[0, 1_000_000_000_000_000], Gen.Long[0, 100_000_000_000]).Sample((nanoseconds, perHour) =>
    {
        var ticks = (BigInteger)new AudioLength(nanoseconds).CostAt(new UsdTicks(perHour)).Value;
        var exact = (BigInteger)nanoseconds * perHour;
        (ticks * 3_600_000_000_000 >= exact && (ticks - 1) * 3_600_000_000_000 < exact).Should().BeTrue();
    });

    [Theory]
    [InlineData(3_700_000_000, "3.7")]
    [InlineData(12_000_000_000, "12")]
    [InlineData(1, "0.000000001")]
    public void Seconds_AreWrittenExactly(long nanoseconds, string text) => new AudioLength(nanoseconds).ToSecondsString().Should().Be(text);

    [Fact]
    public void Held_CoversWhatIsKnown_AndEstimatesStayWithin() => Gen.Select(Gen.Long[0, 100_000], Gen.Long[0, 100_000], Gen.Long[0, 500_000_000], Gen.Long[0, 200_000]).Sample((measured, stated, bytes, end) =>
    {
        // Zero stands for: not known.
        var lengths = new TranscriptionLengths(Known(measured), Known(stated), bytes, AudioLength.OfSeconds(3600), AudioLength.OfSeconds(86_400));
        (lengths.Held >= AudioLength.OfSeconds(Math.Max(measured, stated))).Should().BeTrue();
        (measured + stated > 0 || lengths.Held >= AudioLength.OfSeconds(3600)).Should().BeTrue();
        (lengths.Estimate(AudioLength.OfSeconds(end)) <= lengths.Held).Should().BeTrue();
        if (measured > 0)
            lengths.Estimate(AudioLength.OfSeconds(end)).Should().Be(AudioLength.OfSeconds(measured));
    });

    [Theory]
    [InlineData(null, 1, 500_000_000, 86_400)]
    [InlineData(null, 1, 5_400_000, 3_600)]
    [InlineData(null, 4_000, 5_400_000, 4_000)]
    [InlineData(null, 1, 1_500, 1)]
    [InlineData(null, null, 5_400_000, 3_600)]
    [InlineData(null, null, 15_000_000, 10_000)]
    [InlineData(null, null, 1_500, 3_600)]
    [InlineData(60, 1, 5_400_000, 60)]
    [InlineData(1, null, 17_640_000, 100)]
    public void Held_IsNoShorterThanSoManyBytesCouldLast(int? measured, int? stated, long bytes, int seconds) =>
        new TranscriptionLengths(Known(measured ?? 0), Known(stated ?? 0), bytes, AudioLength.OfSeconds(3600), AudioLength.OfSeconds(86_400)).Held.Should().Be(AudioLength.OfSeconds(seconds));

    private static AudioLength? Known(long seconds) => seconds == 0 ? null : AudioLength.OfSeconds(seconds);
}
