using System.Net;
using System.Net.Http.Headers;
using System.Text;
using LlmTr.Api.Requests;
using LlmTr.Api.Tests.Running;
using LlmTr.Grains.Abstractions.Video;
using Microsoft.Extensions.DependencyInjection;

namespace LlmTr.Api.Tests.Video;

/// <summary>A caller may wait for ten minutes, and nothing limits how many wait: what a waiting request keeps must be small, whatever it sent.</summary>
[Collection(nameof(Alone))]
public sealed class VideoMemoryTests
{
    private const int Waiting = 40;

    // A little below 4 MiB in base64, the next size of pooled arrays.
    private const int ImageBytes = 2_900_000;

    // Half of what the images of all who wait would be: pooled arrays stay with the threads that used them.
    private const long MostBytes = Waiting * (ImageBytes * 4L / 3) / 2;

    [Fact]
    public async Task CallersThatWait_KeepNothingOfTheirImages()
    {
        var waits = new CountedWaits();
        await using var gateway = await TestGateway.StartAsync(
            configuration: VideoGateway.Fast, customize: builder => builder.Services.AddSingleton<IIncomingGrainCallFilter>(waits));
        var key = await gateway.CreateKeyAsync();
        var body = WithImage();

        var open = new List<Task<HttpResponseMessage>>();
        var before = 0L;
        while (open.Count < Waiting + 1)
        {
            open.Add(SendAsync(key, body));
            await waits.WaitForAsync(open.Count);
            if (open.Count == 1)
                before = GC.GetTotalMemory(forceFullCollection: true);
        }

        var kept = GC.GetTotalMemory(forceFullCollection: true) - before;
        gateway.Services.GetRequiredService<LargeBodies>().Bytes.Should().Be(0);
        gateway.Xai.FinishVideos();
        foreach (var response in await Task.WhenAll(open))
        {
            response.StatusCode.Should().Be(HttpStatusCode.OK);
            response.Dispose();
        }

        kept.Should().BeLessThan(MostBytes);
    }

    [Fact]
    public async Task Image_CountsAsLarge_UntilItIsInTheMediaStore()
    {
        var media = new FaultyMedia();
        await using var gateway = await TestGateway.StartAsync(configuration: VideoGateway.Fast, customize: media.Install);
        var key = await gateway.CreateKeyAsync();
        var large = gateway.Services.GetRequiredService<LargeBodies>();
        media.HoldSaves();

        var sent = SendAsync(key, WithImage("A cup of tea"));
        await media.Saving;
        large.Bytes.Should().BeGreaterThanOrEqualTo(ImageBytes * 4L / 3);
        media.LetSaves();

        using var response = await sent;
        response.StatusCode.Should().Be(HttpStatusCode.OK);
        large.Bytes.Should().Be(0);
    }

    private static byte[] WithImage(string prompt = "[[sim:video=never]]")
    {
        var image = new byte[ImageBytes];
        new byte[] { 0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a }.CopyTo(image, 0);
        return Encoding.ASCII.GetBytes(
            $$"""{"model":"xai/grok-imagine-video","prompt":"{{prompt}}","duration_seconds":1,"image":{"url":"data:image/png;base64,{{Convert.ToBase64String(image)}}"} }""");
    }

    private static async Task<HttpResponseMessage> SendAsync(TestKey key, byte[] body)
    {
        // All share the one array, so that what is measured is the gateway's.
        using var request = new HttpRequestMessage(HttpMethod.Post, VideoGateway.Path) { Content = new ByteArrayContent(body) };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", key.Text);
        request.Headers.Add("Idempotency-Key", "one");
        return await key.Gateway.Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
    }

    /// <summary>Counts who waits for a job's end.</summary>
    private sealed class CountedWaits : IIncomingGrainCallFilter
    {
        private int _now;

        public async Task Invoke(IIncomingGrainCallContext context)
        {
            var isWait = context.Grain is IVideoJobGrain && context.MethodName == nameof(IVideoJobGrain.Wait);
            if (isWait)
                Interlocked.Increment(ref _now);
            try
            {
                await context.Invoke();
            }
            finally
            {
                if (isWait)
                    Interlocked.Decrement(ref _now);
            }
        }

        public async Task WaitForAsync(int count)
        {
            using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
            while (Volatile.Read(ref _now) < count)
                await Task.Delay(TimeSpan.FromMilliseconds(5), limit.Token);
        }
    }
}
