using LlmTr.Silo.Azure;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace LlmTr.Silo.Tests.Azurite;

[Collection(AzuriteFixture.Collection)]
public sealed class AzureStorageTests(AzuriteFixture azurite)
{
    private const string SomeKey = "AccountKey=c2VjcmV0c2VjcmV0";

    [AzuriteFact]
    public async Task MakeContainer_Twice_MakesItOnce()
    {
        using var storage = azurite.NewStorage();

        (await storage.MakeContainerAsync("ledger", CancellationToken.None)).Should().BeTrue();
        (await storage.MakeContainerAsync("ledger", CancellationToken.None)).Should().BeFalse();
    }

    [Theory]
    [InlineData("UseDevelopmentStorage=true", null, "llmtr")]
    [InlineData("DefaultEndpointsProtocol=https;AccountName=a;" + SomeKey, "", "a-b-1")]
    [InlineData(null, "https://name.blob.core.windows.net", "0")]
    public void Options_OfOneKind_AreValid(string? connectionString, string? serviceUri, string prefix) =>
        new AzureStorageOptions { ConnectionString = connectionString, ServiceUri = serviceUri, ContainerPrefix = prefix }.Problems().Should().BeEmpty();

    [Theory]
    [InlineData(null, null, "llmtr", "exactly one of Azure:ConnectionString")]
    [InlineData("UseDevelopmentStorage=true", "https://name.blob.core.windows.net", "llmtr", "exactly one of Azure:ConnectionString")]
    [InlineData("nonsense " + SomeKey, null, "llmtr", "Azure:ConnectionString is not")]
    [InlineData("AccountName=a;AccountKey=§" + SomeKey, null, "llmtr", "Azure:ConnectionString is not")]
    [InlineData(null, "http://name.blob.core.windows.net", "llmtr", "Azure:ServiceUri must be")]
    [InlineData(null, "https://name.blob.core.windows.net?sig=secret", "llmtr", "Azure:ServiceUri must be")]
    [InlineData(null, "name", "llmtr", "Azure:ServiceUri must be")]
    [InlineData("UseDevelopmentStorage=true", null, " ", "Azure:ContainerPrefix must be")]
    [InlineData("UseDevelopmentStorage=true", null, "Upper", "Azure:ContainerPrefix must be")]
    [InlineData("UseDevelopmentStorage=true", null, "a--b", "Azure:ContainerPrefix must be")]
    [InlineData("UseDevelopmentStorage=true", null, "a-", "Azure:ContainerPrefix must be")]
    [InlineData("UseDevelopmentStorage=true", null, "a23456789012345678901234567890123456789012345678901", "Azure:ContainerPrefix must be")]
    public void Options_ThatAreWrong_AreToldInASentenceWithoutTheSecret(string? connectionString, string? serviceUri, string prefix, string because)
    {
        using var services = Services(
            ("Azure:ConnectionString", connectionString), ("Azure:ServiceUri", serviceUri), ("Azure:ContainerPrefix", prefix));

        var open = services.GetRequiredService<AzureStorage>;

        var message = open.Should().Throw<OptionsValidationException>().Which.Message;
        message.Should().Contain(because).And.EndWith(".").And.NotContain("c2VjcmV0").And.NotContain("sig=");
    }

    [Fact]
    public async Task MakeContainer_WithNobodyThere_SaysWhereAndWhatToCheck()
    {
        // Port 9 (discard) is refused at once.
        using var services = Services(("Azure:ConnectionString", $"DefaultEndpointsProtocol=http;AccountName=a;{SomeKey};BlobEndpoint=http://127.0.0.1:9/a;"), ("Azure:ContainerPrefix", "x"));

        var make = () => services.GetRequiredService<AzureStorage>().MakeContainerAsync("ledger", CancellationToken.None);

        var message = (await make.Should().ThrowAsync<AzureStorageException>()).Which.Message;
        message.Should().Contain("'x-ledger'").And.Contain("127.0.0.1").And.Contain("Azure:ConnectionString").And.NotContain("c2VjcmV0");
    }

    private static ServiceProvider Services(params (string Key, string? Value)[] settings) => new ServiceCollection()
        .AddSingleton<IConfiguration>(new ConfigurationBuilder().AddInMemoryCollection(settings.Select(static setting => KeyValuePair.Create(setting.Key, setting.Value))).Build())
        .AddAzureStorage()
        .BuildServiceProvider();
}
