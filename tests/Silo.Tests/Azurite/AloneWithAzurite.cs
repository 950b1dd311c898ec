namespace LlmTr.Silo.Tests.Azurite;

/// <summary>Tests that need Azurite and run when no others do, with one of their own: a class cannot be of two collections, nor can two collections share one.</summary>
[CollectionDefinition(nameof(AloneWithAzurite), DisableParallelization = true)]
public sealed class AloneWithAzurite : ICollectionFixture<AzuriteFixture>;
