using System.Net;
using LlmTr.Api.Tests.Running;
using LlmTr.XaiSimulator.Control;

namespace LlmTr.Api.Tests.Keys;

public sealed class IdempotencyTests : IAsyncLifetime
{
    private TestGateway _gateway = null!;
    private TestKey _key = null!;

    public async Task InitializeAsync()
    {
        _gateway = await TestGateway.StartAsync();
        _key = await _gateway.CreateKeyAsync();
    }

    public async Task DisposeAsync() => await _gateway.DisposeAsync();

    [Theory]
    [InlineData(TestKey.Hello)]
    [InlineData(TestKey.HelloStreamed)]
    public async Task Repeat_IsNeverChargedAgain_AndIsToldTheFirstsIdStatusAndCost(string body)
    {
        using var first = await PostAsync(body, "key 1");
        await first.Content.ReadAsStringAsync();

        using var again = await PostAsync(body, "key 1");
        using var other = await PostAsync("""{"model":"xai/grok-4.3","input":"Another"}""", "key 1");

        first.StatusCode.Should().Be(HttpStatusCode.OK);
        foreach (var response in new[] { again, other })
        {
            (await response.ErrorAsync()).Should().Be((409, "idempotency_conflict", "Idempotency-Key"));
            response.Header("x-should-retry").Should().Be("false");
            var details = (await response.JsonAsync()).GetProperty("error").GetProperty("details");
            details.Text("request_id").Should().Be(first.Header("X-Request-Id"));
            details.Text("state").Should().Be("ended");
            details.Number("status").Should().Be(200);
            details.Text("cost_usd").Should().Be(_gateway.Xai.Requests.Single().Billed.ToUsdString());
        }

        (await _key.LedgerAsync()).Should().HaveCount(2);
    }

    [Fact]
    public async Task ManyAtOnce_WithOneKey_RunOnce()
    {
        _gateway.Xai.Gate.Close();
        var requests = Enumerable.Range(0, 30).Select(_ => PostAsync(TestKey.Hello, "one")).ToList();
        var refused = 0;
        await foreach (var request in Task.WhenEach(requests))
        {
            var details = (await (await request).JsonAsync()).GetProperty("error").GetProperty("details");
            details.Text("state").Should().Be("in_progress");
            details.TryGetProperty("cost_usd", out _).Should().BeFalse("what is running has no cost yet");
            if (++refused == 29)
                break;
        }

        _gateway.Xai.Gate.Open();
        (await Task.WhenAll(requests)).Count(static response => response.StatusCode == HttpStatusCode.OK).Should().Be(1);
        _gateway.Xai.Requests.Should().ContainSingle();
    }

    [Fact]
    public async Task Repeat_OfWhatCostNothing_RunsAnew()
    {
        _gateway.Xai.Enqueue(Behaviour.None.With("fault", "credits"));
        using var refused = await PostAsync(TestKey.Hello, "k");
        refused.StatusCode.Should().Be(HttpStatusCode.ServiceUnavailable);

        using var again = await PostAsync(TestKey.Hello, "k");

        again.StatusCode.Should().Be(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Repeat_OfWhatWasLost_IsNotSentAgain()
    {
        _gateway.Xai.Enqueue(Behaviour.None.With("fault", "bad-gateway"));
        using var lost = await PostAsync(TestKey.Hello, "k");
        lost.StatusCode.Should().Be(HttpStatusCode.BadGateway);

        using var again = await PostAsync(TestKey.Hello, "k");

        (await again.ErrorAsync()).Should().Be((409, "idempotency_conflict", "Idempotency-Key"));
        (await again.JsonAsync()).GetProperty("error").GetProperty("details").Number("status").Should().Be(502);
        _gateway.Xai.Requests.Should().ContainSingle();
    }

    [Fact]
    public async Task SameIdempotencyKey_OfAnotherCustomer_IsAnotherRequest()
    {
        var neighbour = await _gateway.CreateKeyAsync();
        using var mine = await PostAsync(TestKey.Hello, "k");
        using var theirs = await neighbour.PostAsync(TestKey.Hello, headers: ("Idempotency-Key", "k"));

        (mine.StatusCode, theirs.StatusCode).Should().Be((HttpStatusCode.OK, HttpStatusCode.OK));
    }

    [Theory]
    [InlineData(255, HttpStatusCode.OK)]
    [InlineData(256, HttpStatusCode.BadRequest)]
    [InlineData(0, HttpStatusCode.BadRequest)]
    public async Task Key_Has1To255Characters(int length, HttpStatusCode status)
    {
        using var response = await PostAsync(TestKey.Hello, new string('k', length));

        response.StatusCode.Should().Be(status);
        if (status != HttpStatusCode.OK)
            (await response.ErrorAsync()).Should().Be((400, "invalid_request_error", "Idempotency-Key"));
    }

    private Task<HttpResponseMessage> PostAsync(string body, string key) => _key.PostAsync(body, headers: ("Idempotency-Key", key));
}
