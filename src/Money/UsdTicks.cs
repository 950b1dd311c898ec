using System.Globalization;

namespace LlmTr.Money;

/// <summary>
/// An amount of money in ticks of 1e-10 USD, xAI's own unit (1 USD = 10,000,000,000 ticks, 1 cent = 100,000,000).
/// Sums and products are checked: an overflow throws <see cref="OverflowException"/> and never wraps.
/// The range, about ±922 million USD, is that of a 64-bit integer.
/// </summary>
/// <param name="Value">The number of ticks; negative only for differences.</param>
public readonly record struct UsdTicks(long Value) : IComparable<UsdTicks>
{
    /// <summary>Ticks in one US dollar.</summary>
    public const long PerUsd = 10_000_000_000;

    private const int Decimals = 10;

    /// <summary>No money.</summary>
    public static UsdTicks Zero => default;

    /// <summary>The largest amount that can be written.</summary>
    public static UsdTicks MaxValue => new(long.MaxValue);

    /// <summary>True above zero.</summary>
    public bool IsPositive => Value > 0;

    /// <summary>True below zero.</summary>
    public bool IsNegative => Value < 0;

    /// <summary>Whole dollars as ticks.</summary>
    public static UsdTicks FromUsd(long usd) => new(checked(usd * PerUsd));

    /// <summary>The smaller of two amounts.</summary>
    public static UsdTicks Min(UsdTicks a, UsdTicks b) => a.Value <= b.Value ? a : b;

    /// <summary>The larger of two amounts.</summary>
    public static UsdTicks Max(UsdTicks a, UsdTicks b) => a.Value >= b.Value ? a : b;

    /// <inheritdoc/>
    public int CompareTo(UsdTicks other) => Value.CompareTo(other.Value);

    /// <summary>Checked sum.</summary>
    public static UsdTicks operator +(UsdTicks a, UsdTicks b) => new(checked(a.Value + b.Value));

    /// <summary>Checked difference.</summary>
    public static UsdTicks operator -(UsdTicks a, UsdTicks b) => new(checked(a.Value - b.Value));

    /// <summary>Checked negation.</summary>
    public static UsdTicks operator -(UsdTicks a) => new(checked(-a.Value));

    /// <summary>A price times a count, checked.</summary>
    public static UsdTicks operator *(UsdTicks price, long count) => new(checked(price.Value * count));

    /// <summary>Less than.</summary>
    public static bool operator <(UsdTicks a, UsdTicks b) => a.Value < b.Value;

    /// <summary>Greater than.</summary>
    public static bool operator >(UsdTicks a, UsdTicks b) => a.Value > b.Value;

    /// <summary>Less than or equal.</summary>
    public static bool operator <=(UsdTicks a, UsdTicks b) => a.Value <= b.Value;

    /// <summary>Greater than or equal.</summary>
    public static bool operator >=(UsdTicks a, UsdTicks b) => a.Value >= b.Value;

    /// <summary>
    /// Reads an amount in dollars, written as digits with at most one point and at most 10 decimals ("5", "0.25", "-1.5").
    /// No exponent, no sign but a leading minus, no spaces or separators: what cannot be held exactly is refused, never rounded.
    /// </summary>
    /// <returns>False when the text is not such a number or is out of range.</returns>
    public static bool TryParseUsd(ReadOnlySpan<char> text, out UsdTicks amount)
    {
        amount = default;
        var negative = text is ['-', ..];
        if (negative)
            text = text[1..];

        var point = text.IndexOf('.');
        var whole = point < 0 ? text : text[..point];
        var fraction = point < 0 ? [] : text[(point + 1)..];
        if (whole.IsEmpty || (point >= 0 && fraction.IsEmpty) || fraction.Length > Decimals)
            return false;

        // Int128 holds every whole part of up to 28 digits, so that only one range check is needed at the end.
        const int mostWholeDigits = 28;
        if (whole.Length > mostWholeDigits)
            return false;

        Int128 ticks = 0;
        foreach (var digit in whole)
        {
            if (!char.IsAsciiDigit(digit))
                return false;
            ticks = (ticks * 10) + (digit - '0');
        }

        for (var i = 0; i < Decimals; i++)
        {
            var digit = i < fraction.Length ? fraction[i] : '0';
            if (!char.IsAsciiDigit(digit))
                return false;
            ticks = (ticks * 10) + (digit - '0');
        }

        if (negative)
            ticks = -ticks;
        if (ticks < long.MinValue || ticks > long.MaxValue)
            return false;
        amount = new UsdTicks((long)ticks);
        return true;
    }

    /// <summary>
    /// The exact amount in dollars: no exponent, no trailing zeros, at least one digit before the point ("0.00022185", "5", "-0.5").
    /// </summary>
    public string ToUsdString()
    {
        // Int128, because long.MinValue has no positive twin.
        var magnitude = Int128.Abs(Value);
        var whole = magnitude / PerUsd;
        var fraction = (long)(magnitude % PerUsd);
        var sign = Value < 0 ? "-" : "";
        if (fraction == 0)
            return string.Create(CultureInfo.InvariantCulture, $"{sign}{whole}");
        var decimals = fraction.ToString("D10", CultureInfo.InvariantCulture).TrimEnd('0');
        return string.Create(CultureInfo.InvariantCulture, $"{sign}{whole}.{decimals}");
    }

    /// <summary>The amount in dollars with its unit, for people ("0.25 USD").</summary>
    public override string ToString() => $"{ToUsdString()} USD";
}
