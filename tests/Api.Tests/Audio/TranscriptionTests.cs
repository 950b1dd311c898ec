using System.Net;
using System.Text;
using System.Text.Json;
using LlmTr.Api.Audio.Transcriptions;
using LlmTr.Api.Tests.Running;
using LlmTr.XaiSimulator.Control;
using Microsoft.Extensions.DependencyInjection;

namespace LlmTr.Api.Tests.Audio;

/// <summary>Transcriptions: held by the audio's length, settled by the length that xAI names.</summary>
public sealed class TranscriptionTests : IAsyncLifetime
{
    private TestGateway _gateway = null!;
    private TestKey _key = null!;

    public async Task InitializeAsync()
    {
        _gateway = await TestGateway.StartAsync();
        _key = await _gateway.CreateKeyAsync();
    }

    public async Task DisposeAsync()
    {
        var spool = _gateway.Services.GetRequiredService<AudioSpool>();
        await AfterAnswer.IsAsync(() => spool.Bytes, 0, "every upload gives its disk back");
        await _gateway.DisposeAsync();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Transcript_IsXaisOwn_WithWordsAndCost(bool json)
    {
        var wave = AudioRequests.Wave(3700);
        using var response = json
            ? await _key.TranscribeAsync(AudioRequests.Json(wave, ""","audio_format":"wav","language":"tr","format":true"""))
            : await _key.UploadAsync(wave, ("model", "xai/grok-voice-stt"), ("language", "tr"), ("format", "true"));

        response.StatusCode.Should().Be(HttpStatusCode.OK);
        var ticks = AudioRequests.TicksOf(3700);
        response.Header("X-LLMTR-Cost-USD").Should().Be(AudioRequests.Usd(ticks));
        var answer = await response.JsonAsync();
        answer.Text("text").Should().Be("Merhaba dünya.");
        answer.Text("language").Should().Be("tr");
        answer.GetProperty("duration").GetDouble().Should().Be(3.7);
        var word = answer.GetProperty("words")[0];
        (word.Text("word"), word.Text("text")).Should().Be(("Merhaba", "Merhaba"));
        JsonElement.DeepEquals(answer.GetProperty("usage"), JsonSerializer.Deserialize<JsonElement>(
            $$"""{"type":"duration","seconds":3.7,"cost_in_usd_ticks":{{ticks}},"cost_usd":"{{AudioRequests.Usd(ticks)}}","cost_source":"catalogue"}""")).Should().BeTrue();
        (await _key.EntriesAsync()).Should().Equal(("hold_placed", ticks, null), ("hold_settled", ticks, "catalogue"));

        var sent = _gateway.Xai.Requests.Single();
        sent.Billed.Value.Should().Be(ticks);
        sent.Parts.Select(static part => (part.Name, part.Text)).Should().Equal(("language", "tr"), ("format", "true"), ("file", null));
        sent.Parts[^1].Bytes.Should().Be(wave.Length);
        sent.Parts[^1].FileName.Should().Be("audio.wav", "the caller's own name is not xAI's business");
    }

    [Fact]
    public async Task File_IsTheLastPartThatXaiGets_WhereverItStood()
    {
        using var audio = new ByteArrayContent(AudioRequests.Wave(1000));
        using var response = await _key.UploadAsync(audio, fileFirst: true, fields: [("model", "grok-voice-stt"), ("language", "en")]);

        response.EnsureSuccessStatusCode();
        _gateway.Xai.Requests.Single().Parts.Select(static part => part.Name).Should().Equal("language", "file");
    }

    [Theory]
    [InlineData("pcm", 16_000, 1000)]
    [InlineData("mulaw", 8_000, 1000)]
    [InlineData("alaw", 8_000, 1000)]
    public async Task RawAudio_GoesWithItsFormat_AndIsMeasuredByItsBytes(string format, int bytes, int milliseconds)
    {
        using var response = await _key.TranscribeAsync(AudioRequests.Json(new byte[bytes], $$""","audio_format":"{{format}}","sample_rate":8000"""));

        response.EnsureSuccessStatusCode();
        _gateway.Xai.Requests.Single().Parts.Select(static part => (part.Name, part.Text)).Should().Equal(("audio_format", format), ("sample_rate", "8000"), ("file", null));
        (await _key.EntriesAsync()).Should().Equal(
            ("hold_placed", AudioRequests.TicksOf(milliseconds), null), ("hold_settled", AudioRequests.TicksOf(milliseconds), "catalogue"));
    }

    [Theory]
    [InlineData(2000, null, 2000)]
    [InlineData(2000, "1", 2000)]
    [InlineData(2000, "7.25", 7250)]
    [InlineData(0, "90", 90_000)]
    [InlineData(0, null, 3_600_000)]
    public async Task Hold_IsTheLongerOfHeaderAndStatement_ElseAnHour(int header, string? stated, long held)
    {
        // Ogg: nobody here reads its length.
        var audio = header > 0 ? AudioRequests.Wave(header) : Encoding.ASCII.GetBytes("OggS" + new string('x', 100));
        using var response = await _key.TranscribeAsync(AudioRequests.Json(audio, stated is null ? "" : $",\"duration_seconds\":{stated}"));

        response.EnsureSuccessStatusCode();
        (await _key.EntriesAsync()).First().Should().Be(("hold_placed", AudioRequests.TicksOf(held), null));
    }

    [Theory]
    [InlineData("1")]
    [InlineData(null)]
    public async Task Hold_OfCompressedAudioThatNobodyCanRead_IsNoSmallerForASmallStatement(string? stated)
    {
        var audio = new byte[6_000_000];
        "OggS"u8.CopyTo(audio);
        var poor = await _gateway.CreateKeyAsync("0.01");
        using var refused = await poor.UploadAsync(audio, [("model", "xai/grok-voice-stt"), .. Stated(stated)]);
        using var response = await _key.UploadAsync(audio, [("model", "xai/grok-voice-stt"), .. Stated(stated)]);

        (await refused.ErrorAsync()).Should().Be((402, "insufficient_balance", null));
        response.EnsureSuccessStatusCode();
        (await _key.EntriesAsync()).First().Should().Be(("hold_placed", AudioRequests.TicksOf(4_000_000), null), "nobody speaks in fewer than 1,500 bytes a second");
        static (string, string)[] Stated(string? seconds) => seconds is null ? [] : [("duration_seconds", seconds)];
    }

    [Theory]
    [InlineData("omit")]
    [InlineData("null")]
    [InlineData("string")]
    [InlineData("negative")]
    [InlineData("zero")]
    [InlineData("1e15")]
    public async Task DurationThatSaysNothing_IsEstimatedByTheAudiosOwnLength(string duration)
    {
        var behaviour = duration == "1e15"
            ? Behaviour.None.With("body", """{"text":"a","duration":1e15}""")
            : Behaviour.None.With("duration", duration);
        _gateway.Xai.Enqueue(behaviour);
        using var response = await _key.TranscribeAsync(AudioRequests.Json(AudioRequests.Wave(2500), ""","duration_seconds":60"""));

        response.EnsureSuccessStatusCode();
        (await response.JsonAsync()).GetProperty("usage").Text("cost_source").Should().Be("estimate");
        (await _key.EntriesAsync()).Should().Equal(("hold_placed", AudioRequests.TicksOf(60_000), null), ("hold_settled", AudioRequests.TicksOf(2500), "estimate"));
    }

    [Fact]
    public async Task MissingDuration_OfAudioThatNobodyCanRead_IsEstimatedByTheStatement_ElseByTheLastWord()
    {
        var ogg = Encoding.ASCII.GetBytes("OggS" + new string('x', 100));
        const string transcript = """{"text":"a","words":[{"text":"a","start":0,"end":12.5}]}""";
        _gateway.Xai.Enqueue(Behaviour.None.With("body", transcript), times: 2);
        using var stated = await _key.TranscribeAsync(AudioRequests.Json(ogg, ""","duration_seconds":30"""));
        using var unstated = await _key.TranscribeAsync(AudioRequests.Json(ogg));

        (await _key.EntriesAsync()).Where(static entry => entry.Kind == "hold_settled").Should().Equal(
            ("hold_settled", AudioRequests.TicksOf(30_000), "estimate"), ("hold_settled", AudioRequests.TicksOf(12_500), "estimate"));
    }

    [Fact]
    public async Task DurationOfZero_OfAudioThatNobodyCanRead_IsBelieved()
    {
        _gateway.Xai.Enqueue(Behaviour.None.With("duration", "zero"));
        using var response = await _key.TranscribeAsync(AudioRequests.Json(Encoding.ASCII.GetBytes("OggS")));

        response.EnsureSuccessStatusCode();
        (await _key.EntriesAsync()).Last().Should().Be(("hold_settled", 0, "catalogue"));
    }

    [Fact]
    public async Task DurationFarAboveTheHold_IsChargedFromTheBalance_AndTheRestIsAnOverrun()
    {
        var poor = await _gateway.CreateKeyAsync("0.01");
        _gateway.Xai.Enqueue(Behaviour.None.With("duration", "7200"));
        using var response = await poor.TranscribeAsync(AudioRequests.Json(AudioRequests.Wave(1000)));

        response.EnsureSuccessStatusCode();
        (await response.JsonAsync()).GetProperty("usage").Number("cost_in_usd_ticks").Should().Be(100_000_000, "a key never pays more than it has");
        (await poor.EntriesAsync()).Should().Equal(
            ("hold_placed", AudioRequests.TicksOf(1000), null), ("hold_settled", 100_000_000, "catalogue"), ("overrun", 1_900_000_000, null));
    }

    [Fact]
    public async Task CostThatXaiReportsOneDay_IsWhatIsCharged()
    {
        _gateway.Xai.Enqueue(Behaviour.None.With("body", """{"text":"a","duration":1,"usage":{"cost_in_usd_ticks":12345}}"""));
        using var response = await _key.TranscribeAsync(AudioRequests.Json(AudioRequests.Wave(1000)));

        (await response.JsonAsync()).GetProperty("usage").Number("cost_in_usd_ticks").Should().Be(12345);
        (await _key.EntriesAsync()).Last().Should().Be(("hold_settled", 12345, "provider"));
    }

    [Fact]
    public async Task TranscriptThatBreaksOff_IsSettledAtAnEstimate()
    {
        _gateway.Xai.Enqueue(Behaviour.None with { Cut = BreakPoint.Body, After = 20 });
        using var response = await _key.TranscribeAsync(AudioRequests.Json(AudioRequests.Wave(2000)));

        (await response.ErrorAsync()).Should().Be((502, "provider_error", null));
        (await _key.EntriesAsync()).Last().Should().Be(("hold_settled", AudioRequests.TicksOf(2000), "estimate"));
    }

    [Fact]
    public async Task ConnectionLostRightBehindTheTranscript_IsSettledAtTheLengthThatItTells_AndDelivered()
    {
        _gateway.Xai.Enqueue(Behaviour.None with { Cut = BreakPoint.Body, After = int.MaxValue });
        using var response = await _key.TranscribeAsync(AudioRequests.Json(AudioRequests.Wave(2000)));

        (await response.JsonAsync()).Text("text").Should().NotBeEmpty();
        (await _key.EntriesAsync()).Last().Should().Be(("hold_settled", AudioRequests.TicksOf(2000), "catalogue"));
    }

    [Theory]
    [InlineData("not json")]
    [InlineData("{}")]
    [InlineData("""{"duration":3.7}""")]
    public async Task SuccessThatIsNoTranscript_IsUnreconciled(string body)
    {
        _gateway.Xai.Enqueue(Behaviour.None.With("body", body));
        using var response = await _key.TranscribeAsync(AudioRequests.Json(AudioRequests.Wave(1000)));

        (await response.ErrorAsync()).Should().Be((502, "provider_error", null));
        (await _key.EntriesAsync()).Select(static entry => entry.Kind).Should().Equal("hold_placed", "unreconciled");
    }

    [Theory]
    [InlineData("wrong-key", 503)]
    [InlineData("credits", 503)]
    [InlineData("too-large", 413)]
    [InlineData("model-capacity", 502)]
    public async Task RefusalOfXais_IsReleased_AndNeverSentAgain(string fault, int status)
    {
        _gateway.Xai.Enqueue(Behaviour.None.With("fault", fault));
        using var response = await _key.UploadAsync(AudioRequests.Wave(1000), ("model", "xai/grok-voice-stt"));

        ((int)response.StatusCode).Should().Be(status);
        _gateway.Xai.Requests.Should().HaveCount(1);
        (await _key.EntriesAsync()).Select(static entry => entry.Kind).Should().Equal("hold_placed", "hold_released");
    }

    [Theory]
    [InlineData(""","url":"https://example.com/a.wav" """, 400, "unsupported_capability", "url")]
    [InlineData(""","file":"x" """, 400, "invalid_request_error", "file")]
    [InlineData(""","diarize":true """, 400, "unsupported_capability", "diarize")]
    [InlineData(""","format":true """, 400, "invalid_request_error", "format")]
    [InlineData(""","format":"true","language":"tr" """, 400, "invalid_request_error", "format")]
    [InlineData(""","language":"" """, 400, "invalid_request_error", "language")]
    [InlineData(""","language":"t r" """, 400, "invalid_request_error", "language")]
    [InlineData(""","audio_format":"wma" """, 400, "invalid_request_error", "audio_format")]
    [InlineData(""","audio_format":"pcm" """, 400, "invalid_request_error", "sample_rate")]
    [InlineData(""","audio_format":"mp3","sample_rate":16000 """, 400, "invalid_request_error", "sample_rate")]
    [InlineData(""","sample_rate":16000 """, 400, "invalid_request_error", "sample_rate")]
    [InlineData(""","audio_format":"pcm","sample_rate":7999 """, 400, "invalid_request_error", "sample_rate")]
    [InlineData(""","duration_seconds":0 """, 400, "invalid_request_error", "duration_seconds")]
    [InlineData(""","duration_seconds":-1 """, 400, "invalid_request_error", "duration_seconds")]
    [InlineData(""","duration_seconds":"5" """, 400, "invalid_request_error", "duration_seconds")]
    [InlineData(""","duration_seconds":86400.5 """, 400, "invalid_request_error", "duration_seconds")]
    [InlineData(""","response_format":"diarized_json" """, 400, "invalid_request_error", "response_format")]
    [InlineData(""","stream":true """, 400, "invalid_request_error", "stream")]
    [InlineData(""","max_budget_usd":0.0000001 """, 402, "budget_exceeded", "max_budget_usd")]
    public async Task WhatIsWrong_IsRefusedByName_BeforeAnyMoneyMoves(string more, int status, string type, string param)
    {
        using var response = await _key.TranscribeAsync(AudioRequests.Json(AudioRequests.Wave(1000), more));

        (await response.ErrorAsync()).Should().Be((status, type, param));
        _gateway.Xai.Requests.Should().BeEmpty();
        (await _key.LedgerAsync()).Should().BeEmpty();
    }

    [Theory]
    [InlineData("""{"audio_base64":"AAAA"}""", 400, "model")]
    [InlineData("""{"model":"xai/grok-voice-stt"}""", 400, "audio_base64")]
    [InlineData("""{"model":"xai/grok-voice-stt","audio_base64":""}""", 400, "audio_base64")]
    [InlineData("""{"model":"xai/grok-voice-stt","audio_base64":"AAA"}""", 400, "audio_base64")]
    [InlineData("""{"model":"xai/grok-voice-stt","audio_base64":"AA==AAAA"}""", 400, "audio_base64")]
    [InlineData("""{"model":"xai/grok-voice-stt","audio_base64":"data:audio/wav;base64,AAAA"}""", 400, "audio_base64")]
    [InlineData("""{"model":"xai/grok-voice-stt","audio_base64":7}""", 400, "audio_base64")]
    [InlineData("""{"model":"xai/grok-voice-tts","audio_base64":"AAAA"}""", 400, "model")]
    [InlineData("""{"model":"xai/none","audio_base64":"AAAA"}""", 404, "model")]
    public async Task JsonWithoutAudioOrModel_IsRefused(string body, int status, string param)
    {
        using var response = await _key.TranscribeAsync(body);

        var error = await response.ErrorAsync();
        (error.Status, error.Param).Should().Be((status, param));
        _gateway.Xai.Requests.Should().BeEmpty();
    }

    [Fact]
    public async Task Base64WithEscapedSlashes_IsTaken()
    {
        var audio = AudioRequests.Wave(1000).Concat(Enumerable.Repeat((byte)0xFF, 300)).ToArray();
        using var response = await _key.TranscribeAsync(AudioRequests.Json(audio).Replace("/", "\\/"));

        response.EnsureSuccessStatusCode();
        _gateway.Xai.Requests.Single().Parts[^1].Bytes.Should().Be(audio.Length);
    }

    [Fact]
    public async Task LargeBase64_ArrivesByteForByte()
    {
        var audio = AudioRequests.Wave(60_000);
        new Random(7).NextBytes(audio.AsSpan(44));
        using var response = await _key.TranscribeAsync(AudioRequests.Json(audio));

        response.EnsureSuccessStatusCode();
        _gateway.Xai.Requests.Single().Parts[^1].Sha256.Should().Be(Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(audio)));
    }

