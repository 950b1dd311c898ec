using System.Diagnostics;
using LlmTr.Cluster.Tests.Processes;
using LlmTr.Cluster.Tests.Topology;

namespace LlmTr.Cluster.Tests.Upgrade;

/// <summary>The build that <c>earlier-build.txt</c> names, taken from this repository's history and built once.</summary>
internal static class EarlierBuild
{
    private static readonly string[] Taken = ["src", "Directory.Build.props", "Directory.Packages.props", "BannedSymbols.txt", ".editorconfig", "global.json"];

    private static string? Root
    {
        get
        {
            var folder = new DirectoryInfo(AppContext.BaseDirectory);
            while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "LlmTr.Orleans.sln")))
                folder = folder.Parent;
            return folder?.FullName;
        }
    }

    /// <summary>Why it cannot be had here; null when it can.</summary>
    public static string? WhyNot()
    {
        if (Root is not { } root)
            return "These tests do not run inside the repository: there is no earlier build to be had.";
        var commit = Commit(root);
        return Run(root, "git", "cat-file", "-e", $"{commit}^{{commit}}").ExitCode == 0
            ? null
            : $"The history has no commit {commit}, which Upgrade/earlier-build.txt names: this is no clone of the repository, or a shallow one.";
    }

    /// <summary>Its programs; built where they were not.</summary>
    public static ClusterBuild Get()
    {
        var root = Root!;
        var commit = Commit(root);
        var folder = Path.Combine(root, "artifacts", "earlier-build", commit);
        var done = Path.Combine(folder, "built");
        if (!File.Exists(done))
        {
            if (Directory.Exists(folder))
                Directory.Delete(folder, recursive: true);
            Directory.CreateDirectory(folder);
            Require(root, "git", ["archive", "--format=tar", "-o", Path.Combine(folder, "source.tar"), commit, .. Taken]);
            Require(folder, "tar", "-xf", "source.tar");
            Require(folder, "dotnet", "build", "src/Api/Api.csproj", "-c", "Release", "--nologo", "-v", "quiet", "-p:RunAnalyzers=false", "-p:UseSharedCompilation=false", "-nodeReuse:false");
            File.WriteAllText(done, "");
        }

        return ClusterBuild.Of($"build {commit}", Path.Combine(folder, "src", "Api", "bin", "Release", "net10.0"));
    }

    private static string Commit(string root) =>
        File.ReadAllText(Path.Combine(root, "tests", "Cluster.Tests", "Upgrade", "earlier-build.txt")).Split([' ', '\n'], 2)[0].Trim();

    private static void Require(string folder, string program, params string[] arguments)
    {
        var (exitCode, said) = Run(folder, program, arguments);
        if (exitCode != 0)
            throw new InvalidOperationException($"The earlier build could not be made: {program} {string.Join(' ', arguments)} ended with {exitCode}.\n{said}");
    }

    private static (int ExitCode, string Said) Run(string folder, string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo("sh", ["-c", "exec \"$@\" 2>&1 </dev/null", "sh", program, .. arguments])
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
        })!;
        var said = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, said);
    }
}

/// <summary>A test that needs the earlier build too.</summary>
internal sealed class UpgradeFactAttribute : FactAttribute
{
    public UpgradeFactAttribute() => Skip = Tools.WhyNot ?? EarlierBuild.WhyNot();
}
