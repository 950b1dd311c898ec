using System.Text.Json;
using LlmTr.Money;

namespace LlmTr.Xai.Responses;

/// <summary>How xAI reported a cost, or did not.</summary>
public enum ReportedCostKind : byte
{
    /// <summary>There is no <c>cost_in_usd_ticks</c>. Older answers lack it.</summary>
    Missing,

    /// <summary>It is null, which xAI's schema allows.</summary>
    Null,

    /// <summary>It is there, but is no whole, non-negative number of 64 bits: text, a fraction, an exponent, negative or too large.</summary>
    Unusable,

    /// <summary>It is an amount. Zero is one: what xAI reported is believed exactly.</summary>
    Value,
}

/// <summary>
/// <c>usage.cost_in_usd_ticks</c> as it was reported (xAI contract, section 2). Only <see cref="ReportedCostKind.Value"/> has an amount.
/// </summary>
public readonly record struct ReportedCost
{
    private readonly UsdTicks _amount;

    private ReportedCost(ReportedCostKind kind, UsdTicks amount)
    {
        Kind = kind;
        _amount = amount;
    }

    /// <summary>No cost was reported.</summary>
    public static ReportedCost Missing => default;

    /// <summary>The cost was reported as null.</summary>
    public static ReportedCost Null => new(ReportedCostKind.Null, default);

    /// <summary>Something was reported that is no amount.</summary>
    public static ReportedCost Unusable => new(ReportedCostKind.Unusable, default);

    /// <summary>How it was reported.</summary>
    public ReportedCostKind Kind { get; }

    /// <summary>An amount that xAI reported.</summary>
    /// <param name="amount">Zero or more.</param>
    /// <exception cref="ArgumentOutOfRangeException">The amount is negative.</exception>
    public static ReportedCost Of(UsdTicks amount)
    {
        if (amount.IsNegative)
            throw new ArgumentOutOfRangeException(nameof(amount), amount, "A reported cost cannot be negative.");
        return new(ReportedCostKind.Value, amount);
    }

    /// <summary>The amount, when there is one.</summary>
    public bool TryGetAmount(out UsdTicks amount)
    {
        amount = _amount;
        return Kind == ReportedCostKind.Value;
    }

    internal static ReportedCost Read(ref Utf8JsonReader reader)
    {
        if (reader.TokenType == JsonTokenType.Null)
            return Null;
        return JsonPass.ReadCount(ref reader) is { } ticks ? Of(new UsdTicks(ticks)) : Unusable;
    }
}
