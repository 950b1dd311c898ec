using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Diagnosers;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.Emit;
using LlmTr.Micro;

if (args is ["commits"])
    return await CommitCosts.RunAsync(Console.Out);

// In this process: BenchmarkDotNet's own way, a project that it generates for each measurement, does not build under this repository's rules.
var config = ManualConfig.Create(DefaultConfig.Instance)
    .AddJob(Job.ShortRun.WithToolchain(InProcessEmitToolchain.Instance))
    .AddDiagnoser(MemoryDiagnoser.Default)
    .WithArtifactsPath("artifacts/bench/micro");
BenchmarkSwitcher.FromTypes([typeof(Requests), typeof(Streams), typeof(Accounts), typeof(LedgerLines), typeof(GroupCommit)]).Run(args.Length > 0 ? args : ["--filter", "*"], config);
return 0;