    [Theory]
    [InlineData("model", "xai/grok-voice-stt", "model", "xai/grok-voice-stt", "model")]
    [InlineData("model", "xai/grok-voice-stt", "sample_rate", "many", "sample_rate")]
    [InlineData("model", "xai/grok-voice-stt", "audio_base64", "AAAA", "audio_base64")]
    [InlineData("model", "xai/grok-voice-stt", "keyterm", "x", "keyterm")]
    [InlineData("model", "xai/grok-voice-stt", "stream", "true", "stream")]
    [InlineData("language", "tr", "language", "en", "language")]
    public async Task FormWithAWrongField_IsRefusedByName(string firstName, string first, string secondName, string second, string param)
    {
        using var response = await _key.UploadAsync(AudioRequests.Wave(100), (firstName, first), (secondName, second));

        var error = await response.ErrorAsync();
        (error.Status, error.Param).Should().Be((400, param));
        _gateway.Xai.Requests.Should().BeEmpty();
    }

    [Fact]
    public async Task HintsOfOpenAisClients_AreIgnoredAndNamed()
    {
        using var response = await _key.UploadAsync(
            AudioRequests.Wave(100), ("model", "xai/grok-voice-stt"), ("temperature", "0"), ("prompt", "canary"), ("timestamp_granularities[]", "word"), ("response_format", "json"), ("stream", "false"));

        response.EnsureSuccessStatusCode();
        response.Header("X-LLMTR-Ignored-Fields").Should().Be("temperature, prompt, timestamp_granularities");
        _gateway.Xai.Requests.Single().Parts.Select(static part => part.Name).Should().Equal("file");
    }

