using System.Globalization;
using System.Net;
using LlmTr.Api.Metering;
using LlmTr.Api.Tests.Running;
using LlmTr.Grains.Abstractions;

namespace LlmTr.Api.Tests.Keys;

public sealed class KeyLimitTests : IAsyncLifetime
{
    private const string Capped = """{"model":"xai/grok-4.3","input":"Hello","max_output_tokens":1000}""";

    private TestGateway _gateway = null!;
    private TestKey _key = null!;

    public async Task InitializeAsync()
    {
        _gateway = await TestGateway.StartAsync();
        _key = await _gateway.CreateKeyAsync();
    }

    public async Task DisposeAsync() => await _gateway.DisposeAsync();

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task HundredAtOnce_OnALimitOfTwenty_LetExactlyTwentyThrough(bool concurrent)
    {
        await _key.LimitAsync(concurrent ? new KeyLimits { MaxConcurrent = 20 } : new KeyLimits { RequestsPerMinute = 20 });
        if (concurrent)
            _gateway.Xai.Gate.Close();

        var requests = Enumerable.Range(0, 100).Select(_ => _key.PostAsync(TestKey.Hello)).ToArray();
        if (concurrent)
        {
            var refused = 0;
            await foreach (var request in Task.WhenEach(requests))
            {
                (await request).StatusCode.Should().Be(HttpStatusCode.TooManyRequests);
                if (++refused == 80)
                    break;
            }

            await _gateway.Xai.Gate.WaitForWaitingAsync(20);
            _gateway.Xai.Gate.Open();
        }

        var statuses = (await Task.WhenAll(requests)).Select(static response => response.StatusCode).ToList();
        statuses.Count(static status => status == HttpStatusCode.OK).Should().Be(20);
        statuses.Count(static status => status == HttpStatusCode.TooManyRequests).Should().Be(80);
        _gateway.Xai.Requests.Should().HaveCount(20);
    }

    [Theory]
    [InlineData(TestKey.Hello)]
    [InlineData(TestKey.HelloStreamed)]
    public async Task Headers_OfAKeyWithLimits_AreOnAnswersStreamsAndRefusals(string body)
    {
        await _key.LimitAsync(new KeyLimits { RequestsPerMinute = 1, TokensPerMinute = 100_000 });

        using var answer = await _key.PostAsync(body);
        await answer.Content.ReadAsStringAsync();
        using var refusal = await _key.PostAsync(body);

        answer.StatusCode.Should().Be(HttpStatusCode.OK);
        (await refusal.ErrorAsync()).Should().Be((429, "rate_limit_exceeded", null));
        (await refusal.JsonAsync()).GetProperty("error").GetProperty("details").Text("limit").Should().Be("requests_per_minute");
        int.Parse(refusal.Header("Retry-After")!, CultureInfo.InvariantCulture).Should().BeInRange(55, 61);
        refusal.Header("x-should-retry").Should().BeNull();
        foreach (var response in new[] { answer, refusal })
        {
            response.Header("x-ratelimit-limit-requests").Should().Be("1");
            response.Header("x-ratelimit-remaining-requests").Should().Be("0");
            response.Header("x-ratelimit-reset-requests").Should().MatchRegex(@"^(1m0(\.\d+)?s|1m1s|5\d(\.\d+)?s)$");
            response.Header("x-ratelimit-limit-tokens").Should().Be("100000");
            long.Parse(response.Header("x-ratelimit-remaining-tokens")!, CultureInfo.InvariantCulture).Should().BeInRange(50_000, 99_999);
        }
    }

    [Fact]
    public async Task Headers_OfAKeyWithoutLimits_AreNotThere()
    {
        using var answer = await _key.PostAsync(TestKey.Hello);

        answer.Headers.Concat(answer.Content.Headers).Should().NotContain(static header => header.Key.StartsWith("x-ratelimit-", StringComparison.OrdinalIgnoreCase));
    }

    [Fact]
    public async Task Headers_OfAForbiddenAndADryRequest_AreThereToo()
    {
        await _key.LimitAsync(new KeyLimits { RequestsPerMinute = 5, Models = ["xai/grok-4.20-multi-agent"] });

        foreach (var header in new[] { ("X-Nothing", "x"), ("X-LLMTR-Dry-Run", "true") })
        {
            using var response = await _key.PostAsync(TestKey.Hello, headers: header);
            response.StatusCode.Should().Be(HttpStatusCode.Forbidden);
            response.Header("x-ratelimit-remaining-requests").Should().Be("5");
        }
    }

    [Fact]
    public async Task TokensPerMinute_LowersTheCapThatTheGatewayChooses()
    {
        await _key.LimitAsync(new KeyLimits { TokensPerMinute = 20_000 });

        using var answer = await _key.PostAsync(TestKey.Hello);

        // A quarter of what is left, less the estimated input.
        var cap = int.Parse(answer.Header("X-LLMTR-Max-Output-Tokens")!, CultureInfo.InvariantCulture);
        cap.Should().BeInRange(4_500, 5_000);
        _gateway.Xai.Requests.Single().BodyText.Should().Contain($"\"max_output_tokens\":{cap}");
        (await _key.Account().Read())!.Rate!.RemainingTokens.Should().BeInRange(15_001, 19_999, "the settlement gives back what was not used");
    }

    [Fact]
    public async Task TokensPerMinute_TooFewForTheRequest_IsA429ThatNoRetryHelps()
    {
        await _key.LimitAsync(new KeyLimits { TokensPerMinute = 1000 });

        using var refusal = await _key.PostAsync(Capped);

        (await refusal.ErrorAsync()).Should().Be((429, "rate_limit_exceeded", null));
        refusal.Header("x-should-retry").Should().Be("false");
        _gateway.Xai.Requests.Should().BeEmpty();
    }

    [Fact]
    public async Task Budget_Spent_IsA429ThatSaysUntilWhen()
    {
        var quote = await _key.QuoteAsync(Capped);
        await _key.LimitAsync(new KeyLimits { Budget = new KeyBudget { Amount = quote, Period = BudgetPeriod.Day } });
        using var answer = await _key.PostAsync(Capped);
        answer.StatusCode.Should().Be(HttpStatusCode.OK);

        using var refusal = await _key.PostAsync(Capped);

        (await refusal.ErrorAsync()).Should().Be((429, "budget_exceeded", null));
        refusal.Header("x-should-retry").Should().Be("false");
        long.Parse(refusal.Header("Retry-After")!, CultureInfo.InvariantCulture).Should().BeInRange(1, 86_400);
        var details = (await refusal.JsonAsync()).GetProperty("error").GetProperty("details");
        details.Text("required_usd").Should().Be(quote.ToUsdString());
        details.Text("budget_left_usd").Should().Be((quote - _gateway.Xai.Requests.Single().Billed).ToUsdString());
    }

    [Theory]
    [InlineData(0, "0s")]
    [InlineData(-5, "0s")]
    [InlineData(0.2, "1ms")]
    [InlineData(850, "850ms")]
    [InlineData(1000, "1s")]
    [InlineData(1500, "1.5s")]
    [InlineData(20_250, "20.25s")]
    [InlineData(59_999.5, "1m0s")]
    [InlineData(60_000, "1m0s")]
    [InlineData(360_000, "6m0s")]
    [InlineData(3_661_000, "1h1m1s")]
    public void Duration_IsWrittenAsOpenAiWritesIt(double milliseconds, string text) =>
        RateHeaders.Duration(TimeSpan.FromMilliseconds(milliseconds)).Should().Be(text);
}
