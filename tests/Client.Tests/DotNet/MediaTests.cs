using LlmTr.Client.Tests.Running;
using OpenAI.Audio;
using OpenAI.Images;
using OpenAI.Models;

namespace LlmTr.Client.Tests.DotNet;

/// <summary>Images, voice and models by the package from NuGet.</summary>
[Collection(DotNetGateway.Name)]
public sealed class MediaTests(ClientGateway gateway)
{
    [Fact]
    public async Task Images_AreMade_AndChargedOnce()
    {
        var scenario = await gateway.BeginAsync();

        GeneratedImageCollection images = await scenario.Open().GetImageClient(Clients.Imagine).GenerateImagesAsync(
            "A cat", 2, new ImageGenerationOptions { ResponseFormat = GeneratedImageFormat.Bytes, Size = GeneratedImageSize.W1024xH1024, Quality = GeneratedImageQuality.Standard });

        images.Should().HaveCount(2).And.OnlyContain(static image => image.ImageBytes.IsJpeg());
        await scenario.ChargesShouldBeAsync(1);
    }

    [Fact]
    public async Task Image_ComesAsAnAddressByDefault()
    {
        var scenario = await gateway.BeginAsync();

        GeneratedImage image = await scenario.Open().GetImageClient(Clients.Imagine).GenerateImageAsync("A cat");

        image.ImageUri.Should().NotBeNull();
        await scenario.ChargesShouldBeAsync(1);
    }

    [Fact]
    public async Task ImageEdit_IsMade_AndChargedOnce()
    {
        var scenario = await gateway.BeginAsync();
        using var picture = new MemoryStream(Samples.Png);

        GeneratedImage image = await scenario.Open().GetImageClient(Clients.Imagine).GenerateImageEditAsync(
            picture, "a.png", "A hat", new ImageEditOptions { ResponseFormat = GeneratedImageFormat.Bytes });

        image.ImageBytes.IsJpeg().Should().BeTrue();
        await scenario.ChargesShouldBeAsync(1);
    }

    [Fact]
    public async Task Speech_IsSpoken_AndChargedOnce()
    {
        var scenario = await gateway.BeginAsync();

        BinaryData speech = await scenario.Open().GetAudioClient("xai/grok-voice-tts").GenerateSpeechAsync(
            "Merhaba", new GeneratedSpeechVoice("eve"), new SpeechGenerationOptions { ResponseFormat = GeneratedSpeechFormat.Wav, SpeedRatio = 1.2f });

        speech.ToArray().AsSpan().StartsWith("RIFF"u8).Should().BeTrue();
        await scenario.ChargesShouldBeAsync(1);
    }

    [Fact]
    public async Task Transcription_IsWritten_AndChargedOnce()
    {
        var scenario = await gateway.BeginAsync();
        using var wave = Samples.Wave();

        AudioTranscription transcription = await scenario.Open().GetAudioClient("xai/grok-voice-stt").TranscribeAudioAsync(
            wave, "a.wav", new AudioTranscriptionOptions { ResponseFormat = AudioTranscriptionFormat.Verbose, TimestampGranularities = AudioTimestampGranularities.Word | AudioTimestampGranularities.Segment });

        transcription.Text.Should().Be("Merhaba dünya.");
        transcription.Duration.Should().Be(TimeSpan.FromSeconds(2));
        transcription.Words.Select(static word => word.Word).Should().Equal("Merhaba", "dünya.");
        transcription.Segments.Should().ContainSingle();
        await scenario.ChargesShouldBeAsync(1);
    }

    [Fact]
    public async Task Transcription_WithNothingAskedFor_IsWritten()
    {
        var scenario = await gateway.BeginAsync();
        using var wave = Samples.Wave();

        AudioTranscription transcription = await scenario.Open().GetAudioClient("xai/grok-voice-stt").TranscribeAudioAsync(wave, "a.wav");

        transcription.Text.Should().Be("Merhaba dünya.");
        await scenario.ChargesShouldBeAsync(1);
    }

    [Fact]
    public async Task Models_AreListed_AndFound()
    {
        var scenario = await gateway.BeginAsync();
        var client = scenario.Open().GetOpenAIModelClient();

        OpenAIModelCollection models = await client.GetModelsAsync();
        OpenAIModel model = await client.GetModelAsync(Clients.Text);

        models.Select(static each => each.Id).Should().Contain([Clients.Text, Clients.Imagine]);
        model.Id.Should().Be(Clients.Text);
        await scenario.ChargesShouldBeAsync(0);
    }
}
