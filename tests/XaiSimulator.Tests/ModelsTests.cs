using System.Net;
using System.Text.Json;

namespace LlmTr.XaiSimulator.Tests;

/// <summary><c>GET /v1/models</c> (xAI contract, sections 8 and 10.7).</summary>
public sealed class ModelsTests : SimulatorTest
{
    [Fact]
    public async Task Models_AreListedAsTheContractShowsThem()
    {
        using var response = await Client.GetAsync(new Uri(Simulator.BaseUrl, "/v1/models"), Bound);

        response.Headers.Contains("X-Ratelimit-Limit-Requests").Should().BeFalse("listings carry no rate limits");
        var list = JsonElement.Parse(await response.Content.ReadAsStringAsync(Bound));
        list.GetProperty("object").GetString().Should().Be("list");
        list.GetProperty("data").EnumerateArray().Select(model => model.GetProperty("id").GetString()).Should().Equal(
            "grok-4.3", "grok-4.20-0309-reasoning", "grok-4.20-0309-non-reasoning", "grok-4.20-multi-agent-0309");
        list.GetProperty("data")[0].GetRawText().Should().Be("""
            {"id":"grok-4.3","aliases":["grok-4.3-latest","grok-latest"],"context_length":1000000,"created":1776384000,"object":"model","owned_by":"xai",
            "prompt_text_token_price":12500,"cached_prompt_text_token_price":2000,"prompt_image_token_price":12500,"completion_text_token_price":25000,
            "prompt_text_token_price_long_context":25000,"cached_prompt_text_token_price_long_context":4000,"completion_text_token_price_long_context":50000,
            "long_context_threshold":200000}
            """.ReplaceLineEndings(""));
    }

    [Fact]
    public async Task Models_NeedAKey()
    {
        using var keyless = new HttpClient();
        using var response = await keyless.GetAsync(new Uri(Simulator.BaseUrl, "/v1/models"), Bound);

        response.StatusCode.Should().Be(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task Models_CanBeScriptedByTheirPath_AndDoNotUseUpAScriptForPosts()
    {
        Simulator.Enqueue(new Control.Behaviour { Status = 500 });
        Simulator.Enqueue(new Control.Behaviour { Status = 503 }, match: new Control.RequestMatch { Path = "/v1/models" });

        using var scripted = await Client.GetAsync(new Uri(Simulator.BaseUrl, "/v1/models"), Bound);
        using var healthy = await Client.GetAsync(new Uri(Simulator.BaseUrl, "/v1/models"), Bound);
        using var post = await PostAsync(Ask("x"));

        ((int)scripted.StatusCode).Should().Be(503);
        ((int)healthy.StatusCode).Should().Be(200);
        ((int)post.StatusCode).Should().Be(500);
    }
}
