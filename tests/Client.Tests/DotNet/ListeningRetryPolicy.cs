using System.ClientModel.Primitives;

namespace LlmTr.Client.Tests.DotNet;

/// <summary>Repeats what the client repeats, but not where the server advises against it with <c>x-should-retry: false</c>.</summary>
internal sealed class ListeningRetryPolicy : ClientRetryPolicy
{
    protected override bool ShouldRetry(PipelineMessage message, Exception? exception) =>
        !(message.Response is { } response && response.Headers.TryGetValue("x-should-retry", out var advice) && advice == "false") && base.ShouldRetry(message, exception);

    protected override ValueTask<bool> ShouldRetryAsync(PipelineMessage message, Exception? exception) => new(ShouldRetry(message, exception));
}
