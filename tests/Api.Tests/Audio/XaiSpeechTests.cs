using System.Text.Json;
using LlmTr.Api.Tests.Running;
using LlmTr.Money;

namespace LlmTr.Api.Tests.Audio;

/// <summary>Speech in xAI's own shape.</summary>
public sealed class XaiSpeechTests : IAsyncLifetime
{
    private const string Path = "/v1/tts";

    private TestGateway _gateway = null!;
    private TestKey _key = null!;

    public async Task InitializeAsync()
    {
        _gateway = await TestGateway.StartAsync();
        _key = await _gateway.CreateKeyAsync();
    }

    public async Task DisposeAsync() => await _gateway.DisposeAsync();

    [Fact]
    public async Task Speech_GoesOnAsItCame_AndIsChargedByTheCharacter()
    {
        using var response = await PostAsync(
            """{"text":"Merhaba","voice_id":"ara","language":"tr","output_format":{"codec":"mp3","sample_rate":44100,"bit_rate":64000},"speed":1.2,"optimize_streaming_latency":0,"with_timestamps":false}""");

        response.EnsureSuccessStatusCode();
        response.Content.Headers.ContentType!.MediaType.Should().Be("audio/mpeg");
        response.Header("X-LLMTR-Cost-USD").Should().Be("0.000105");
        JsonElement.DeepEquals(JsonSerializer.Deserialize<JsonElement>(_gateway.Xai.Requests.Single().BodyText), JsonSerializer.Deserialize<JsonElement>(
            """{"text":"Merhaba","voice_id":"ara","language":"tr","output_format":{"codec":"mp3","sample_rate":44100,"bit_rate":64000},"speed":1.2}""")).Should().BeTrue();
        (await _key.SettledLedgerAsync()).Select(static entry => entry.Number("amount_ticks")).Should().Equal(1_050_000, 1_050_000);
    }

    [Theory]
    [InlineData("""{"language":"tr"}""", "text")]
    [InlineData("""{"text":"a","voice_id":"nobody"}""", "voice_id")]
    [InlineData("""{"text":"a","model":"grok-voice-tts"}""", "model")]
    [InlineData("""{"text":"a","input":"a"}""", "input")]
    [InlineData("""{"text":"a","output_format":"mp3"}""", "output_format")]
    [InlineData("""{"text":"a","output_format":{}}""", "output_format.codec")]
    [InlineData("""{"text":"a","output_format":{"codec":"opus"}}""", "output_format.codec")]
    [InlineData("""{"text":"a","output_format":{"codec":"wav","bit_rate":64000}}""", "output_format.bit_rate")]
    [InlineData("""{"text":"a","output_format":{"codec":"wav","sample_rate":1}}""", "output_format.sample_rate")]
    [InlineData("""{"text":"a","speed":3}""", "speed")]
    [InlineData("""{"text":"a","with_timestamps":true}""", "with_timestamps")]
    [InlineData("""{"text":"a","optimize_streaming_latency":1}""", "optimize_streaming_latency")]
    [InlineData("""{"text":"a","text_normalization":true}""", "text_normalization")]
    [InlineData("""{"text":"a","replace":{"a":"b"}}""", "replace")]
    public async Task WhatCannotBe_IsRefusedByName(string body, string param)
    {
        using var response = await PostAsync(body);

        var error = await response.ErrorAsync();
        (error.Status, error.Param).Should().Be((400, param));
        _gateway.Xai.Requests.Should().BeEmpty();
        (await _key.ReadAsync()).Should().Be(new TestAccount(UsdTicks.FromUsd(5), UsdTicks.Zero, 0));
    }

    private Task<HttpResponseMessage> PostAsync(string body) => _gateway.SendAsync(HttpMethod.Post, Path, _key.Text, body);
}
