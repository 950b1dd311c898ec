using LlmTr.Api.Tests.Running;

namespace LlmTr.Api.Tests.Audio;

/// <summary>Forms as OpenAI's clients send them.</summary>
public sealed class OpenAITranscriptionTests(SharedGateway shared) : IClassFixture<SharedGateway>
{
    [Theory]
    [InlineData("text", "text/plain", "Merhaba dünya.\n")]
    [InlineData("srt", "text/plain", "1\n00:00:00,000 --> 00:00:03,700\nMerhaba dünya.\n\n")]
    [InlineData("vtt", "text/vtt", "WEBVTT\n\n00:00:00.000 --> 00:00:03.700\nMerhaba dünya.\n\n")]
    public async Task ResponseFormat_IsWhatComes_AndCostsTheSame(string format, string mediaType, string expected)
    {
        using var response = await shared.Key.UploadAsync(AudioRequests.Wave(3700), ("model", "xai/grok-voice-stt"), ("response_format", format));

        (await response.Content.ReadAsStringAsync()).Should().Be(expected);
        response.Content.Headers.ContentType!.MediaType.Should().Be(mediaType);
        response.Header("X-LLMTR-Cost-USD").Should().Be(AudioRequests.Usd(AudioRequests.TicksOf(3700)));
    }

    [Fact]
    public async Task VerboseJson_TakesGranularitiesAndHints_AndNamesThem()
    {
        using var response = await shared.Key.UploadAsync(
            AudioRequests.Wave(1000),
            ("model", "grok-voice-stt"), ("response_format", "verbose_json"), ("timestamp_granularities[]", "word"), ("timestamp_granularities[]", "segment"),
            ("temperature", "0.2"), ("chunking_strategy[type]", "server_vad"), ("chunking_strategy[threshold]", "0.5"), ("stream", "false"));

        var json = await response.JsonAsync();
        json.GetProperty("segments")[0].Text("text").Should().Be("Merhaba dünya.");
        json.GetProperty("words")[1].Text("word").Should().Be("dünya.");
        json.GetProperty("usage").Number("cost_in_usd_ticks").Should().Be(AudioRequests.TicksOf(1000));
        response.Header("X-LLMTR-Ignored-Fields").Should().Be("temperature, chunking_strategy, timestamp_granularities");
    }

    [Theory]
    [InlineData("response_format", "diarized_json", "response_format")]
    [InlineData("stream", "true", "stream")]
    [InlineData("include[]", "logprobs", "include[]")]
    [InlineData("diarize", "true", "diarize")]
    public async Task WhatHasNoCounterpart_IsRefusedByName(string field, string value, string param)
    {
        using var response = await shared.Key.UploadAsync(AudioRequests.Wave(100), ("model", "grok-voice-stt"), (field, value));

        var error = await response.ErrorAsync();
        (error.Status, error.Param).Should().Be((400, param));
    }

    [Fact]
    public async Task XaisOwnPath_NeedsNoModel()
    {
        using var response = await shared.Key.UploadToAsync("/v1/stt", AudioRequests.Wave(2000), ("language", "tr"), ("format", "true"), ("diarize", "false"));

        (await response.JsonAsync()).GetProperty("words")[0].Text("text").Should().Be("Merhaba");
        response.Header("X-LLMTR-Cost-USD").Should().Be(AudioRequests.Usd(AudioRequests.TicksOf(2000)));
    }

    [Theory]
    [InlineData("model", "grok-stt")]
    [InlineData("response_format", "srt")]
    [InlineData("diarize", "true")]
    [InlineData("keyterm", "llmtr")]
    public async Task XaisOwnPath_RefusesByName(string field, string value)
    {
        using var response = await shared.Key.UploadToAsync("/v1/stt", AudioRequests.Wave(100), (field, value));

        (await response.ErrorAsync()).Should().Be((400, "unsupported_capability", field));
    }
}
