using System.Net;
using System.Text.Json;
using LlmTr.Api.Tests.Running;
using LlmTr.Money;
using LlmTr.XaiSimulator.Control;

namespace LlmTr.Api.Tests.Audio;

/// <summary>Speech: its cost is known beforehand, and charged exactly when xAI answers with audio.</summary>
public sealed class SpeechTests : IAsyncLifetime
{
    private const long PerCharacter = 150_000;

    private static readonly UsdTicks FiveUsd = UsdTicks.FromUsd(5);

    private TestGateway _gateway = null!;
    private TestKey _key = null!;

    public async Task InitializeAsync()
    {
        _gateway = await TestGateway.StartAsync();
        _key = await _gateway.CreateKeyAsync();
    }

    public async Task DisposeAsync() => await _gateway.DisposeAsync();

    [Fact]
    public async Task Speech_IsStreamedAsItCame_AndChargedByTheCharacter()
    {
        using var response = await _key.SpeakAsync(AudioRequests.Speech);

        response.StatusCode.Should().Be(HttpStatusCode.OK);
        response.Content.Headers.ContentType!.MediaType.Should().Be("audio/mpeg");
        response.Header("X-LLMTR-Cost-USD").Should().Be(AudioRequests.Usd(7 * PerCharacter));
        response.Header("X-LLMTR-Balance-USD").Should().Be((FiveUsd - new UsdTicks(7 * PerCharacter)).ToUsdString());
        var audio = await response.Content.ReadAsByteArrayAsync();
        audio.Length.Should().Be((int)_gateway.Xai.Requests.Single().BytesSent);
        audio[0].Should().Be(0xFF);
        _gateway.Xai.Requests.Single().Billed.Value.Should().Be(7 * PerCharacter);
        (await _key.EntriesAsync()).Should().Equal(("hold_placed", 7 * PerCharacter, null), ("hold_settled", 7 * PerCharacter, "catalogue"));
    }

    [Fact]
    public async Task Request_IsMappedToXaisOwnFields()
    {
        using var response = await _key.SpeakAsync(
            """{"model":"grok-voice-tts","input":"a\"\u00e7\ud83d\ude00","voice":"ARA","language":"TR","response_format":"mp3","speed":1.25,"sample_rate":44100,"bit_rate":64000,"stream_format":"audio"}""");
        response.EnsureSuccessStatusCode();

        JsonElement.DeepEquals(_gateway.Sent(), JsonSerializer.Deserialize<JsonElement>(
            """{"text":"a\"ç😀","voice_id":"ara","language":"tr","output_format":{"codec":"mp3","sample_rate":44100,"bit_rate":64000},"speed":1.25}""")).Should().BeTrue();
        _gateway.Xai.Requests.Single().UnknownFields.Should().BeEmpty();
    }

    [Fact]
    public async Task WhatIsLeftOut_GetsTheDefaults()
    {
        using var response = await _key.SpeakAsync("""{"model":"xai/grok-voice-tts","input":"a","voice":null,"speed":null}""");
        response.EnsureSuccessStatusCode();

        JsonElement.DeepEquals(_gateway.Sent(), JsonSerializer.Deserialize<JsonElement>("""{"text":"a","voice_id":"eve","language":"auto","output_format":{"codec":"mp3"}}""")).Should().BeTrue();
    }

    [Theory]
    [InlineData("mp3", "audio/mpeg")]
    [InlineData("wav", "audio/wav")]
    [InlineData("pcm", "audio/pcm")]
    [InlineData("mulaw", "audio/basic")]
    [InlineData("alaw", "audio/alaw")]
    public async Task EveryFormat_HasItsContentType(string format, string type)
    {
        using var response = await _key.SpeakAsync($$"""{"model":"xai/grok-voice-tts","input":"a","response_format":"{{format}}"}""");
        response.Content.Headers.ContentType!.MediaType.Should().Be(type);
    }

