namespace LlmTr.Cluster.Tests.Topology;

/// <summary>The programs of one build.</summary>
/// <param name="Name">What the tests call it.</param>
/// <param name="Silo">The path of LlmTr.Silo.dll.</param>
/// <param name="FrontEnd">The path of LlmTr.Api.dll.</param>
internal sealed record ClusterBuild(string Name, string Silo, string FrontEnd)
{
    /// <summary>The one that is being tested.</summary>
    public static ClusterBuild Current { get; } = Of("this build", AppContext.BaseDirectory);

    /// <summary>Both programs in one folder.</summary>
    public static ClusterBuild Of(string name, string folder) => new(name, Path.Combine(folder, "LlmTr.Silo.dll"), Path.Combine(folder, "LlmTr.Api.dll"));
}
