using System.Net;
using System.Text.Json;
using LlmTr.Api.Tests.Running;

namespace LlmTr.Api.Tests.Video;

/// <summary>Video requests of a test's customer.</summary>
internal static class VideoGateway
{
    public const string Path = "/v1/video/generations";

    public const string Clip = """{"model":"xai/grok-imagine-video","prompt":"A cup of tea","duration_seconds":2}""";

    /// <summary>Milliseconds in place of seconds.</summary>
    public static Dictionary<string, string?> Fast => new()
    {
        ["Video:FirstPoll"] = "00:00:00.010",
        ["Video:LongestPoll"] = "00:00:00.050",
        ["Video:AttendedPoll"] = "00:00:00.010",
        ["Video:FirstRetry"] = "00:00:00.020",
        ["Video:SweepEvery"] = "00:00:00.500",
    };

    public static Task<HttpResponseMessage> StartVideoAsync(this TestKey key, string body = Clip, params (string Name, string Value)[] headers) =>
        key.Gateway.SendAsync(HttpMethod.Post, Path, key.Text, body, default, headers);

    public static Task<HttpResponseMessage> GetAsync(this TestKey key, string path, params (string Name, string Value)[] headers) =>
        key.Gateway.SendAsync(HttpMethod.Get, path, key.Text, null, default, headers);

    public static async Task<JsonElement> FinishedAsync(this TestKey key, string body = Clip)
    {
        using var response = await key.StartVideoAsync(body);
        response.StatusCode.Should().Be(HttpStatusCode.OK);
        return await response.JsonAsync();
    }

    public static string With(string more, string prompt = "A cup of tea") => $$"""{"model":"xai/grok-imagine-video","prompt":"{{prompt}}","duration_seconds":2{{more}}}""";
}

/// <summary>One gateway with fast polls for all tests of a class.</summary>
public sealed class SharedVideoGateway : IAsyncLifetime
{
    public TestGateway Gateway { get; private set; } = null!;

    public async Task InitializeAsync() => Gateway = await TestGateway.StartAsync(configuration: VideoGateway.Fast);

    public async Task DisposeAsync() => await Gateway.DisposeAsync();
}
