using Orleans.CodeGeneration;

namespace LlmTr.Grains.Abstractions.Cluster;

/// <summary>Tells about one silo. The grain's key is the silo's address in Orleans' parsable form, and it lives on that silo and nowhere else.</summary>
[Alias("llmtr.ISiloGrain"), Version(1)]
public interface ISiloGrain : IGrainWithStringKey
{
    /// <summary>The silo as it is now.</summary>
    [Alias("Read")]
    Task<SiloView> Read();
}

/// <summary>A silo as it sees itself.</summary>
[GenerateSerializer, Immutable, Alias("llmtr.SiloView")]
public sealed record SiloView
{
    /// <summary>The build: version, and the commit where the build knew it.</summary>
    [Id(0)] public required string Version { get; init; }

    /// <summary>Its clock, at the moment of the answer.</summary>
    [Id(1)] public required DateTimeOffset Clock { get; init; }
}
