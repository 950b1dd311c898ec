using System.Buffers;
using System.Text;
using LlmTr.Xai.Audio;

namespace LlmTr.Xai.Tests.Audio;

public sealed class TranscriptReadingTests
{
    [Fact]
    public void Transcript_IsReadInOnePass()
    {
        var reading = Read("""{"text":"a b","language":"en","duration":3.7,"words":[{"text":"a","start":0.1,"end":0.4},{"text":"b","start":0.5,"end":1.25}]}""");
        reading.IsTranscript.Should().BeTrue();
        reading.IsErrorEnvelope.Should().BeFalse();
        reading.Duration.Should().Be(new AudioLength(3_700_000_000));
        reading.LastWordEnd.Should().Be(new AudioLength(1_250_000_000));
    }

    [Theory]
    [InlineData("""{"text":"a"}""")]
    [InlineData("""{"text":"a","duration":null}""")]
    [InlineData("""{"text":"a","duration":"3.7"}""")]
    [InlineData("""{"text":"a","duration":-1}""")]
    [InlineData("""{"text":"a","duration":{"seconds":3}}""")]
    [InlineData("""{"text":"a","nested":{"duration":3}}""")]
    public void DurationThatIsNone_IsNull(string json) => Read(json).Duration.Should().BeNull();

    [Theory]
    [InlineData("""{"code":"x","error":"y"}""", true)]
    [InlineData("""{"error":{"message":"y"}}""", true)]
    [InlineData("""{"text":"a","error":null}""", false)]
    [InlineData("""{"duration":3}""", false)]
    public void Error_IsToldFromATranscript(string json, bool isError) => Read(json).IsErrorEnvelope.Should().Be(isError);

    [Theory]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("""{"text":"a" """)]
    [InlineData("""{"text":"a"} x""")]
    public void WhatIsNoObject_IsNotRead(string json) => TranscriptReading.TryRead(Encoding.UTF8.GetBytes(json), out _).Should().BeFalse();

    [Theory]
    [InlineData(
        """{"text":"a","duration":3.70,"words":[{"text":"a\u0041","start":0.1,"end":0.4,"speaker":0},{"start":1},7,{"text":"b","word":"c"}],"x":{"words":[{"text":"d"}]}}""",
        """{"text":"a","duration":3.70,"words":[{"word":"a\u0041","text":"a\u0041","start":0.1,"end":0.4,"speaker":0},{"start":1},7,{"text":"b","word":"c"}],"x":{"words":[{"text":"d"}]},"usage":{"u":1}}""")]
    [InlineData("""{"usage":{"old":1},"text":"a","words":[]}""", """{"text":"a","words":[],"usage":{"u":1}}""")]
    [InlineData("""{"text":"a","words":null}""", """{"text":"a","words":null,"usage":{"u":1}}""")]
    [InlineData("{}", """{"usage":{"u":1}}""")]
    public void Transcript_GoesOnAsItCame_WithUsage_AndWordBesideText(string json, string expected)
    {
        var writer = new ArrayBufferWriter<byte>();
        TranscriptReading.Write(Encoding.UTF8.GetBytes(json), "{\"u\":1}"u8, writer);
        Encoding.UTF8.GetString(writer.WrittenSpan).Should().Be(expected);
    }

    private static TranscriptReading Read(string json)
    {
        TranscriptReading.TryRead(Encoding.UTF8.GetBytes(json), out var reading).Should().BeTrue();
        return reading;
    }
}
