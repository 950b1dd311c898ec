using System.Text.RegularExpressions;
using LlmTr.Api.Tests.Running;
using LlmTr.Money;

namespace LlmTr.Api.Tests.Http;

/// <summary>
/// Requests that two servers could read differently are refused, and the connection closed: nothing that hides behind them is taken for a request of its own. Kestrel keeps these
/// rules (RFC 9112); the tests hold it to them.
/// </summary>
public sealed partial class SmugglingTests(SharedGateway shared) : IClassFixture<SharedGateway>
{
    // What hides: taken for a request, it would be answered 200.
    private const string Hidden = "GET /health/live HTTP/1.1\r\nHost: x\r\n\r\n";

    public static TheoryData<string, string> Ambiguous { get; } = new()
    {
        { "two lengths", $"POST /v1/responses HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\nContent-Length: {Hidden.Length}\r\n\r\n{Hidden}" },
        { "two lengths in one line", $"POST /v1/responses HTTP/1.1\r\nHost: x\r\nContent-Length: 0, {Hidden.Length}\r\n\r\n{Hidden}" },
        { "negative length", $"POST /v1/responses HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n{Hidden}" },
        { "length that is no number", $"POST /v1/responses HTTP/1.1\r\nHost: x\r\nContent-Length: 0x5\r\n\r\n{Hidden}" },
        { "length beyond 64 bits", $"POST /v1/responses HTTP/1.1\r\nHost: x\r\nContent-Length: 99999999999999999999\r\n\r\n{Hidden}" },
        { "unknown coding", $"POST /v1/responses HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: xchunked\r\n\r\n{Hidden}" },
        { "chunked not last", $"POST /v1/responses HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n{Hidden}" },
        { "chunk size that is no number", $"POST /v1/responses HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n{Hidden}" },
        { "chunk size beyond 64 bits", $"POST /v1/responses HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nfffffffffffffffff\r\n{Hidden}" },
        { "chunk longer than its size", $"POST /v1/responses HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nabcdef\r\n0\r\n\r\n{Hidden}" },
        { "folded header", $"POST /v1/responses HTTP/1.1\r\nHost: x\r\nX-A: b\r\n Content-Length: {Hidden.Length}\r\n\r\n{Hidden}" },
        { "space before the colon", $"POST /v1/responses HTTP/1.1\r\nHost: x\r\nContent-Length : {Hidden.Length}\r\n\r\n{Hidden}" },
        { "space before the name", $"POST /v1/responses HTTP/1.1\r\n Host: x\r\n\r\n{Hidden}" },
        { "zero byte in a header", $"POST /v1/responses HTTP/1.1\r\nHost: x\r\nX-A: b\0c\r\n\r\n{Hidden}" },
        { "bare CR in a header", $"POST /v1/responses HTTP/1.1\r\nHost: x\r\nX-A: b\rContent-Length: 5\r\n\r\n{Hidden}" },
        { "header without a colon", $"POST /v1/responses HTTP/1.1\r\nHost: x\r\nnonsense\r\n\r\n{Hidden}" },
        { "two hosts", $"GET /v1/balance HTTP/1.1\r\nHost: x\r\nHost: y\r\n\r\n{Hidden}" },
        { "no host", $"GET /v1/balance HTTP/1.1\r\n\r\n{Hidden}" },
        { "host that is none", $"GET /v1/balance HTTP/1.1\r\nHost: a/b\r\n\r\n{Hidden}" },
        { "unknown version", $"GET /v1/balance HTTP/1.9\r\nHost: x\r\n\r\n{Hidden}" },
        { "no version", $"GET /v1/balance\r\nHost: x\r\n\r\n{Hidden}" },
        { "method that is none", $"GE(T /v1/balance HTTP/1.1\r\nHost: x\r\n\r\n{Hidden}" },
    };

    [Theory]
    [MemberData(nameof(Ambiguous))]
    public async Task AmbiguousRequest_IsRefused_AndNothingHidesBehindIt(string what, string request)
    {
        var answer = await RawClient.ExchangeAsync(shared.Gateway, request);

        Statuses(answer).Should().NotBeEmpty("{0} is answered", what).And.OnlyContain(static status => status >= 400 && (status < 500 || status == 505)).And.HaveCount(1);
    }

    [Fact]
    public async Task LengthAndChunks_ChunksCount_AndTheConnectionIsNotUsedAgain()
    {
        // Read by its length, the body would end within the hidden request; RFC 9112 6.1 lets a server go by the chunks, if it closes.
        var answer = await RawClient.ExchangeAsync(
            shared.Gateway, $"POST /v1/responses HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n{Hidden}");

        Statuses(answer).Should().ContainSingle().Which.Should().BeInRange(400, 499);
    }

    [Fact]
    public async Task LengthWithASign_IsReadAsItsNumber_WhichMustBeKnownOfWhatStandsInFront()
    {
        // Not of RFC 9110, and taken by Kestrel, which keeps no trace of the sign. A proxy that forwards it must read it so too; nginx refuses it.
        var answer = await RawClient.ExchangeAsync(shared.Gateway, $"POST /v1/responses HTTP/1.1\r\nHost: x\r\nContent-Length: +{Hidden.Length}\r\nConnection: close\r\n\r\n{Hidden}");

        Statuses(answer).Should().Equal(401);
    }

    [Fact]
    public async Task MethodOverride_IsNotHeard()
    {
        var answer = await RawClient.ExchangeAsync(
            shared.Gateway, "POST /health/live HTTP/1.1\r\nHost: x\r\nX-HTTP-Method-Override: GET\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");

        Statuses(answer).Should().Equal(405);
    }

    [Fact]
    public async Task PathInOtherSpelling_DoesNotPassTheAdminGuard()
    {
        foreach (var path in (string[])["/ADMIN/v1/keys", "/admin//v1/keys", "//admin/v1/keys", "/v1/../admin/v1/keys", "/v1/%2e%2e/admin/v1/keys", "/./admin/v1/keys", "/%61dmin/v1/keys", "/admin%2fv1/keys", "/admin;/v1/keys", "http://x/admin/v1/keys"])
        {
            var answer = await RawClient.ExchangeAsync(shared.Gateway, $"GET {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
            Statuses(answer).Should().ContainSingle("{0} is one request", path).Which.Should().BeOneOf(400, 401, 404);
        }
    }

    [Fact]
    public async Task NothingOfIt_WasCharged()
    {
        foreach (var request in Ambiguous.Select(static row => (string)row[1]))
            await RawClient.ExchangeAsync(shared.Gateway, request.Replace("Host: x\r\n", $"Host: x\r\nAuthorization: Bearer {shared.Key.Text}\r\n", StringComparison.Ordinal));

        (await shared.Key.ReadAsync()).Should().Be(new TestAccount(UsdTicks.FromUsd(5), UsdTicks.Zero, 0));
    }

    private static IReadOnlyList<int> Statuses(string answer) => [.. StatusLine().Matches(answer).Select(static match => int.Parse(match.Groups[1].ValueSpan, System.Globalization.CultureInfo.InvariantCulture))];

    [GeneratedRegex(@"HTTP/1\.1 (\d{3})")]
    private static partial Regex StatusLine();
}
