using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using LlmTr.Money;
using LlmTr.XaiSimulator.Control;

namespace LlmTr.XaiSimulator.Tests;

/// <summary>Transcriptions (xAI contract, sections 7.2 and 10.6).</summary>
public sealed class TranscriptionTests : MediaTest
{
    private static readonly byte[] Ogg = [.. "OggS"u8, .. new byte[100]];

    [Fact]
    public async Task Transcription_HasTheCapturedShapeAndHeaders()
    {
        using var form = Form(Wav(3_700), ("language", "tr"), ("format", "true"));
        using var message = new HttpRequestMessage(HttpMethod.Post, new Uri(Simulator.BaseUrl, "/v1/stt")) { Content = form };
        using var response = await Client.SendAsync(message, Bound);

        (await response.Content.ReadAsStringAsync(Bound)).Should().Be(
            """{"text":"Merhaba dünya.","language":"tr","duration":3.7,"words":[{"text":"Merhaba","start":0.0,"end":1.85},{"text":"dünya.","start":1.85,"end":3.7}]}""");
        response.StatusCode.Should().Be(HttpStatusCode.OK);
        response.Headers.Contains("X-Trace-Id").Should().BeTrue();
        response.Headers.Contains("X-Request-Id").Should().BeFalse();
    }

    [Fact]
    public async Task Form_IsRemembered_ByItsPartsInOrder()
    {
        var file = Wav(100);
        using var form = Form(file, ("language", "tr"), ("made_up", "1"));
        await TranscribeAsync(form);

        var request = await LastAsync();
        request.Fields.Should().Equal("language", "made_up", "file");
        request.UnknownFields.Should().Equal("made_up");
        request.Body.Length.Should().Be(0);
        request.BodyBytes.Should().BeGreaterThan(file.Length);
        request.Header("Content-Type").Should().Contain("form-boundary-1");
        request.Parts[0].Should().BeEquivalentTo(new { Name = "language", Text = "tr", Bytes = 2L, FileName = (string?)null });
        request.Parts[2].Should().Be(new Recording.RecordedPart(
            "file", "speech.wav", "audio/wav", file.Length, Convert.ToHexStringLower(SHA256.HashData(file)), null));
    }

    [Theory]
    [InlineData(3_600_000, 100, 1_000_000_000)]
    [InlineData(1_000, 16_000, 277_778)]
    [InlineData(1, 16_000, 278)]
    [InlineData(36, 16_000, 10_000)]
    public async Task Duration_OfAWav_IsMeasured_AndBilledByTheHour_RoundedUp(int milliseconds, int rate, long ticks)
    {
        using var form = Form(Wav(milliseconds, rate));
        var (_, text) = await TranscribeAsync(form);

        text.Should().Contain($"\"duration\":{DurationSwitch.Seconds(milliseconds)},");
        var request = await LastAsync();
        request.Billed.Should().Be(new UsdTicks(ticks));
        request.Facts["duration_ms"].Should().Be($"{milliseconds}");
        request.Facts["container"].Should().Be("wav");
    }

    [Theory]
    [InlineData(uint.MaxValue, "2000")]
    [InlineData(0u, "2000")]
    [InlineData(16_000u * 2 * 3_600, "2000")]
    [InlineData(16_000u, "500")]
    public async Task Duration_OfAWavWhoseHeaderLies_IsWhatADecoderWouldHear(uint promised, string milliseconds)
    {
        using var form = Form(Wav(2_000, promised: promised));
        await TranscribeAsync(form);

        (await LastAsync()).Facts["duration_ms"].Should().Be(milliseconds);
    }

    [Fact]
    public async Task Duration_OfAnMp3_IsTheSumOfItsFrames_PastATag()
    {
        using var speech = await PostToAsync("/v1/tts", """{"text":"Ruby is a programming language designed for developer happiness.","language":"en"}""");
        byte[] tag = [.. "ID3"u8, 4, 0, 0, 0, 0, 1, 0, .. new byte[128]];
        byte[] tagged = [.. tag, .. await speech.Content.ReadAsByteArrayAsync(Bound)];
        using var form = Form(tagged);
        await TranscribeAsync(form);

        var facts = (await LastAsync()).Facts;
        facts["container"].Should().Be("mp3");
        facts["duration_ms"].Should().Be("3624");
    }

