using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using LlmTr.XaiSimulator.Recording;

namespace LlmTr.XaiSimulator.Tests;

/// <summary>Requests for images, speech and transcriptions.</summary>
public abstract class MediaTest : SimulatorTest
{
    /// <summary>The first bytes of a PNG, as base64.</summary>
    protected const string Png = "iVBORw0KGgo=";

    protected Task<HttpResponseMessage> PostToAsync(string path, string body) => Client.SendAsync(Post(body, path), HttpCompletionOption.ResponseHeadersRead, Bound);

    protected Task<HttpResponseMessage> GetAsync(string path) => Client.GetAsync(new Uri(Simulator.BaseUrl, path), HttpCompletionOption.ResponseHeadersRead, Bound);

    protected async Task<(int Status, JsonElement Json)> JsonFromAsync(string path, string body)
    {
        using var response = await PostToAsync(path, body);
        return ((int)response.StatusCode, JsonElement.Parse(await response.Content.ReadAsStringAsync(Bound)));
    }

    protected async Task<string> RefusalAsync(string path, string body)
    {
        using var response = await PostToAsync(path, body);
        (await LastAsync()).Billed.Value.Should().Be(0, "what is refused costs nothing");
        return $"{(int)response.StatusCode} {await response.Content.ReadAsStringAsync(Bound)}";
    }

    protected async Task<RecordedRequest> LastAsync()
    {
        var request = Simulator.Requests[^1];
        await request.Ended.WaitAsync(Bound);
        return request;
    }

    /// <summary>A form of text fields and, last, a file.</summary>
    protected static MultipartFormDataContent Form(byte[]? file, params (string Name, string Value)[] fields)
    {
        var form = new MultipartFormDataContent("form-boundary-1");
        foreach (var (name, value) in fields)
            form.Add(new StringContent(value, Encoding.UTF8), name);
        if (file is not null)
        {
            var content = new ByteArrayContent(file);
            content.Headers.ContentType = new MediaTypeHeaderValue("audio/wav");
            form.Add(content, "file", "speech.wav");
        }

        return form;
    }

    protected async Task<(int Status, string Text)> TranscribeAsync(HttpContent form)
    {
        using var message = new HttpRequestMessage(HttpMethod.Post, new Uri(Simulator.BaseUrl, "/v1/stt")) { Content = form };
        using var response = await Client.SendAsync(message, Bound);
        return ((int)response.StatusCode, await response.Content.ReadAsStringAsync(Bound));
    }

    /// <summary>A WAV file of 16-bit mono silence.</summary>
    protected static byte[] Wav(int milliseconds, int rate = 16_000, uint? promised = null)
    {
        var bytes = (int)((long)milliseconds * rate / 1000 * 2);
        using var stream = new MemoryStream();
        using (var writer = new BinaryWriter(stream, Encoding.ASCII, leaveOpen: true))
        {
            writer.Write("RIFF"u8);
            writer.Write((uint)(bytes + 36));
            writer.Write("WAVEfmt "u8);
            writer.Write(16);
            writer.Write((short)1);
            writer.Write((short)1);
            writer.Write(rate);
            writer.Write(rate * 2);
            writer.Write((short)2);
            writer.Write((short)16);
            writer.Write("data"u8);
            writer.Write(promised ?? (uint)bytes);
            writer.Write(new byte[bytes]);
        }

        return stream.ToArray();
    }
}
