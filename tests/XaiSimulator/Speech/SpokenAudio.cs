using System.Security.Cryptography;
using System.Text;
using LlmTr.XaiSimulator.Wire;

namespace LlmTr.XaiSimulator.Speech;

/// <summary>
/// What is heard: a silence in MP3, a tone in the other codecs, as long as xAI would have talked. The one capture says how long that is: 64 characters are
/// 57,984 bytes, which are 151 frames of 24 ms.
/// </summary>
internal static class SpokenAudio
{
    private const long CapturedMilliseconds = 3624;
    private const long CapturedCharacters = 64;

    /// <summary>The type of the answer. Only the first is captured; the others are a third party's.</summary>
    public static string ContentType(string codec) => codec switch
    {
        "mp3" => "audio/mpeg",
        "wav" => "audio/wav",
        "pcm" => "audio/pcm",
        "mulaw" => "audio/basic",
        _ => "audio/alaw",
    };

    /// <summary>How long the text is talked about, in milliseconds, at least 1.</summary>
    public static long Milliseconds(SpeechRequest request) =>
        Math.Max(1, (long)(request.Characters * CapturedMilliseconds / CapturedCharacters / request.Speed));

    /// <summary>The audio.</summary>
    public static Content Of(SpeechRequest request)
    {
        var (milliseconds, rate) = (Milliseconds(request), (int)request.SampleRate);
        return request.Codec switch
        {
            "mp3" => new Mp3Silence(milliseconds, rate, (int)(request.BitRate ?? 128_000), Fingerprint(request.Text)),
            "wav" => new Wav(new Tone(Tone.Pcm, milliseconds * rate / 1000), rate),
            "pcm" => new Tone(Tone.Pcm, milliseconds * rate / 1000),
            "mulaw" => new Tone(Tone.Mulaw, milliseconds * rate / 1000),
            _ => new Tone(Tone.Alaw, milliseconds * rate / 1000),
        };
    }

    private static byte[] Fingerprint(string text) => SHA256.HashData(Encoding.UTF8.GetBytes(text))[..8];
}
