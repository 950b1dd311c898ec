namespace LlmTr.Client.Tests.Npm;

/// <summary>The packages from npm, and where the environment says that they are installed.</summary>
internal static class NpmClients
{
    public const string Variable = "LLMTR_TEST_NPM_CLIENTS";

    /// <summary>The folder with <c>node_modules</c>.</summary>
    public static string? Folder => Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } value ? value : null;

    /// <summary>Why a test cannot run here; null when it can.</summary>
    public static string? WhyNot => Folder is null ? $"There are no clients from npm: {Variable} names no folder where npm/package.json is installed (test.sh sets it)." : null;
}

/// <summary>A test of clients from npm; skipped where they are not installed.</summary>
internal sealed class NpmFactAttribute : FactAttribute
{
    public NpmFactAttribute() => Skip = NpmClients.WhyNot;
}

/// <summary>A theory about clients from npm; skipped where they are not installed.</summary>
internal sealed class NpmTheoryAttribute : TheoryAttribute
{
    public NpmTheoryAttribute() => Skip = NpmClients.WhyNot;
}
