using LlmTr.Api.Tests.Running;

namespace LlmTr.Api.Tests.Admin;

/// <summary>Credits and debits over HTTP.</summary>
public sealed class PostingRouteTests(SharedGateway shared) : IClassFixture<SharedGateway>
{
    private TestGateway Gateway => shared.Gateway;

    [Fact]
    public async Task SameIdempotencyKey_PostsOnce_AndACreditAndADebitMayShareIt()
    {
        var key = await Gateway.CreateKeyAsync();
        for (var i = 0; i < 3; i++)
        {
            (await Gateway.PostAsync($"/keys/{key.Id}/credits", """{"amount_usd":"2.5","reference":"inv-1","note":"n"}""", ("Idempotency-Key", "one"))).Text("balance_usd")
                .Should().Be("7.5");
        }

        for (var i = 0; i < 3; i++)
            (await Gateway.PostAsync($"/keys/{key.Id}/debits", """{"amount_usd":0.0000000001}""", ("Idempotency-Key", "one"))).Text("balance_usd").Should().Be("7.4999999999");

        (await Gateway.RefusedAsync(HttpMethod.Post, $"/keys/{key.Id}/credits", """{"amount_usd":"3"}""", ("Idempotency-Key", "one")))
            .Should().Be((409, "idempotency_conflict", "Idempotency-Key"));
        (await key.LedgerAsync()).Select(entry => entry.Text("kind")).Should().Equal("credited", "debited");
    }

    [Fact]
    public async Task Debit_OfMoreThanIsAvailable_IsRefused_AndOfAllIsNot()
    {
        var key = await Gateway.CreateKeyAsync("5");
        (await Gateway.RefusedAsync(HttpMethod.Post, $"/keys/{key.Id}/debits", """{"amount_usd":"5.0000000001"}""", ("Idempotency-Key", "a")))
            .Should().Be((402, "insufficient_balance", "amount_usd"));
        (await Gateway.PostAsync($"/keys/{key.Id}/debits", """{"amount_usd":"5"}""", ("Idempotency-Key", "b"))).Text("balance_usd").Should().Be("0");
    }

    [Theory]
    [InlineData("credits", """{}""", "amount_usd")]
    [InlineData("debits", """{"amount_usd":"0"}""", "amount_usd")]
    [InlineData("debits", """{"amount_usd":"-1"}""", "amount_usd")]
    [InlineData("credits", """{"amount_usd":"1e2"}""", "amount_usd")]
    [InlineData("credits", """{"amount_usd":"1.12345678901"}""", "amount_usd")]
    [InlineData("credits", """{"amount_usd":"1","memo":"x"}""", "memo")]
    [InlineData("debits", """{"amount_usd":"1","note":""}""", "note")]
    public async Task WrongBody_NamesTheField(string path, string body, string param) =>
        (await Gateway.RefusedAsync(HttpMethod.Post, $"/keys/{shared.Key.Id}/{path}", body, ("Idempotency-Key", "w")))
            .Should().Be((400, "invalid_request_error", param));

    [Theory]
    [InlineData("credits")]
    [InlineData("debits")]
    public async Task WithoutAnIdempotencyKey_NothingIsPosted(string path) =>
        (await Gateway.RefusedAsync(HttpMethod.Post, $"/keys/{shared.Key.Id}/{path}", """{"amount_usd":"1"}"""))
            .Should().Be((400, "invalid_request_error", "Idempotency-Key"));

    [Fact]
    public async Task Credit_BeyondWhatALedgerCanAddUp_IsRefused() =>
        (await Gateway.RefusedAsync(HttpMethod.Post, $"/keys/{shared.Key.Id}/credits", """{"amount_usd":"922337203"}""", ("Idempotency-Key", "big")))
            .Should().Be((400, "invalid_request_error", "amount_usd"));
}
