using LlmTr.Client.Tests.Running;

namespace LlmTr.Client.Tests.Npm;

/// <summary>One script of scenarios with a gateway of its own.</summary>
public abstract class NpmClient(string script) : IAsyncLifetime
{
    private readonly ClientGateway _gateway = new();
    private NodeProcess? _node;

    public async Task InitializeAsync()
    {
        // xunit makes it also where every test is skipped.
        if (NpmClients.WhyNot is not null)
            return;
        await _gateway.InitializeAsync();
        _node = NodeProcess.Start(script);
    }

    public async Task DisposeAsync()
    {
        if (_node is null)
            return;
        await _node.DisposeAsync();
        await _gateway.DisposeAsync();
    }

    /// <summary>Runs a scenario with a new key; fails with the script's message.</summary>
    public async Task<Scenario> RunAsync(string name, Action<Scenario>? prepare = null)
    {
        var scenario = await _gateway.BeginAsync();
        prepare?.Invoke(scenario);
        await _node!.RunAsync(name, scenario);
        return scenario;
    }
}

/// <summary><c>openai</c>.</summary>
public sealed class OpenAIPackage() : NpmClient("openai");

/// <summary><c>ai</c> with <c>@ai-sdk/openai-compatible</c>.</summary>
public sealed class OpenAICompatiblePackage() : NpmClient("openai-compatible");

/// <summary><c>ai</c> with <c>@ai-sdk/xai</c>.</summary>
public sealed class XaiPackage() : NpmClient("xai");
