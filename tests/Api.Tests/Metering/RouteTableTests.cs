using LlmTr.Api.Metering;
using LlmTr.Api.Tests.Audio;
using LlmTr.Api.Tests.Running;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace LlmTr.Api.Tests.Metering;

/// <summary>No way to xAI but through a hold.</summary>
public sealed class RouteTableTests(SharedGateway shared) : IClassFixture<SharedGateway>
{
    /// <summary>A valid request for each metered route. A new route needs a line here, and the test shows that it holds money.</summary>
    private static readonly Dictionary<string, string?> Examples = new()
    {
        ["/v1/responses"] = TestKey.Hello,
        ["/v1/chat/completions"] = """{"model":"xai/grok-4.3","messages":[{"role":"user","content":"Hello"}]}""",
        ["/v1/audio/speech"] = """{"model":"xai/grok-voice-tts","input":"Hello"}""",
        ["/v1/audio/transcriptions"] = """{"model":"xai/grok-voice-stt","audio_base64":"T2dnUw=="}""",
        ["/v1/tts"] = """{"text":"Hello","language":"en","output_format":{"codec":"mp3"}}""",
        ["/v1/videos/generations"] = """{"model":"grok-imagine-video","prompt":"A cup of coffee","duration":1}""",
        ["/v1/video/generations"] = """{"model":"xai/grok-imagine-video","prompt":"A cup of tea","duration_seconds":1}""",
        ["/v1/images/generations"] = """{"model":"xai/grok-imagine-image","prompt":"a cat"}""",
        ["/v1/images/edits"] = """{"model":"xai/grok-imagine-image","prompt":"a hat","image":{"url":"https://example.com/cat.png"}}""",

        // A form with a file.
        ["/v1/stt"] = null,
    };

    // Refused by name, whatever the method.
    private static readonly string[] Refused =
        ["/v1/files/{**rest}", "/v1/realtime/{**rest}", "/v1/collections/{**rest}", "/v1/videos/edits/{**rest}", "/v1/videos/extensions/{**rest}"];

    private IEnumerable<RouteEndpoint> Routes =>
        shared.Gateway.Services.GetRequiredService<IEnumerable<EndpointDataSource>>().SelectMany(source => source.Endpoints).OfType<RouteEndpoint>().Distinct();

    [Fact]
    public void EveryPostOfACustomer_IsMetered()
    {
        var unmetered = Routes
            .Where(route => !route.RoutePattern.RawText!.StartsWith("/admin/", StringComparison.Ordinal))
            .Where(route => route.Metadata.GetMetadata<IHttpMethodMetadata>()?.HttpMethods.All(static method => method is "GET" or "HEAD") is not true)
            .Where(route => route.Metadata.GetMetadata<MeteredRoute>() is null)
            .Select(route => route.RoutePattern.RawText);

        unmetered.Should().BeEquivalentTo(Refused);
    }

    [Fact]
    public async Task EveryMeteredRoute_HoldsMoneyBeforeItSends()
    {
        var metered = Routes.Where(route => route.Metadata.GetMetadata<MeteredRoute>() is not null).Select(route => route.RoutePattern.RawText!).ToArray();
        metered.Should().BeEquivalentTo(Examples.Keys);
        foreach (var path in metered)
        {
            shared.Gateway.Xai.Gate.Close();
            var key = await shared.Gateway.CreateKeyAsync();
            var answer = Examples[path] is { } body ? shared.Gateway.SendAsync(HttpMethod.Post, path, key.Text, body) : key.UploadToAsync(path, AudioRequests.Wave(100));
            await shared.Gateway.Xai.Gate.WaitForWaitingAsync(1);

            (await key.LedgerAsync()).Select(entry => entry.Text("kind")).Should().Equal("hold_placed");
            shared.Gateway.Xai.Gate.Open();
            (await answer).EnsureSuccessStatusCode();
            (await key.SettledLedgerAsync()).Select(entry => entry.Text("kind")).Should().Equal("hold_placed", "hold_settled");
        }
    }
}
