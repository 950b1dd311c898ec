using Azure.Storage.Blobs;
using LlmTr.Silo.Azure.Ledgers;

namespace LlmTr.Silo.Tests.Ledgers;

public sealed class AzureAppendBlobClientsTests
{
    private readonly AppendBlobClients _clients = new(new BlobContainerClient("UseDevelopmentStorage=true", "ledger"));

    [Fact]
    public void Client_OfABlobThatWasWrittenLately_IsTheSame()
    {
        var client = _clients.Of("first/a");

        _clients.Of("first/b").Should().NotBeSameAs(client);
        _clients.Of("first/a").Should().BeSameAs(client);
        (client.BlobContainerName, client.Name).Should().Be(("ledger", "first/a"));
    }

    [Fact]
    public void Clients_OfMoreBlobsThanAreKept_AreForgottenAndMadeAgain()
    {
        var client = _clients.Of("first/a");
        for (var i = 0; i < AppendBlobClients.Most; i++)
            _clients.Of($"first/{i}").Name.Should().Be($"first/{i}");

        _clients.Of("first/a").Should().NotBeSameAs(client);
        _clients.Of("first/a").Name.Should().Be("first/a");
    }
}