    [Theory]
    [InlineData("""
        "a"
        """, 1)]
    [InlineData("""
        "ç"
        """, 1)]
    [InlineData("""
        "😀"
        """, 1)]
    [InlineData("""
        "\ud83d\ude00\uD83D\uDE00"
        """, 2)]
    [InlineData("""
        "e\u0301"
        """, 2)]
    [InlineData("""
        "\n\t\"\\\/\u0000"
        """, 6)]
    public async Task Characters_AreUnicodeScalarValues(string input, long characters)
    {
        using var response = await _key.SpeakAsync($$"""{"model":"xai/grok-voice-tts","input":{{input}}}""");
        response.EnsureSuccessStatusCode();

        _gateway.Xai.Requests.Single().Billed.Value.Should().Be(characters * PerCharacter);
        (await _key.EntriesAsync()).Last().Ticks.Should().Be(characters * PerCharacter);
    }

    [Fact]
    public async Task LongestText_IsTaken_AndOneMoreCharacterIsNot()
    {
        var longest = string.Concat(Enumerable.Repeat("😀", 15_000));
        using var taken = await _key.SpeakAsync($$"""{"model":"xai/grok-voice-tts","input":"{{longest}}"}""");
        taken.StatusCode.Should().Be(HttpStatusCode.OK);
        using var refused = await _key.SpeakAsync($$"""{"model":"xai/grok-voice-tts","input":"{{longest}}a"}""");

        (await refused.ErrorAsync()).Should().Be((400, "invalid_request_error", "input"));
        _gateway.Xai.Requests.Should().HaveCount(1);
    }

    [Theory]
    [InlineData("""{"input":"a"}""", 400, "invalid_request_error", "model")]
    [InlineData("""{"model":"xai/grok-voice-tts"}""", 400, "invalid_request_error", "input")]
    [InlineData("""{"model":"xai/grok-voice-tts","input":""}""", 400, "invalid_request_error", "input")]
    [InlineData("""{"model":"xai/grok-voice-tts","input":["a"]}""", 400, "invalid_request_error", "input")]
    [InlineData("""{"model":"xai/grok-voice-tts","input":"\ud83d"}""", 400, "invalid_request_error", null)]
    [InlineData("""{"model":"xai/grok-voice-tts","input":"a","voice":"alloy"}""", 400, "invalid_request_error", "voice")]
    [InlineData("""{"model":"xai/grok-voice-tts","input":"a","voice":7}""", 400, "invalid_request_error", "voice")]
    [InlineData("""{"model":"xai/grok-voice-tts","input":"a","language":"tlh"}""", 400, "invalid_request_error", "language")]
    [InlineData("""{"model":"xai/grok-voice-tts","input":"a","response_format":"opus"}""", 400, "invalid_request_error", "response_format")]
    [InlineData("""{"model":"xai/grok-voice-tts","input":"a","response_format":"aac"}""", 400, "invalid_request_error", "response_format")]
    [InlineData("""{"model":"xai/grok-voice-tts","input":"a","response_format":"flac"}""", 400, "invalid_request_error", "response_format")]
    [InlineData("""{"model":"xai/grok-voice-tts","input":"a","speed":0.69}""", 400, "invalid_request_error", "speed")]
    [InlineData("""{"model":"xai/grok-voice-tts","input":"a","speed":1.51}""", 400, "invalid_request_error", "speed")]
    [InlineData("""{"model":"xai/grok-voice-tts","input":"a","speed":"1"}""", 400, "invalid_request_error", "speed")]
    [InlineData("""{"model":"xai/grok-voice-tts","input":"a","sample_rate":11025}""", 400, "invalid_request_error", "sample_rate")]
    [InlineData("""{"model":"xai/grok-voice-tts","input":"a","bit_rate":1}""", 400, "invalid_request_error", "bit_rate")]
    [InlineData("""{"model":"xai/grok-voice-tts","input":"a","bit_rate":64000,"response_format":"wav"}""", 400, "invalid_request_error", "bit_rate")]
    [InlineData("""{"model":"xai/grok-voice-tts","input":"a","stream_format":"sse"}""", 400, "invalid_request_error", "stream_format")]
    [InlineData("""{"model":"xai/grok-voice-tts","input":"a","instructions":"x"}""", 400, "unsupported_capability", "instructions")]
    [InlineData("""{"model":"xai/grok-voice-tts","input":"a","with_timestamps":true}""", 400, "invalid_request_error", "with_timestamps")]
    [InlineData("""{"model":"xai/grok-voice-tts","input":"a","input":"b"}""", 400, "invalid_request_error", "input")]
    [InlineData("""{"model":"xai/grok-4.3","input":"a"}""", 400, "unsupported_operation", "model")]
    [InlineData("""{"model":"xai/none","input":"a"}""", 404, "model_not_found", "model")]
    [InlineData("""{"model":"xai/grok-voice-tts","input":"aaaa","max_budget_usd":0.00005}""", 402, "budget_exceeded", "max_budget_usd")]
    public async Task WhatIsWrong_IsRefusedByName_BeforeAnyMoneyMoves(string body, int status, string type, string? param)
    {
        using var response = await _key.SpeakAsync(body);

        (await response.ErrorAsync()).Should().Be((status, type, param));
        _gateway.Xai.Requests.Should().BeEmpty();
        (await _key.LedgerAsync()).Should().BeEmpty();
    }

