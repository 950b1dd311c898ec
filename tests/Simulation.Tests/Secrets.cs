using LlmTr.Grains.Abstractions;

namespace LlmTr.Simulation.Tests;

/// <summary>The secret of every key here, and another one.</summary>
internal static class Secrets
{
    public static readonly SecretHash Right = SecretHash.Of("right"u8);

    public static readonly SecretHash Wrong = SecretHash.Of("wrong"u8);
}
