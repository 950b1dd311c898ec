using System.Diagnostics;
using System.Net;
using System.Text.Json;
using LlmTr.Money;
using LlmTr.XaiSimulator.Control;
using LlmTr.XaiSimulator.Uploads;

namespace LlmTr.XaiSimulator.Tests;

/// <summary>Speech (xAI contract, sections 7.1 and 10.6, and the recorded exchange).</summary>
public sealed class SpeechTests : MediaTest
{
    private const string Path = "/v1/tts";
    private const string Captured = "Ruby is a programming language designed for developer happiness.";

    [Fact]
    public async Task Speech_OfTheCapturedText_HasTheCapturedLengthTypeAndHeaders()
    {
        using var response = await PostToAsync(Path, Say(Captured, "\"voice_id\":\"EVE\""));
        var audio = await response.Content.ReadAsByteArrayAsync(Bound);

        response.StatusCode.Should().Be(HttpStatusCode.OK);
        audio.Should().HaveCount(57_984);
        response.Content.Headers.ContentType!.ToString().Should().Be("audio/mpeg");
        response.Content.Headers.Contains("Content-Length").Should().BeFalse();
        response.Headers.TransferEncodingChunked.Should().BeTrue();
        Guid.TryParse(response.Headers.GetValues("X-Trace-Id").Single(), out _).Should().BeTrue();
        response.Headers.Contains("X-Request-Id").Should().BeFalse();
        response.Headers.Contains("X-Ratelimit-Limit-Requests").Should().BeFalse();
        (await LastAsync()).Billed.Should().Be(new UsdTicks(64 * 150_000));
    }

    [Fact]
    public async Task Speech_IsTheSameBytesForTheSameText_AndOthersForAnother()
    {
        var first = await AudioAsync(Say("a text"));

        (await AudioAsync(Say("a text"))).Should().Equal(first);
        (await AudioAsync(Say("b text"))).Should().NotEqual(first);
    }

    [Theory]
    [InlineData("mp3", 8_000, "audio/mpeg")]
    [InlineData("mp3", 16_000, "audio/mpeg")]
    [InlineData("mp3", 22_050, "audio/mpeg")]
    [InlineData("mp3", 24_000, "audio/mpeg")]
    [InlineData("mp3", 44_100, "audio/mpeg")]
    [InlineData("mp3", 48_000, "audio/mpeg")]
    [InlineData("wav", 8_000, "audio/wav")]
    [InlineData("wav", 48_000, "audio/wav")]
    public async Task Speech_InAContainer_PlaysAsLongAsTheTextTakes(string codec, int rate, string type)
    {
        using var response = await PostToAsync(Path, Say(Captured, Format(codec, rate)));
        var meter = new AudioMeter();
        meter.Add(await response.Content.ReadAsByteArrayAsync(Bound));

        response.Content.Headers.ContentType!.ToString().Should().Be(type);
        meter.Result().Container.Should().Be(codec);
        meter.Result().Milliseconds.Should().BeInRange(3_624, 3_700, "the last frame is filled up");
    }

    [Theory]
    [InlineData("pcm", 24_000, "audio/pcm", 2)]
    [InlineData("mulaw", 8_000, "audio/basic", 1)]
    [InlineData("alaw", 8_000, "audio/alaw", 1)]
    public async Task Speech_AsBareSamples_HasSoManyOfThem(string codec, int rate, string type, int sampleBytes)
    {
        using var response = await PostToAsync(Path, Say(Captured, Format(codec, rate)));

        response.Content.Headers.ContentType!.ToString().Should().Be(type);
        (await response.Content.ReadAsByteArrayAsync(Bound)).Should().HaveCount(3_624 * rate / 1000 * sampleBytes);
    }

    [Fact]
    public async Task Speech_GrowsWithTheText_AndShrinksWithTheSpeed()
    {
        var one = (await AudioAsync(Say(new string('a', 100)))).Length;

        (await AudioAsync(Say(new string('a', 1_000)))).Length.Should().BeInRange(9 * one, 11 * one);
        (await AudioAsync(Say(new string('a', 100), "\"speed\":1.25"))).Length.Should().BeInRange(one * 78 / 100, one * 82 / 100);
    }

