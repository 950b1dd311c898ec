using System.Globalization;
using System.Text.Json;
using LlmTr.Money;

namespace LlmTr.XaiSimulator.Control;

/// <summary>How <c>cost_in_usd_ticks</c> is reported in place of the true cost.</summary>
public readonly record struct CostSwitch
{
    private enum Form
    {
        Omit,
        Null,
        Text,
        Negative,
        Fractional,
        Overflow,
        Fixed,
        Multiple,
    }

    private readonly Form _form;
    private readonly long _number;

    private CostSwitch(Form form, long number = 0)
    {
        _form = form;
        _number = number;
    }

    /// <summary>The member is missing.</summary>
    public static CostSwitch Omit => new(Form.Omit);

    /// <summary>The member is null.</summary>
    public static CostSwitch Null => new(Form.Null);

    /// <summary>The true cost in a string.</summary>
    public static CostSwitch Text => new(Form.Text);

    /// <summary>The true cost below zero.</summary>
    public static CostSwitch Negative => new(Form.Negative);

    /// <summary>The true cost and half a tick.</summary>
    public static CostSwitch Fractional => new(Form.Fractional);

    /// <summary>One more than a 64-bit integer holds.</summary>
    public static CostSwitch Overflow => new(Form.Overflow);

    /// <summary>Exactly so many ticks, zero included, and billed so.</summary>
    public static CostSwitch Ticks(long ticks) => new(Form.Fixed, ticks);

    /// <summary>So many times the true cost, and billed so: a way above any hold.</summary>
    public static CostSwitch Times(int factor) => new(Form.Multiple, factor);

    /// <summary>Reads the word of the vocabulary.</summary>
    /// <exception cref="FormatException">It is none.</exception>
    internal static CostSwitch Parse(string text) => text switch
    {
        "omit" => Omit,
        "null" => Null,
        "zero" => Ticks(0),
        "string" => Text,
        "negative" => Negative,
        "fractional" => Fractional,
        "overflow" => Overflow,
        ['x', .. var factor] when int.TryParse(factor, NumberStyles.None, CultureInfo.InvariantCulture, out var times) => Times(times),
        _ when long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var ticks) => Ticks(ticks),
        _ => throw new FormatException(
            $"cost is '{text}'; it takes omit, null, zero, string, negative, fractional, overflow, a number of ticks, or x and a factor."),
    };

    /// <summary>What is billed: a readable number as reported, else the true cost.</summary>
    internal UsdTicks Billed(UsdTicks cost) => _form switch
    {
        Form.Fixed => new UsdTicks(_number),
        Form.Multiple => cost * _number,
        _ => cost,
    };

    /// <summary>Writes the member, or nothing.</summary>
    internal void Write(Utf8JsonWriter writer, string name, UsdTicks cost)
    {
        if (_form == Form.Omit)
            return;
        writer.WritePropertyName(name);
        writer.WriteRawValue(_form switch
        {
            Form.Null => "null",
            Form.Text => $"\"{cost.Value}\"",
            Form.Negative => $"-{cost.Value}",
            Form.Fractional => $"{cost.Value}.5",
            Form.Overflow => "9223372036854775808",
            _ => Billed(cost).Value.ToString(CultureInfo.InvariantCulture),
        });
    }
}
