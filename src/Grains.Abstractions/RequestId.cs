using System.Diagnostics.CodeAnalysis;

namespace LlmTr.Grains.Abstractions;

/// <summary>
/// The id of a request and of its hold: 128 bits that carry their time of making (a version 7 UUID, milliseconds). Made by the
/// front end, never taken from a caller, so that nobody can choose an id that meets another request's hold.
/// </summary>
/// <param name="Value">The version 7 UUID.</param>
[GenerateSerializer, Immutable, Alias("llmtr.RequestId")]
public readonly record struct RequestId([property: Id(0)] Guid Value)
{
    private const string Prefix = "req_";

    /// <summary>Makes a new id that carries the given time.</summary>
    public static RequestId New(TimeProvider clock) => new(Guid.CreateVersion7(clock.GetUtcNow()));

    /// <summary>When the id was made, to the millisecond.</summary>
    public DateTimeOffset MadeAt
    {
        get
        {
            Span<byte> bytes = stackalloc byte[16];
            Value.TryWriteBytes(bytes, bigEndian: true, out _);
            var milliseconds = 0L;
            for (var i = 0; i < 6; i++)
                milliseconds = (milliseconds << 8) | bytes[i];
            return DateTimeOffset.FromUnixTimeMilliseconds(milliseconds);
        }
    }

    /// <summary>Reads the form that <see cref="ToString"/> writes.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, out RequestId id)
    {
        id = default;

        // Guid's own reader passes over white space, so the length is checked too: one id has one text.
        if (text is null || text.Length != Prefix.Length + 32 || !text.StartsWith(Prefix, StringComparison.Ordinal) || !Guid.TryParseExact(text.AsSpan(Prefix.Length), "N", out var value))
            return false;
        id = new RequestId(value);
        return true;
    }

    /// <summary><c>req_</c> and 32 hexadecimal digits, as customers and the ledger see it.</summary>
    public override string ToString() => string.Create(Prefix.Length + 32, Value, static (text, value) =>
    {
        Prefix.CopyTo(text);
        value.TryFormat(text[Prefix.Length..], out _, "N");
    });
}