    [Theory]
    [InlineData("pcm", 2_000)]
    [InlineData("mulaw", 4_000)]
    [InlineData("alaw", 4_000)]
    public async Task Duration_OfBareSamples_FollowsFromTheirNumber(string format, int milliseconds)
    {
        using var form = Form(new byte[32_000], ("audio_format", format), ("sample_rate", "8000"));
        await TranscribeAsync(form);

        (await LastAsync()).Facts["duration_ms"].Should().Be($"{milliseconds}");
    }

    [Fact]
    public async Task Duration_ThatCannotBeMeasured_IsTheUsualOne()
    {
        using var form = Form(Ogg);
        var (_, text) = await TranscribeAsync(form);

        text.Should().Contain("\"duration\":3.7,");
        (await LastAsync()).Facts["container"].Should().Be("ogg");
    }

    [Theory]
    [InlineData("omit", "\"language\":\"en\",\"words\"", 1_027_778)]
    [InlineData("null", "\"duration\":null,", 1_027_778)]
    [InlineData("string", "\"duration\":\"3.7\",", 1_027_778)]
    [InlineData("negative", "\"duration\":-3.7,", 1_027_778)]
    [InlineData("zero", "\"duration\":0.0,", 0)]
    [InlineData("7200.5", "\"duration\":7200.5,", 2_000_138_889)]
    [InlineData("x1000", "\"duration\":3700.0,", 1_027_777_778)]
    public async Task Duration_CanBeReportedWrongly(string word, string part, long billed)
    {
        using var form = Form(Ogg, ("keyterm", $"[[sim:duration={word}]]"));
        var (_, text) = await TranscribeAsync(form);

        text.Should().Contain(part);
        (await LastAsync()).Billed.Should().Be(new UsdTicks(billed));
    }

    [Theory]
    [InlineData("format needs language", "format=true")]
    [InlineData("format must be true or false", "format=yes;language=tr")]
    [InlineData("audio_format must be pcm", "audio_format=mp3")]
    [InlineData("audio_format is for raw audio, not for wav", "audio_format=pcm;sample_rate=8000")]
    [InlineData("channels must be", "channels=9")]
    [InlineData("Exactly one of file and url", "url=https://example.com/a.mp3")]
    public async Task Field_ThatBreaksARule_IsRefused(string sentence, string fields)
    {
        using var form = Form(Wav(100), [.. fields.Split(';').Select(field => field.Split('=', 2)).Select(field => (field[0], field[1]))]);

        (await TranscribeAsync(form)).Should().Match<(int Status, string Text)>(answer =>
            answer.Status == 400 && answer.Text.StartsWith("{\"code\":\"Client specified an invalid argument\",\"error\":\"" + sentence, StringComparison.Ordinal));
        (await LastAsync()).Billed.Should().Be(UsdTicks.Zero);
    }

    [Fact]
    public async Task File_ThatIsNotLast_IsRefused()
    {
        using var form = Form(Wav(100));
        form.Add(new StringContent("tr"), "language");

        (await TranscribeAsync(form)).Should().Match<(int Status, string Text)>(answer => answer.Status == 400 && answer.Text.Contains("file must be the last part"));
    }

    [Fact]
    public async Task RawAudio_WithoutItsRate_OrNoAudioAtAll_IsRefused()
    {
        using var rateless = Form(new byte[100], ("audio_format", "pcm"));
        using var fileless = Form(null, ("language", "tr"));
        using var empty = Form([]);

        (await TranscribeAsync(rateless)).Status.Should().Be(400);
        (await TranscribeAsync(fileless)).Status.Should().Be(400);
        (await TranscribeAsync(empty)).Status.Should().Be(400);
    }

