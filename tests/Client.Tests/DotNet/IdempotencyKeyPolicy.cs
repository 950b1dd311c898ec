using System.ClientModel.Primitives;
using System.Security.Cryptography;

namespace LlmTr.Client.Tests.DotNet;

/// <summary>Added at <see cref="PipelinePosition.PerCall"/>, it gives each call a key of its own, which the client's repeats of it carry too.</summary>
internal sealed class IdempotencyKeyPolicy : PipelinePolicy
{
    public override void Process(PipelineMessage message, IReadOnlyList<PipelinePolicy> pipeline, int currentIndex)
    {
        message.Request.Headers.Set("Idempotency-Key", NewKey());
        ProcessNext(message, pipeline, currentIndex);
    }

    public override ValueTask ProcessAsync(PipelineMessage message, IReadOnlyList<PipelinePolicy> pipeline, int currentIndex)
    {
        message.Request.Headers.Set("Idempotency-Key", NewKey());
        return ProcessNextAsync(message, pipeline, currentIndex);
    }

    private static string NewKey() => RandomNumberGenerator.GetHexString(32);
}