    [Theory]
    [InlineData("wrong-type", 400)]
    [InlineData("credits", 503)]
    [InlineData("wrong-key", 503)]
    [InlineData("rate", 429)]
    [InlineData("capacity", 429)]
    public async Task RefusalOfXais_IsReleased_AndNeverSentAgain(string fault, int status)
    {
        _gateway.Xai.Enqueue(Behaviour.None.With("fault", fault));
        using var response = await _key.SpeakAsync(AudioRequests.Speech);

        ((int)response.StatusCode).Should().Be(status);
        _gateway.Xai.Requests.Should().HaveCount(1);
        (await _key.EntriesAsync()).Select(static entry => entry.Kind).Should().Equal("hold_placed", "hold_released");
    }

    [Theory]
    [InlineData("bad-gateway")]
    [InlineData("edge-520")]
    public async Task AnswerOfAnEdge_IsUnreconciled(string fault)
    {
        _gateway.Xai.Enqueue(Behaviour.None.With("fault", fault));
        using var response = await _key.SpeakAsync(AudioRequests.Speech);

        (await response.ErrorAsync()).Should().Be((502, "provider_error", null));
        (await _key.EntriesAsync()).Select(static entry => entry.Kind).Should().Equal("hold_placed", "unreconciled");
    }

    [Fact]
    public async Task SuccessWithAJsonError_IsAnError_AndReleased()
    {
        _gateway.Xai.Enqueue(Behaviour.None.With("body", """{"error":"speed must be between 0.7 and 1.5"}"""));
        using var response = await _key.SpeakAsync(AudioRequests.Speech);

        ((int)response.StatusCode).Should().BeGreaterThanOrEqualTo(400);
        response.Content.Headers.ContentType!.MediaType.Should().Be("application/json");
        (await _key.EntriesAsync()).Select(static entry => entry.Kind).Should().Equal("hold_placed", "hold_released");
    }

    [Theory]
    [InlineData("{\"audio\":\"AAAA\"}", "application/json")]
    [InlineData("<html></html>", "text/html")]
    public async Task SuccessThatIsNoAudio_IsUnreconciled(string body, string type)
    {
        _gateway.Xai.Enqueue(Behaviour.None.With("body", body).With("content_type", type));
        using var response = await _key.SpeakAsync(AudioRequests.Speech);

        (await response.ErrorAsync()).Should().Be((502, "provider_error", null));
        (await _key.EntriesAsync()).Select(static entry => entry.Kind).Should().Equal("hold_placed", "unreconciled");
    }

