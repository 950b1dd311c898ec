using System.Net;
using LlmTr.Api.Tests.Audio;
using LlmTr.Api.Tests.Http;
using LlmTr.Api.Tests.Running;
using LlmTr.Api.Tests.Video;

namespace LlmTr.Api.Tests.Metering;

/// <summary>Who sends the header does not want to pay: what it could mean by another value is not guessed, least of all as a call that is charged.</summary>
public sealed class DryRunHeaderTests : IAsyncLifetime
{
    private const string Header = "X-LLMTR-Dry-Run";

    private static readonly (string Path, string Body)[] Charged =
    [
        ("/v1/responses", TestKey.Hello),
        ("/v1/images/generations", """{"model":"xai/grok-imagine-image","prompt":"x"}"""),
        (AudioRequests.SpeechPath, AudioRequests.Speech),
        (AudioRequests.TranscriptionPath, """{"model":"xai/grok-voice-stt","audio_base64":"SUQzBAAAAAA="}"""),
        (VideoGateway.Path, VideoGateway.Clip),
        ("/v1/videos/generations", """{"model":"grok-imagine-video","prompt":"x","duration":1}"""),
    ];

    private TestGateway _gateway = null!;
    private TestKey _key = null!;

    public async Task InitializeAsync()
    {
        _gateway = await TestGateway.StartAsync();
        _key = await _gateway.CreateKeyAsync();
    }

    public async Task DisposeAsync() => await _gateway.DisposeAsync();

    [Theory]
    [InlineData("1")]
    [InlineData("yes")]
    [InlineData("")]
    [InlineData("true, true")]
    [InlineData("true,false")]
    public async Task AnyOtherValue_IsRefused_AndCostsNothing(string value)
    {
        foreach (var (path, body) in Charged)
        {
            using var response = await _gateway.SendAsync(HttpMethod.Post, path, _key.Text, body, default, (Header, value));
            (path, await response.ErrorAsync()).Should().Be((path, (400, "invalid_request_error", Header)));
        }

        await NothingWasSentAsync();
    }

    [Fact]
    public async Task Header_SentTwice_IsRefused_AndCostsNothing()
    {
        foreach (var (path, body) in Charged)
        {
            var answer = await RawClient.ExchangeAsync(
                _gateway,
                $"POST {path} HTTP/1.1\r\nHost: test\r\nConnection: close\r\nAuthorization: Bearer {_key.Text}\r\n{Header}: true\r\n{Header}: true\r\nContent-Length: {body.Length}\r\n\r\n{body}");
            answer.Should().StartWith("HTTP/1.1 400 ", path).And.Contain(Header);
        }

        await NothingWasSentAsync();
    }

    [Theory]
    [InlineData("true")]
    [InlineData("True")]
    [InlineData("TRUE")]
    public async Task True_IsADryRun_InAnyCase(string value)
    {
        foreach (var (path, body) in Charged)
        {
            using var response = await _gateway.SendAsync(HttpMethod.Post, path, _key.Text, body, default, (Header, value));
            (await response.JsonAsync()).Number("quote_ticks").Should().BePositive();
        }

        await NothingWasSentAsync();
    }

    [Fact]
    public async Task False_IsACallLikeAnyOther()
    {
        using var response = await _gateway.SendAsync(HttpMethod.Post, "/v1/responses", _key.Text, TestKey.Hello, default, (Header, "false"));

        response.StatusCode.Should().Be(HttpStatusCode.OK);
        (await _key.SettledLedgerAsync()).Select(static entry => entry.Text("kind")).Should().Equal("hold_placed", "hold_settled");
    }

    private async Task NothingWasSentAsync()
    {
        _gateway.Xai.Requests.Should().BeEmpty();
        (await _key.LedgerAsync()).Should().BeEmpty();
    }
}
