namespace LlmTr.Api.Tests.Running;

/// <summary>Tests of real time or of the whole process's memory, which run when no others do.</summary>
[CollectionDefinition(nameof(Alone), DisableParallelization = true)]
public sealed class Alone;
