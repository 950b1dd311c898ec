using System.Text.Json;

using LlmTr.Grains.Abstractions;
using LlmTr.Money;

namespace LlmTr.Api.Metering;

/// <summary>A cost in the <c>usage</c> of an answer that is the gateway's own.</summary>
internal static class CostShown
{
    /// <summary>Writes the usage object: ticks as an integer, dollars as an exact decimal string, and who said so.</summary>
    public static void Write(Utf8JsonWriter json, UsdTicks charged, CostSource source)
    {
        json.WriteStartObject();
        WriteMembers(json, charged, source);
        json.WriteEndObject();
    }

    /// <summary>The same members inside an object that has others.</summary>
    public static void WriteMembers(Utf8JsonWriter json, UsdTicks charged, CostSource source)
    {
        json.WriteNumber("cost_in_usd_ticks"u8, charged.Value);
        json.WriteString("cost_usd"u8, charged.ToUsdString());
        json.WriteString("cost_source"u8, source switch
        {
            CostSource.Provider => "provider"u8,
            CostSource.Catalogue => "catalogue"u8,
            CostSource.Estimate => "estimate"u8,
            _ => "operator"u8,
        });
    }
}
