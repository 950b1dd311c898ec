namespace LlmTr.Cluster.Tests.Processes;

/// <summary>The programs of others that these tests need, and where the environment says that they are.</summary>
internal static class Tools
{
    public const string RedisVariable = "LLMTR_TEST_REDIS", AzuriteVariable = "LLMTR_TEST_AZURITE";

    /// <summary>The path of <c>redis-server</c>.</summary>
    public static string? Redis => Value(RedisVariable);

    /// <summary>The command that starts Azurite's blob service, perhaps with arguments before ours.</summary>
    public static string? Azurite => Value(AzuriteVariable);

    /// <summary>Why a test cannot run here; null when it can.</summary>
    public static string? WhyNot => (Redis, Azurite) switch
    {
        (null, _) => $"There is no Redis: {RedisVariable} names no redis-server (test.sh sets it).",
        (_, null) => $"There is no Azurite: {AzuriteVariable} names no command that starts its blob service (test.sh sets it).",
        _ => null,
    };

    private static string? Value(string name) => Environment.GetEnvironmentVariable(name) is { Length: > 0 } value ? value : null;
}

/// <summary>A test of real processes; skipped where the programs that it needs are not there.</summary>
internal sealed class ClusterFactAttribute : FactAttribute
{
    public ClusterFactAttribute() => Skip = Tools.WhyNot;
}