    [Fact]
    public async Task Frames_AreNumbered_SoThatALostOneIsFoundOut()
    {
        var audio = await AudioAsync(Say(Captured));

        for (var i = 0; i < 151; i++)
            System.Text.Encoding.ASCII.GetString(audio, (i * 384) + 4 + 9 + 16, 8).Should().Be(i.ToString("D8", System.Globalization.CultureInfo.InvariantCulture));
    }

    [Theory]
    [InlineData("Merhaba dünya", 13)]
    [InlineData("😀😀", 2)]
    [InlineData("e\u0301", 2)]
    public async Task Characters_AreUnicodeScalarValues(string text, long characters)
    {
        await AudioAsync(Say(text));

        var request = await LastAsync();
        request.Billed.Should().Be(new UsdTicks(characters * 150_000));
        request.Facts["characters"].Should().Be($"{characters}");
    }

    [Theory]
    [InlineData("nobody", "eve")]
    [InlineData("Zagan", "zagan")]
    [InlineData("a1b2c3d4", "a1b2c3d4")]
    public async Task Voice_ThatIsUnknown_IsReplacedWithoutAWord_ButRecorded(string asked, string used)
    {
        using var response = await PostToAsync(Path, Say("x", $"\"voice_id\":\"{asked}\""));

        response.StatusCode.Should().Be(HttpStatusCode.OK);
        var facts = (await LastAsync()).Facts;
        facts["voice_asked"].Should().Be(asked);
        facts["voice_used"].Should().Be(used);
    }

    [Theory]
    [InlineData("""{"text":"x"}""", "422 *missing field `language`*")]
    [InlineData("""{"language":"tr"}""", "422 *missing field `text`*")]
    [InlineData("""{"text":"x","language":"tr","speed":1.6}""", """400 {"error":"speed must be between 0.7 and 1.5"}""")]
    [InlineData("""{"text":"x","language":"tr","speed":0.69}""", """400 {"error":"speed must be between 0.7 and 1.5"}""")]
    [InlineData("""{"text":"x","language":"not a language"}""", "400 *")]
    [InlineData("""{"text":"","language":"tr"}""", "400 *")]
    [InlineData("""{"text":"x","language":"tr","output_format":{}}""", "422 *missing field `codec`*")]
    [InlineData("""{"text":"x","language":"tr","output_format":{"codec":"opus"}}""", "422 *codec: unknown variant*")]
    [InlineData("""{"text":"x","language":"tr","output_format":{"codec":"mp3","sample_rate":12345}}""", "400 *sample_rate*")]
    [InlineData("""{"text":"x","language":"tr","output_format":{"codec":"mp3","bit_rate":1}}""", "400 *bit_rate*")]
    [InlineData("""{"text":"x","language":"tr","output_format":{"codec":"wav","bit_rate":64000}}""", "400 *bit_rate*")]
    public async Task Speech_WithAWrongArgument_IsRefused(string body, string expected) => (await RefusalAsync(Path, body)).Should().Match(expected);

    [Fact]
    public async Task Text_Of15000Characters_IsSpoken_AndOneMoreIsRefused()
    {
        (await AudioAsync(Say(string.Concat(Enumerable.Repeat("😀", 15_000))))).Length.Should().BeGreaterThan(10_000_000);
        (await LastAsync()).Billed.Should().Be(new UsdTicks(2_250_000_000));

        (await RefusalAsync(Path, Say(new string('a', 15_001)))).Should().StartWith("400 ");
    }

    [Fact]
    public async Task Fields_ThatXaiDoesNotKnow_AreRecorded()
    {
        await AudioAsync(Say("x", "\"model\":\"grok-voice-tts\",\"voice\":\"eve\""));

        (await LastAsync()).UnknownFields.Should().Equal("model", "voice");
    }

    [Fact]
    public async Task Timestamps_MakeTheAnswerJson()
    {
        var (_, json) = await JsonFromAsync(Path, Say("ab", "\"with_timestamps\":true"));

        json.GetProperty("content_type").GetString().Should().Be("audio/mpeg");
        json.GetProperty("audio").GetBytesFromBase64().Should().NotBeEmpty();
        json.GetProperty("audio_timestamps").GetRawText().Should().Be("""{"graph_chars":["a","b"],"graph_times":[[0.0,0.056],[0.056,0.113]]}""");
    }

