using System.Globalization;
using LlmTr.Api.Tests.Running;

namespace LlmTr.Api.Tests.Audio;

/// <summary>What many large uploads and many slow listeners cost in memory: this process holds gateway, simulator and clients together, so the gateway's share is below what is measured.</summary>
[Collection(nameof(Alone))]
public sealed class AudioMemoryTests
{
    private const int Many = 50;
    private const int UploadBytes = 20 * 1024 * 1024;
    private const long MostBytes = 600L * 1024 * 1024;

    [Fact]
    public async Task ManyLargeUploads_AndManySlowListeners_StayBelowTheLimit()
    {
        await using var gateway = await TestGateway.StartAsync();
        var key = await gateway.CreateKeyAsync("100");
        var before = WorkingSet();

        // 50 listeners have their headers and a first piece, and read no more, while 50 uploads arrive at once.
        var text = new string('a', 15_000);
        var listeners = await Task.WhenAll(Enumerable.Range(0, Many).Select(async _ =>
        {
            var response = await key.SpeakAsync($$"""{"model":"xai/grok-voice-tts","input":"{{text}}","response_format":"wav","sample_rate":48000}""");
            response.EnsureSuccessStatusCode();
            return response;
        }));
        gateway.Xai.Gate.Close();
        var uploads = Enumerable.Range(0, Many).Select(_ => UploadAsync(key)).ToArray();
        await gateway.Xai.Gate.WaitForWaitingAsync(Many);
        var most = WorkingSet() - before;
        gateway.Xai.Gate.Open();
        foreach (var response in await Task.WhenAll(uploads))
        {
            response.EnsureSuccessStatusCode();
            response.Dispose();
        }

        foreach (var listener in listeners)
            listener.Dispose();
        most.Should().BeLessThan(MostBytes, string.Create(CultureInfo.InvariantCulture, $"{most / 1024 / 1024} MiB were taken"));
    }

    private static async Task<HttpResponseMessage> UploadAsync(TestKey key) =>
        await key.UploadAsync(new RepeatedContent(UploadBytes), fields: [("model", "xai/grok-voice-stt"), ("duration_seconds", "60")]);

    private static long WorkingSet()
    {
        using var process = System.Diagnostics.Process.GetCurrentProcess();
        return process.WorkingSet64;
    }

    /// <summary>Bytes that are made while they are sent.</summary>
    private sealed class RepeatedContent(long length) : HttpContent
    {
        private static readonly byte[] Piece = new byte[64 * 1024];

        protected override async Task SerializeToStreamAsync(Stream stream, System.Net.TransportContext? context)
        {
            for (var left = length; left > 0; left -= Piece.Length)
                await stream.WriteAsync(Piece.AsMemory(0, (int)Math.Min(left, Piece.Length)));
        }

        protected override bool TryComputeLength(out long computed)
        {
            computed = length;
            return true;
        }
    }
}
