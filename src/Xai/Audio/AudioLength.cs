using System.Globalization;
using LlmTr.Money;

namespace LlmTr.Xai.Audio;

/// <summary>How long some audio lasts, in whole nanoseconds: what is billed by time is counted exactly, and no floating point comes near it.</summary>
/// <param name="Nanoseconds">Zero or more, up to 292 years.</param>
public readonly record struct AudioLength(long Nanoseconds) : IComparable<AudioLength>
{
    private const long PerSecond = 1_000_000_000;
    private const int Decimals = 9;
    private const long SecondsPerHour = 3600;

    /// <summary>No audio.</summary>
    public static AudioLength Zero => default;

    /// <summary>The longest that can be written.</summary>
    public static AudioLength MaxValue => new(long.MaxValue);

    /// <summary>True above zero.</summary>
    public bool IsPositive => Nanoseconds > 0;

    /// <summary>Whole seconds.</summary>
    /// <exception cref="OverflowException">More than 292 years.</exception>
    public static AudioLength OfSeconds(long seconds) => new(checked(seconds * PerSecond));

    /// <summary>So many of something, of which so many fill a second, rounded up to a nanosecond; the longest there is where that is too much.</summary>
    /// <param name="count">Samples, or bytes; zero or more.</param>
    /// <param name="perSecond">The rate, above zero.</param>
    /// <exception cref="ArgumentOutOfRangeException">The count is below zero or the rate is not above it.</exception>
    public static AudioLength Of(long count, long perSecond)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(perSecond);
        var nanoseconds = (((Int128)count * PerSecond) + perSecond - 1) / perSecond;
        return nanoseconds > long.MaxValue ? MaxValue : new((long)nanoseconds);
    }

    /// <summary>
    /// Reads seconds as JSON writes a number, exponents included. What is finer than a nanosecond is rounded up, which no bill can show: rounding up to a
    /// part of a tick and then to a tick is rounding up once.
    /// </summary>
    /// <param name="number">A JSON number in UTF-8.</param>
    /// <param name="length">The length.</param>
    /// <returns>False below zero, above 292 years, or where it is no number.</returns>
    public static bool TryParseSeconds(ReadOnlySpan<byte> number, out AudioLength length)
    {
        length = default;
        var exponent = 0;
        var mantissa = number;
        if (number.IndexOfAny((byte)'e', (byte)'E') is >= 0 and var mark)
        {
            // No sane writer of seconds has a larger one; without the bound the shifting below would be long.
            const int mostExponent = 400;
            if (!int.TryParse(number[(mark + 1)..], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out exponent) || Math.Abs(exponent) > mostExponent)
                return false;
            mantissa = number[..mark];
        }

        Int128 units = 0;
        var roundUp = false;
        var hasDigits = false;
        var decimals = -1;
        var shift = Decimals + exponent;
        foreach (var digit in mantissa)
        {
            if (digit == '.' && decimals < 0 && hasDigits)
            {
                decimals = 0;
                continue;
            }

            if (!char.IsAsciiDigit((char)digit))
                return false;
            hasDigits = true;
            if (decimals >= 0 && ++decimals > shift)
            {
                roundUp |= digit != '0';
                continue;
            }

            units = (units * 10) + (digit - '0');
            if (units > long.MaxValue)
                return false;
        }

        if (!hasDigits || decimals == 0)
            return false;
        for (var places = shift - Math.Clamp(decimals, 0, Math.Max(shift, 0)); places != 0 && units != 0;)
        {
            if (places > 0)
            {
                units *= 10;
                places--;
                if (units > long.MaxValue)
                    return false;
            }
            else
            {
                roundUp |= units % 10 != 0;
                units /= 10;
                places++;
            }
        }

        units += roundUp ? 1 : 0;
        if (units > long.MaxValue)
            return false;
        length = new((long)units);
        return true;
    }

    /// <summary>What this much audio costs, rounded up to a tick.</summary>
    /// <param name="perHour">The price of an hour, zero or more.</param>
    /// <exception cref="OverflowException">The cost is beyond all amounts.</exception>
    public UsdTicks CostAt(UsdTicks perHour)
    {
        const long hour = SecondsPerHour * PerSecond;
        return new(checked((long)((((Int128)Nanoseconds * perHour.Value) + hour - 1) / hour)));
    }

    /// <summary>The longer of two.</summary>
    public static AudioLength Max(AudioLength a, AudioLength b) => a.Nanoseconds >= b.Nanoseconds ? a : b;

    /// <summary>The shorter of two.</summary>
    public static AudioLength Min(AudioLength a, AudioLength b) => a.Nanoseconds <= b.Nanoseconds ? a : b;

    /// <inheritdoc/>
    public int CompareTo(AudioLength other) => Nanoseconds.CompareTo(other.Nanoseconds);

    /// <summary>Shorter.</summary>
    public static bool operator <(AudioLength a, AudioLength b) => a.Nanoseconds < b.Nanoseconds;

    /// <summary>Longer.</summary>
    public static bool operator >(AudioLength a, AudioLength b) => a.Nanoseconds > b.Nanoseconds;

    /// <summary>Shorter or as long.</summary>
    public static bool operator <=(AudioLength a, AudioLength b) => a.Nanoseconds <= b.Nanoseconds;

    /// <summary>Longer or as long.</summary>
    public static bool operator >=(AudioLength a, AudioLength b) => a.Nanoseconds >= b.Nanoseconds;

    /// <summary>The seconds as a JSON number: no exponent, no trailing zeros ("3.7", "12").</summary>
    public string ToSecondsString()
    {
        var (whole, fraction) = Math.DivRem(Nanoseconds, PerSecond);
        return fraction == 0
            ? whole.ToString(CultureInfo.InvariantCulture)
            : string.Create(CultureInfo.InvariantCulture, $"{whole}.{fraction.ToString("D9", CultureInfo.InvariantCulture).TrimEnd('0')}");
    }

    /// <summary>The seconds with their unit, for people ("3.7 s").</summary>
    public override string ToString() => $"{ToSecondsString()} s";
}