    [Fact]
    public async Task Url_InPlaceOfAFile_IsTaken()
    {
        using var form = Form(null, ("url", "https://example.com/a.mp3"));

        (await TranscribeAsync(form)).Status.Should().Be(200);
    }

    [Fact]
    public async Task Model_ThatIsUnknown_Is404_BeforeTheKey()
    {
        Client.DefaultRequestHeaders.Authorization = null;
        using var form = Form(Wav(100), ("model", "grok-voice-stt"));

        (await TranscribeAsync(form)).Status.Should().Be(404);
    }

    [Fact]
    public async Task Key_IsRefusedInTheOldFamily()
    {
        Client.DefaultRequestHeaders.Authorization = null;
        using var keyless = Form(Wav(100));
        (await TranscribeAsync(keyless)).Should().Be((401,
            """{"code":"The request does not have valid authentication credentials","error":"No credentials presented. [WKE=unauthenticated:no-credentials]"}"""));

        Client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", "wrong");
        using var wrong = Form(Wav(100));
        (await TranscribeAsync(wrong)).Should().Be((400,
            """{"code":"Client specified an invalid argument","error":"Incorrect API key provided. You can obtain an API key from https://console.x.ai."}"""));
    }

    [Fact]
    public async Task Body_ThatIsNoForm_Is415_AndOneThatBreaksOff_400()
    {
        using var json = new StringContent("{}", Encoding.UTF8, "application/json");
        (await TranscribeAsync(json)).Status.Should().Be(415);

        using var broken = new StringContent("--b\r\nContent-Disposition: form-data; name=\"language\"\r\n\r\ntr");
        broken.Headers.ContentType = MediaTypeHeaderValue.Parse("multipart/form-data; boundary=b");
        (await TranscribeAsync(broken)).Status.Should().Be(400);
    }

    [Theory]
    [InlineData("fault=too-large", 413)]
    [InlineData("fault=edge-page", 502)]
    [InlineData("fault=rate", 429)]
    [InlineData("status=503", 503)]
    public async Task Fault_IsScriptedHereToo(string word, int status)
    {
        using var form = Form(Wav(100), ("keyterm", $"[[sim:{word}]]"));

        (await TranscribeAsync(form)).Status.Should().Be(status);
        (await LastAsync()).Billed.Should().Be(UsdTicks.Zero);
    }

    [Fact]
    public async Task Form_WithoutALength_IsTakenToo()
    {
        using var message = new HttpRequestMessage(HttpMethod.Post, new Uri(Simulator.BaseUrl, "/v1/stt")) { Content = Form(Wav(100), ("language", "tr")) };
        message.Headers.TransferEncodingChunked = true;
        using var response = await Client.SendAsync(message, Bound);

        response.StatusCode.Should().Be(HttpStatusCode.OK);
        var request = await LastAsync();
        request.Header("Content-Length").Should().BeNull();
        request.BodyBytes.Should().Be(request.Parts.Sum(part => part.Bytes));
    }

    [Fact]
    public async Task Client_ThatLeavesInTheMiddle_HasAskedNothing()
    {
        using (var socket = new System.Net.Sockets.TcpClient())
        {
            await socket.ConnectAsync("127.0.0.1", Simulator.BaseUrl.Port, Bound);
            await socket.GetStream().WriteAsync(
                "POST /v1/stt HTTP/1.1\r\nHost: x\r\nContent-Type: multipart/form-data; boundary=b\r\nContent-Length: 9000\r\n\r\n--b\r\n"u8.ToArray(), Bound);
        }

        using var form = Form(Wav(100));
        (await TranscribeAsync(form)).Status.Should().Be(200);
        Simulator.Requests.Should().ContainSingle();
    }

    [Fact]
    public async Task Gate_HoldsUploadsToo()
    {
        Simulator.Gate.Close(new RequestMatch { Path = "/v1/stt" });
        using var form = Form(Wav(100));
        var answer = TranscribeAsync(form);

        await Simulator.Gate.WaitForWaitingAsync(1, Bound);
        answer.IsCompleted.Should().BeFalse();
        Simulator.Gate.Open();
        (await answer).Status.Should().Be(200);
    }
}