    [Fact]
    public async Task Pieces_ComeOneByOne_WhenATestLetsThemGo()
    {
        Simulator.Enqueue(new Behaviour { Pieces = 4, Step = true }, match: new RequestMatch { Path = Path });
        using var response = await PostToAsync(Path, Say(Captured));
        await using var audio = await response.Content.ReadAsStreamAsync(Bound);
        var buffer = new byte[57_984];

        Simulator.Steps.Allow();
        await audio.ReadExactlyAsync(buffer.AsMemory(0, 57_984 / 4), Bound);
        var rest = audio.ReadExactlyAsync(buffer.AsMemory(0, 1), Bound).AsTask();
        rest.IsCompleted.Should().BeFalse();
        Simulator.Steps.Allow(3);
        await rest;
    }

    [Fact]
    public async Task Pieces_CanBeSlow()
    {
        var start = Stopwatch.GetTimestamp();
        await AudioAsync(Say("[[sim:pieces=5;pace_ms=40]]"));

        Stopwatch.GetElapsedTime(start).Should().BeGreaterThan(TimeSpan.FromMilliseconds(180));
    }

    [Theory]
    [InlineData("cut=stream;pieces=4;after=2")]
    [InlineData("cut=body;after=100;reset")]
    public async Task Cut_InTheMiddle_IsBilled(string words)
    {
        using var response = await PostToAsync(Path, Say($"[[sim:{words}]]"));

        (await ReadToBreakAsync(response)).IsBroken.Should().BeTrue();
        var request = await LastAsync();
        request.Outcome.Should().Be(Recording.Outcome.Cut);
        request.Billed.IsPositive.Should().BeTrue();
        Simulator.Books.Delivered.Should().Be(UsdTicks.Zero);
    }

    [Fact]
    public async Task Stall_InTheMiddle_EndsWithTheClient()
    {
        using (var response = await PostToAsync(Path, Say("[[sim:stall=stream;pieces=4;after=1]]")))
        {
            await using var audio = await response.Content.ReadAsStreamAsync(Bound);
            (await audio.ReadAsync(new byte[16], Bound)).Should().BePositive();
        }

        var request = await LastAsync();
        request.Outcome.Should().Be(Recording.Outcome.Aborted);
        request.Billed.IsPositive.Should().BeTrue();
    }

    [Theory]
    [InlineData("fault=model-capacity", 503)]
    [InlineData("fault=rate", 429)]
    [InlineData("fault=edge-page", 502)]
    public async Task Fault_IsNotBilled(string word, int status) => (await RefusalAsync(Path, Say($"[[sim:{word}]]"))).Should().StartWith($"{status} ");

    [Fact]
    public async Task Voices_AreListed_AndFound()
    {
        using var all = await GetAsync("/v1/tts/voices");
        using var one = await GetAsync("/v1/tts/voices/eve");
        using var none = await GetAsync("/v1/tts/voices/nobody");

        JsonElement.Parse(await all.Content.ReadAsStringAsync(Bound)).GetProperty("voices").GetArrayLength().Should().Be(26);
        (await one.Content.ReadAsStringAsync(Bound)).Should().Be("""{"voice_id":"eve","name":"Eve","language":"multilingual"}""");
        none.StatusCode.Should().Be(HttpStatusCode.NotFound);
    }

    private static string Say(string text, string more = "", string language = "auto") =>
        $$"""{"text":{{JsonSerializer.Serialize(text)}},"language":"{{language}}"{{(more.Length > 0 ? "," : "")}}{{more}}}""";

    private static string Format(string codec, int rate) => $$"""
        "output_format":{"codec":"{{codec}}","sample_rate":{{rate}}}
        """;

    private async Task<byte[]> AudioAsync(string body)
    {
        using var response = await PostToAsync(Path, body);
        response.StatusCode.Should().Be(HttpStatusCode.OK);
        var audio = await response.Content.ReadAsByteArrayAsync(Bound);
        await LastAsync();
        return audio;
    }
}
