namespace LlmTr.Bench;

/// <summary>The benchmark cannot go on; the message is for who runs it.</summary>
internal sealed class BenchException(string message) : Exception(message);
