using System.Text.Json;
using LlmTr.Api.Tests.Errors.Languages;

namespace LlmTr.Api.Tests.Running;

/// <summary>Reads what came back.</summary>
public static class Answers
{
    public static async Task<JsonElement> JsonAsync(this HttpResponseMessage response) =>
        JsonSerializer.Deserialize<JsonElement>(await response.Content.ReadAsStringAsync());

    /// <summary>The error's status, type and param; fails when the body is not the envelope.</summary>
    public static async Task<(int Status, string Type, string? Param)> ErrorAsync(this HttpResponseMessage response)
    {
        var error = (await response.JsonAsync()).GetProperty("error");
        error.GetProperty("message").GetString().ShouldHaveTurkish();
        if (error.TryGetProperty("details", out var details) && details.TryGetProperty("hint", out var hint))
            hint.GetString().ShouldHaveTurkish();
        error.GetProperty("code").GetString().Should().Be(error.GetProperty("type").GetString());
        error.GetProperty("request_id").GetString().Should().Be(response.Headers.GetValues("X-Request-Id").Single());
        return ((int)response.StatusCode, error.GetProperty("type").GetString()!, error.GetProperty("param").GetString());
    }

    public static string Text(this JsonElement json, string name) => json.GetProperty(name).GetString()!;

    public static long Number(this JsonElement json, string name) => json.GetProperty(name).GetInt64();

    public static string? Header(this HttpResponseMessage response, string name) =>
        response.Headers.TryGetValues(name, out var values) ? string.Join(", ", values) : null;
}
