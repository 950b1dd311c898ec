using System.Globalization;
using LlmTr.Api.Tests.Running;
using LlmTr.Money;

namespace LlmTr.Api.Tests.Http;

/// <summary>Nobody holds the gateway by sending too much, or too slowly.</summary>
public sealed class LimitTests(SharedGateway shared) : IClassFixture<SharedGateway>
{
    [Theory]
    [InlineData("first line", 414)]
    [InlineData("one header", 431)]
    [InlineData("all headers", 431)]
    [InlineData("many headers", 431)]
    public async Task HeadAboveItsLimit_IsRefused(string what, int status)
    {
        var (path, headers) = what switch
        {
            "first line" => ($"/v1/balance?a={new string('x', 9_000)}", ""),
            "one header" => ("/v1/balance", $"X-A: {new string('x', 40_000)}\r\n"),
            "all headers" => ("/v1/balance", string.Concat(Enumerable.Range(0, 10).Select(static i => $"X-A{i}: {new string('x', 4_000)}\r\n"))),
            _ => ("/v1/balance", string.Concat(Enumerable.Range(0, 200).Select(static i => $"X-A{i}: x\r\n"))),
        };
        var answer = await RawClient.ExchangeAsync(shared.Gateway, $"GET {path} HTTP/1.1\r\nHost: x\r\n{headers}\r\n");

        answer.Should().StartWith($"HTTP/1.1 {status} ");
    }

    /// <summary>As docs/http.md says: Kestrel answers by itself, and closes.</summary>
    [Fact]
    public async Task PathWithAZeroByte_IsRefusedBare()
    {
        var answer = await RawClient.ExchangeAsync(shared.Gateway, "GET /v1/models/%00 HTTP/1.1\r\nHost: x\r\n\r\n");

        answer.Should().StartWith("HTTP/1.1 400 ").And.EndWith("\r\n\r\n");
    }

    [Fact]
    public async Task LengthFarAboveTheLimit_IsRefusedAtOnce_WithTheEnvelope()
    {
        var answer = await RawClient.ExchangeAsync(
            shared.Gateway, $"POST /v1/responses HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {shared.Key.Text}\r\nContent-Length: 9000000000\r\nConnection: close\r\n\r\n");

        answer.Should().StartWith("HTTP/1.1 413 ").And.Contain("\"type\":\"request_too_large\"");
    }

    [Theory]
    [InlineData(64, true)]
    [InlineData(65, false)]
    [InlineData(100_000, false)]
    public async Task NestingOfJson_HasALimit(int depth, bool isTaken)
    {
        // The object, tools, the tool and its parameters are four levels.
        var parameters = string.Concat(Enumerable.Repeat("{\"a\":", depth - 4)) + "{}" + new string('}', depth - 4);
        var body = $$"""{"model":"xai/grok-4.3","input":"x","tools":[{"type":"function","name":"f","parameters":{{parameters}}}]}""";
        using var response = await shared.Key.PostAsync(body, headers: ("X-LLMTR-Dry-Run", "true"));

        ((int)response.StatusCode).Should().Be(isTaken ? 200 : 400, await response.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task HeadThatComesBitByBit_IsCutOff()
    {
        using var raw = await RawClient.ConnectAsync(shared.Gateway);
        await raw.SendAsync("GET /health/live HTTP/1.1\r\nHost: x\r\n");

        // The gateway gives a head 10 s.
        (await raw.ReadToEndAsync(TimeSpan.FromSeconds(25))).Should().Match(static answer => answer.Length == 0 || answer.StartsWith("HTTP/1.1 408 ", StringComparison.Ordinal));
    }

    [Fact]
    public async Task BodyThatComesBitByBit_IsRefused_AndNotPaidFor()
    {
        var key = await shared.Gateway.CreateKeyAsync();
        using var raw = await RawClient.ConnectAsync(shared.Gateway);
        await raw.SendAsync(string.Create(
            CultureInfo.InvariantCulture, $"POST /v1/responses HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {key.Text}\r\nContent-Length: {TestKey.Hello.Length}\r\n\r\n{TestKey.Hello[..5]}"));

        // Below 240 bytes a second for 5 s Kestrel gives up.
        (await raw.ReadToEndAsync(TimeSpan.FromSeconds(30))).Should().StartWith("HTTP/1.1 408 ").And.Contain("\"type\":\"invalid_request_error\"");
        (await key.ReadAsync()).Should().Be(new TestAccount(UsdTicks.FromUsd(5), UsdTicks.Zero, 0));
    }
}
