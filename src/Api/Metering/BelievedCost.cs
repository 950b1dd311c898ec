using LlmTr.Money;
using LlmTr.Xai.Responses;

namespace LlmTr.Api.Metering;

/// <summary>What a reported cost counts for.</summary>
internal static class BelievedCost
{
    /// <summary>
    /// A single request that costs more is a broken number and no price: the dearest possible one, a million tokens in and out of sixteen agents, is far below. Not believing
    /// it keeps one absurd answer from emptying an account.
    /// </summary>
    public static readonly UsdTicks Most = UsdTicks.FromUsd(10_000);

    /// <summary>The amount, exactly as reported, zero too; null where none was reported that can be believed.</summary>
    public static UsdTicks? Of(ReportedCost reported) => reported.TryGetAmount(out var amount) && amount <= Most ? amount : null;

    /// <summary>True where xAI says something of a cost, but nothing that can be believed: then nobody may say that there was none.</summary>
    public static bool IsUnreadable(ReportedCost reported) => reported.Kind != ReportedCostKind.Missing && Of(reported) is null;
}
