using System.Text.Json;

namespace LlmTr.XaiSimulator.Tests;

/// <summary>Videos: starting them and looking at them.</summary>
public abstract class VideoTest : MediaTest
{
    protected const string Generations = "/v1/videos/generations";

    protected static string Clip(string prompt = "a cat", string more = "\"duration\":5") =>
        $$"""{"model":"grok-imagine-video","prompt":{{JsonSerializer.Serialize(prompt)}}{{(more.Length > 0 ? "," : "")}}{{more}}}""";

    /// <summary>Starts a video and returns its id.</summary>
    protected async Task<string> StartAsync(string body)
    {
        var (status, json) = await JsonFromAsync(Generations, body);
        status.Should().Be(200);
        return json.GetProperty("request_id").GetString()!;
    }

    /// <summary>Looks at a video: its status and its body.</summary>
    protected async Task<(int Status, string Text)> LookAsync(string id)
    {
        using var response = await GetAsync($"/v1/videos/{id}");
        return ((int)response.StatusCode, await response.Content.ReadAsStringAsync(Bound));
    }

    protected async Task<(int Status, string Text)> LookUntilNotPendingAsync(string id)
    {
        for (; ; )
        {
            var look = await LookAsync(id);
            if (look.Status != 202)
                return look;
        }
    }
}
