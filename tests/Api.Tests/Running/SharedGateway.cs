namespace LlmTr.Api.Tests.Running;

/// <summary>One gateway for all tests of a class that leave it as they found it.</summary>
public sealed class SharedGateway : IAsyncLifetime
{
    public TestGateway Gateway { get; private set; } = null!;

    public TestKey Key { get; private set; } = null!;

    public async Task InitializeAsync()
    {
        Gateway = await TestGateway.StartAsync();
        Key = await Gateway.CreateKeyAsync();
    }

    public async Task DisposeAsync() => await Gateway.DisposeAsync();
}