    [Fact]
    public async Task AudioThatNeverBegins_IsUnreconciled()
    {
        _gateway.Xai.Enqueue(Behaviour.None with { Cut = BreakPoint.Body, After = 0 });
        using var response = await _key.SpeakAsync(AudioRequests.Speech);

        (await response.ErrorAsync()).Should().Be((502, "provider_error", null));
        (await _key.EntriesAsync()).Select(static entry => entry.Kind).Should().Equal("hold_placed", "unreconciled");
    }

    [Fact]
    public async Task AudioThatBreaksOff_IsCharged_AndDoesNotLookWhole()
    {
        _gateway.Xai.Enqueue(Behaviour.None with { Cut = BreakPoint.Body, After = 500 });

        // The break may overtake the little that came before it.
        await FluentActions.Awaiting(async () =>
        {
            using var response = await _key.SpeakAsync(AudioRequests.Speech);
            await response.Content.ReadAsByteArrayAsync();
        }).Should().ThrowAsync<HttpRequestException>();
        (await _key.EntriesAsync()).Should().Equal(("hold_placed", 7 * PerCharacter, null), ("hold_settled", 7 * PerCharacter, "catalogue"));
    }

    [Fact]
    public async Task Audio_ReachesTheClientPieceByPiece_AndTheChargeBeforeAnyOfIt()
    {
        _gateway.Xai.Enqueue(Behaviour.None with { Pieces = 4, Step = true });
        _gateway.Xai.Steps.Allow(1);
        using var response = await _key.SpeakAsync(AudioRequests.Speech);
        await using var audio = await response.Content.ReadAsStreamAsync();
        (await audio.ReadAsync(new byte[64 * 1024])).Should().BePositive("the first piece came while the others wait at xAI");
        (await _key.EntriesAsync()).Last().Kind.Should().Be("hold_settled");

        _gateway.Xai.Steps.Allow(3);
        using var rest = new MemoryStream();
        await audio.CopyToAsync(rest);
        rest.Length.Should().BePositive();
    }

    [Fact]
    public async Task ClientThatLeaves_IsCharged_AndXaiIsNotReadOn()
    {
        _gateway.Xai.Enqueue(Behaviour.None with { Pieces = 4, Step = true });
        _gateway.Xai.Steps.Allow(1);
        var response = await _key.SpeakAsync(AudioRequests.Speech);
        response.Dispose();

        _gateway.Xai.Steps.Allow(3);
        await _gateway.Xai.WaitForIdleAsync();
        (await _key.EntriesAsync()).Last().Should().Be(("hold_settled", 7 * PerCharacter, "catalogue"));
    }

    [Fact]
    public async Task Repeat_OfAnIdempotencyKey_IsNotChargedAgain()
    {
        using var first = await _key.SpeakAsync(AudioRequests.Speech, headers: ("Idempotency-Key", "once"));
        first.EnsureSuccessStatusCode();
        using var repeat = await _key.SpeakAsync(AudioRequests.Speech, headers: ("Idempotency-Key", "once"));

        var error = await repeat.ErrorAsync();
        (error.Status, error.Type).Should().Be((409, "idempotency_conflict"));
        _gateway.Xai.Requests.Should().HaveCount(1);
    }

    [Fact]
    public async Task DryRun_TellsTheExactPrice()
    {
        using var response = await _key.SpeakAsync(AudioRequests.Speech, headers: ("X-LLMTR-Dry-Run", "true"));

        (await response.JsonAsync()).Number("quote_ticks").Should().Be(7 * PerCharacter);
        _gateway.Xai.Requests.Should().BeEmpty();
    }

    [Fact]
    public async Task TooLittleMoney_IsA402_AndNothingIsSent()
    {
        var poor = await _gateway.CreateKeyAsync("0.0001");
        using var response = await poor.SpeakAsync(AudioRequests.Speech);

        (await response.ErrorAsync()).Should().Be((402, "insufficient_balance", null));
        _gateway.Xai.Requests.Should().BeEmpty();
    }
}
