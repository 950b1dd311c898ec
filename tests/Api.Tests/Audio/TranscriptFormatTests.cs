using System.Buffers;
using System.Text;
using System.Text.Json;
using LlmTr.Api.Audio.Transcriptions.Formats;
using LlmTr.Xai.Audio;

namespace LlmTr.Api.Tests.Audio;

/// <summary>What is made of xAI's words, to the byte.</summary>
public sealed class TranscriptFormatTests
{
    private const string Two = """
        {"text":"Merhaba dünya. Nasılsın?","language":"tr","duration":3.7,"words":[{"text":"Merhaba","start":0.121,"end":0.642},{"text":"dünya.","start":0.784,"end":1.3655},
        {"text":"Nasılsın?","start":3661.5,"end":3662}]}
        """;

    [Fact]
    public void Text_IsTheTextAlone() => Written(TranscriptFormat.Text, Two).Should().Be("Merhaba dünya. Nasılsın?\n");

    [Fact]
    public void Srt_NumbersItsCues() => Written(TranscriptFormat.Srt, Two).Should().Be(
        "1\n00:00:00,121 --> 00:00:01,365\nMerhaba dünya.\n\n2\n01:01:01,500 --> 01:01:02,000\nNasılsın?\n\n");

    [Fact]
    public void Vtt_HasAHead_AndPoints() => Written(TranscriptFormat.Vtt, Two).Should().Be(
        "WEBVTT\n\n00:00:00.121 --> 00:00:01.365\nMerhaba dünya.\n\n01:01:01.500 --> 01:01:02.000\nNasılsın?\n\n");

    [Fact]
    public void Verbose_HasSegmentsWordsAndUsage() => Written(TranscriptFormat.VerboseJson, Two).Should().Be(
        """{"task":"transcribe","language":"tr","duration":3.7,"text":"Merhaba dünya. Nasılsın?","segments":["""
        + """{"id":0,"seek":0,"start":0.121,"end":1.3655,"text":"Merhaba dünya.","tokens":[],"temperature":0,"avg_logprob":0,"compression_ratio":0,"no_speech_prob":0},"""
        + """{"id":1,"seek":0,"start":3661.5,"end":3662,"text":"Nasılsın?","tokens":[],"temperature":0,"avg_logprob":0,"compression_ratio":0,"no_speech_prob":0}],"words":["""
        + """{"word":"Merhaba","start":0.121,"end":0.642},{"word":"dünya.","start":0.784,"end":1.3655},{"word":"Nasılsın?","start":3661.5,"end":3662}],"usage":{"u":1}}""");

    [Fact]
    public void WithoutWords_TheWholeAudioIsOneCue() => Written(TranscriptFormat.Srt, """{"text":"a\n b","duration":3.7}""").Should().Be("1\n00:00:00,000 --> 00:00:03,700\na b\n\n");

    [Theory]
    [InlineData(TranscriptFormat.Srt, "")]
    [InlineData(TranscriptFormat.Vtt, "WEBVTT\n\n")]
    [InlineData(TranscriptFormat.Text, "\n")]
    public void Silence_HasNoCues(object format, string expected) => Written((TranscriptFormat)format, """{"text":"","words":[]}""").Should().Be(expected);

    [Fact]
    public void Markup_InAVttCue_IsEscaped() => Written(TranscriptFormat.Vtt, """{"text":"a --> <b> & c","words":[]}""").Should().Contain("a --&gt; &lt;b&gt; &amp; c\n");

    [Fact]
    public void Cue_KeepsTheTextsOwnMarks_WhereWordsHaveNone() =>
        CuesOf("""{"text":"“Hello”, world — bye","words":[{"text":"Hello","start":0,"end":1},{"text":"world","start":1,"end":2},{"text":"bye","start":4,"end":5}]}""")
            .Should().Equal("“Hello”, world —", "bye");

    [Fact]
    public void Words_ThatAreNotTheTexts_AreJoined() =>
        CuesOf("""{"text":"It cost 25 euros","words":[{"text":"twenty","start":0,"end":1},{"text":"five","start":1,"end":2}]}""").Should().Equal("twenty five");

    [Fact]
    public void Cue_IsCut_WhereItGrowsTooLongToBeRead()
    {
        var words = string.Join(',', Enumerable.Range(0, 40).Select(static i => $$"""{"text":"abcdefghi","start":{{i}}e-1,"end":{{i}}.5e-1}"""));
        var cues = CuesOf($$"""{"text":"","words":[{{words}}]}""");
        cues.Should().HaveCount(5).And.AllSatisfy(static cue => cue.Length.Should().Be(79));
    }

    [Theory]
    [InlineData("""{"text":"a b","words":[{"text":"a","start":2,"end":1},{"text":"b","start":1}]}""")]
    [InlineData("""{"text":"a b","words":[{"text":"a"},7,null,{"text":"b","start":"x","end":-1}]}""")]
    public void Times_ThatMakeNoSense_NeverRunBackwards(string json)
    {
        var words = SpokenTranscript.Read(Encoding.UTF8.GetBytes(json)).Words;
        words.Should().HaveCount(2).And.AllSatisfy(static word => word.End.Nanoseconds.Should().BeGreaterThanOrEqualTo(word.Start.Nanoseconds));
        words[1].Start.Nanoseconds.Should().BeGreaterThanOrEqualTo(words[0].Start.Nanoseconds);
    }

    [Fact]
    public void EveryWord_IsInSomeCue_WhateverTheWords()
    {
        var dice = new Random(7);
        for (var round = 0; round < 500; round++)
        {
            var words = Enumerable.Range(0, dice.Next(1, 60)).Select(i => (Text: $"w{i}{(dice.Next(6) == 0 ? "." : "")}", At: i * dice.Next(0, 3))).ToArray();
            var json = JsonSerializer.Serialize(new { text = string.Join("  ", words.Select(static word => word.Text)), words = words.Select(static word => new { text = word.Text, start = word.At, end = word.At + 1 }) });
            string.Join(' ', CuesOf(json)).Should().Be(string.Join(' ', words.Select(static word => word.Text)));
        }
    }

    private static string[] CuesOf(string json) => [.. Cue.Of(SpokenTranscript.Read(Encoding.UTF8.GetBytes(json)), AudioLength.OfSeconds(9)).Select(static cue => cue.Text)];

    private static string Written(TranscriptFormat format, string json)
    {
        var writer = new ArrayBufferWriter<byte>();
        WrittenTranscript.Write(format, SpokenTranscript.Read(Encoding.UTF8.GetBytes(json)), new AudioLength(3_700_000_000), "{\"u\":1}"u8, writer);
        return Encoding.UTF8.GetString(writer.WrittenSpan);
    }
}