    [Fact]
    public async Task FormWithoutAFile_WithTwo_OrWithAnEmptyOne_IsRefused()
    {
        using var two = new MultipartFormDataContent
        {
            { new StringContent("xai/grok-voice-stt"), "model" },
            { new ByteArrayContent([1]), "file", "a" },
            { new ByteArrayContent([1]), "file", "b" },
        };
        using var none = new MultipartFormDataContent { { new StringContent("xai/grok-voice-stt"), "model" } };
        foreach (var form in new[] { two, none })
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, AudioRequests.TranscriptionPath) { Content = form };
            request.Headers.Authorization = new("Bearer", _key.Text);
            using var response = await _gateway.Http.SendAsync(request);
            (await response.ErrorAsync()).Should().Be((400, "invalid_request_error", "file"));
        }

        using var empty = await _key.UploadAsync([], ("model", "xai/grok-voice-stt"));
        (await empty.ErrorAsync()).Should().Be((400, "invalid_request_error", "file"));
    }

    [Theory]
    [InlineData("multipart/form-data", "x")]
    [InlineData("multipart/form-data; boundary=b", "")]
    [InlineData("multipart/form-data; boundary=b", "--b\r\nContent-Disposition: form-data; name=\"file\"\r\n\r\nhalf")]
    [InlineData("multipart/form-data; boundary=b", "--b\r\n\r\nx\r\n--b--\r\n")]
    [InlineData("multipart/form-data; boundary=b", "no boundary at all")]
    public async Task FormThatIsNone_IsA400(string type, string body)
    {
        using var content = new ByteArrayContent(Encoding.ASCII.GetBytes(body));
        content.Headers.TryAddWithoutValidation("Content-Type", type);
        using var request = new HttpRequestMessage(HttpMethod.Post, AudioRequests.TranscriptionPath) { Content = content };
        request.Headers.Authorization = new("Bearer", _key.Text);
        using var response = await _gateway.Http.SendAsync(request);

        (await response.ErrorAsync()).Status.Should().Be(400);
        _gateway.Xai.Requests.Should().BeEmpty();
    }

    [Fact]
    public async Task FileThatIsAnnouncedTooLarge_IsA413_Unread()
    {
        using var content = new ByteArrayContent([]);
        content.Headers.TryAddWithoutValidation("Content-Type", "multipart/form-data; boundary=b");
        content.Headers.ContentLength = 502_000_000;
        using var request = new HttpRequestMessage(HttpMethod.Post, AudioRequests.TranscriptionPath) { Content = content };
        request.Headers.Authorization = new("Bearer", _key.Text);
        request.Headers.ExpectContinue = true;
        using var response = await _gateway.Http.SendAsync(request);

        (await response.ErrorAsync()).Should().Be((413, "request_too_large", "file"));
    }

    [Fact]
    public async Task LargeUpload_OfAKeyThatIsNone_TakesNoDisk()
    {
        (await _key.Account().Revoke(new LlmTr.Grains.Abstractions.RevokeKey { Actor = "tests" })).Should().NotBeNull();
        using var response = await _key.UploadAsync(new byte[2_000_000], ("model", "xai/grok-voice-stt"));

        (await response.ErrorAsync()).Should().Be((401, "auth_error", null));
    }

    [Fact]
    public async Task Repeat_OfAnIdempotencyKey_IsTheSameOnlyWithTheSameFieldsAndFile()
    {
        (string, string)[] fields = [("model", "xai/grok-voice-stt")];
        async Task<HttpStatusCode> SendAsync(int milliseconds, (string, string)[] fields, string key)
        {
            using var audio = new ByteArrayContent(AudioRequests.Wave(milliseconds));
            using var response = await _key.UploadAsync(audio, key, fields: fields);
            return response.StatusCode;
        }

        (await SendAsync(100, fields, "a")).Should().Be(HttpStatusCode.OK);
        (await SendAsync(100, fields, "a")).Should().Be(HttpStatusCode.Conflict);
        (await SendAsync(200, fields, "a")).Should().Be(HttpStatusCode.Conflict);
        (await SendAsync(200, fields, "b")).Should().Be(HttpStatusCode.OK);
        _gateway.Xai.Requests.Should().HaveCount(2);

        using var same = await _key.UploadAsync(new ByteArrayContent(AudioRequests.Wave(100)), "a", fields: fields);
        using var other = await _key.UploadAsync(new ByteArrayContent(AudioRequests.Wave(100)), "a", fields: [.. fields, ("language", "tr")]);
        var told = (await same.JsonAsync()).GetProperty("error").Text("message");
        (await other.JsonAsync()).GetProperty("error").Text("message").Should().NotBe(told, "another request under the same key is told so");
    }

    [Fact]
    public void SpoolThatACrashLeft_IsClearedAtTheStart()
    {
        var folder = Directory.CreateTempSubdirectory("llmtr-spool-").FullName;
        File.WriteAllText(Path.Combine(folder, "left"), "audio");
        AudioSpool.Clear(folder);
        Directory.EnumerateFileSystemEntries(folder).Should().BeEmpty();
        Directory.Delete(folder);
    }

    [Fact]
    public async Task UploadOnItsWay_HasNoNameOnTheDisk()
    {
        _gateway.Xai.Gate.Close();
        var sending = _key.UploadAsync(AudioRequests.Wave(5000), ("model", "xai/grok-voice-stt"));
        await _gateway.Xai.Gate.WaitForWaitingAsync(1);
        var spool = _gateway.Services.GetRequiredService<AudioSpool>();
        spool.Bytes.Should().Be(80_044);
        Directory.EnumerateFileSystemEntries(spool.Folder).Should().BeEmpty("no crash can leave it behind");
        _gateway.Xai.Gate.Open();
        (await sending).Dispose();
    }
}
