using System.Globalization;
using System.Text.Json;

namespace LlmTr.XaiSimulator.Control;

/// <summary>How the <c>duration</c> of a transcription is reported in place of the true one. Milliseconds.</summary>
public readonly record struct DurationSwitch
{
    private enum Form
    {
        Omit,
        Null,
        Text,
        Negative,
        Fixed,
        Multiple,
    }

    private readonly Form _form;
    private readonly long _number;

    private DurationSwitch(Form form, long number = 0)
    {
        _form = form;
        _number = number;
    }

    /// <summary>The member is missing.</summary>
    public static DurationSwitch Omit => new(Form.Omit);

    /// <summary>The member is null.</summary>
    public static DurationSwitch Null => new(Form.Null);

    /// <summary>The true duration in a string.</summary>
    public static DurationSwitch Text => new(Form.Text);

    /// <summary>The true duration below zero.</summary>
    public static DurationSwitch Negative => new(Form.Negative);

    /// <summary>Exactly so many milliseconds, zero included, and billed so.</summary>
    public static DurationSwitch Milliseconds(long milliseconds) => new(Form.Fixed, milliseconds);

    /// <summary>So many times the true duration, and billed so.</summary>
    public static DurationSwitch Times(int factor) => new(Form.Multiple, factor);

    /// <summary>Reads the word of the vocabulary.</summary>
    /// <exception cref="FormatException">It is none.</exception>
    internal static DurationSwitch Parse(string text) => text switch
    {
        "omit" => Omit,
        "null" => Null,
        "zero" => Milliseconds(0),
        "string" => Text,
        "negative" => Negative,
        ['x', .. var factor] when int.TryParse(factor, NumberStyles.None, CultureInfo.InvariantCulture, out var times) => Times(times),
        _ when decimal.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var seconds) && seconds < 1_000_000_000 =>
            Milliseconds((long)(seconds * 1000)),
        _ => throw new FormatException($"duration is '{text}'; it takes omit, null, zero, string, negative, a number of seconds, or x and a factor."),
    };

    /// <summary>What is billed: a readable number as reported, else the true duration.</summary>
    internal long Billed(long milliseconds) => _form switch
    {
        Form.Fixed => _number,
        Form.Multiple => checked(milliseconds * _number),
        _ => milliseconds,
    };

    /// <summary>Writes the member in seconds, or nothing.</summary>
    internal void Write(Utf8JsonWriter writer, long milliseconds)
    {
        if (_form == Form.Omit)
            return;
        writer.WritePropertyName("duration");
        writer.WriteRawValue(_form switch
        {
            Form.Null => "null",
            Form.Text => $"\"{Seconds(milliseconds)}\"",
            Form.Negative => Seconds(-milliseconds),
            _ => Seconds(Billed(milliseconds)),
        });
    }

    /// <summary>Milliseconds as seconds with as many decimals as they need, at least one, as captured.</summary>
    internal static string Seconds(long milliseconds) => (milliseconds / 1000m).ToString("0.0##", CultureInfo.InvariantCulture);
}
