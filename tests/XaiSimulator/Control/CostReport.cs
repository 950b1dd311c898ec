using System.Text.Json;
using LlmTr.Money;

namespace LlmTr.XaiSimulator.Control;

/// <summary>The <c>usage</c> of answers that have nothing but a cost in it: images and videos.</summary>
internal static class CostReport
{
    /// <summary>Writes the member as the behaviour wants it, or nothing.</summary>
    public static void Write(Utf8JsonWriter writer, Behaviour behaviour, UsdTicks cost)
    {
        switch (behaviour.Usage)
        {
            case UsageSwitch.Omit:
                return;
            case UsageSwitch.Null:
                writer.WriteNull("usage");
                return;
        }

        writer.WriteStartObject("usage");
        (behaviour.Cost ?? CostSwitch.Ticks(cost.Value)).Write(writer, "cost_in_usd_ticks", cost);
        writer.WriteEndObject();
    }

    /// <summary>What is billed under the behaviour.</summary>
    public static UsdTicks Billed(Behaviour behaviour, UsdTicks cost) => behaviour.Cost is { } report ? report.Billed(cost) : cost;
}
