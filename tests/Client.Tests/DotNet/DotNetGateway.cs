using LlmTr.Client.Tests.Running;

namespace LlmTr.Client.Tests.DotNet;

/// <summary>One gateway for all tests of the package from NuGet.</summary>
[CollectionDefinition(Name)]
public sealed class DotNetGateway : ICollectionFixture<ClientGateway>
{
    public const string Name = "OpenAI from NuGet";
}
