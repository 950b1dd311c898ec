using LlmTr.Money;

namespace LlmTr.Grains.Abstractions;

/// <summary>How <see cref="UsdTicks"/> crosses the wire: Money knows no Orleans, so the form on the wire lives here.</summary>
[GenerateSerializer, Immutable, Alias("llmtr.UsdTicks")]
public struct UsdTicksSurrogate
{
    /// <summary>The number of ticks.</summary>
    [Id(0)] public long Value { get; set; }
}

/// <summary>Converts between <see cref="UsdTicks"/> and its form on the wire.</summary>
[RegisterConverter]
public sealed class UsdTicksConverter : IConverter<UsdTicks, UsdTicksSurrogate>
{
    /// <inheritdoc/>
    public UsdTicks ConvertFromSurrogate(in UsdTicksSurrogate surrogate) => new(surrogate.Value);

    /// <inheritdoc/>
    public UsdTicksSurrogate ConvertToSurrogate(in UsdTicks value) => new() { Value = value.Value };
}
