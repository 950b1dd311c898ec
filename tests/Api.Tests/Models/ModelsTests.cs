using System.Text.Json;
using LlmTr.Api.Tests.Running;

namespace LlmTr.Api.Tests.Models;

/// <summary>What is sold, as anybody can read it.</summary>
public sealed class ModelsTests(SharedGateway shared) : IClassFixture<SharedGateway>
{
    [Fact]
    public async Task List_HoldsEveryModelThatIsSold_WithoutAKey()
    {
        using var response = await GetAsync("/v1/models");

        var json = await response.JsonAsync();
        json.Text("object").Should().Be("list");
        var models = json.GetProperty("data").EnumerateArray().ToArray();
        models.Select(model => model.Text("id")).Should().Equal(
            "xai/grok-4.3", "xai/grok-4.20-multi-agent", "xai/grok-4.20-0309-reasoning", "xai/grok-4.20-0309-non-reasoning", "xai/grok-imagine-image",
            "xai/grok-imagine-image-quality", "xai/grok-imagine-video", "xai/grok-voice-tts", "xai/grok-voice-stt");
        foreach (var model in models)
        {
            model.EnumerateObject().Select(member => member.Name).Should().Equal(
                "id", "object", "created", "owned_by", "endpoints", "modalities", "context_length", "pricing");
            model.Text("object").Should().Be("model");
            model.Number("created").Should().BePositive();
            model.GetProperty("endpoints").GetArrayLength().Should().BePositive();
            model.GetProperty("pricing").GetArrayLength().Should().BePositive();
        }
    }

    [Theory]
    [InlineData("xai/grok-4.3")]
    [InlineData("xai%2Fgrok-4.3")]
    [InlineData("grok-4.3")]
    public async Task One_IsFoundByItsId_HoweverTheSlashIsWritten(string id)
    {
        using var response = await GetAsync($"/v1/models/{id}");

        var model = await response.JsonAsync();
        model.Text("id").Should().Be("xai/grok-4.3");
        model.Number("context_length").Should().Be(1_000_000);
        Price(model, "RESPONSES", "input_tokens").Should().Be("1.25");
        Price(model, "RESPONSES", "cached_input_tokens").Should().Be("0.2");
        Price(model, "RESPONSES", "output_tokens_from_200000_input_tokens").Should().Be("5");
        model.GetRawText().Should().NotContain("upstream");
    }

    [Theory]
    [InlineData("xai/grok-nope", 404, "model_not_found")]
    [InlineData("xai%2F..%2Fgrok", 404, "model_not_found")]
    [InlineData("xai/grok-3-mini", 410, "model_retired")]
    public async Task NoSuchModel_IsSaidSo(string id, int status, string type)
    {
        using var response = await GetAsync($"/v1/models/{id}");

        (await response.ErrorAsync()).Should().Be((status, type, "model"));
    }

    [Theory]
    [InlineData("", 9)]
    [InlineData("?operation=RESPONSES", 4)]
    [InlineData("?operation=images_edits", 2)]
    [InlineData("?operation=VIDEO_GENERATIONS", 1)]
    [InlineData("?modality=audio", 2)]
    [InlineData("?modality=image&operation=IMAGES_GENERATIONS", 2)]
    [InlineData("?modality=audio&operation=RESPONSES", 0)]
    public async Task PriceList_IsFilteredByOperationAndModality(string query, int offers)
    {
        using var response = await GetAsync("/api/models" + query);

        var data = (await response.JsonAsync()).GetProperty("data").EnumerateArray().ToArray();
        data.Should().HaveCount(offers);
        foreach (var offer in data)
            offer.EnumerateObject().Select(member => member.Name).Should().Equal("canonicalId", "modalities", "operations", "pricing");
    }

    [Theory]
    [InlineData("xai/grok-imagine-image-quality", "IMAGES_EDITS", "output_image_2k", "0.06", "image")]
    [InlineData("xai/grok-imagine-video", "VIDEO_GENERATIONS", "output_video_720p", "0.07", "second")]
    [InlineData("xai/grok-voice-tts", "AUDIO_SPEECH", "input_characters", "15", "1M characters")]
    [InlineData("xai/grok-voice-stt", "AUDIO_TRANSCRIPTIONS", "input_audio", "0.1", "hour")]
    public async Task PriceList_TellsDollarsAUnit(string id, string operation, string metric, string price, string unit)
    {
        using var response = await GetAsync("/api/models");

        var offer = (await response.JsonAsync()).GetProperty("data").EnumerateArray().Single(offer => offer.Text("canonicalId") == id);
        Price(offer, operation, metric).Should().Be(price);
        offer.GetProperty("pricing").EnumerateArray().Single(line => line.Text("operation") == operation && line.Text("metric") == metric).Text("unit").Should().Be(unit);
    }

    [Theory]
    [InlineData("operation=DANCE", "operation")]
    [InlineData("modality=smell", "modality")]
    public async Task PriceList_OfSomethingElse_IsRefusedByName(string query, string param)
    {
        using var response = await GetAsync("/api/models?" + query);

        (await response.ErrorAsync()).Should().Be((400, "invalid_request_error", param));
    }

    private static string Price(JsonElement model, string operation, string metric) => model.GetProperty("pricing").EnumerateArray()
        .Single(line => line.Text("operation") == operation && line.Text("metric") == metric).Text("price");

    private Task<HttpResponseMessage> GetAsync(string path) => shared.Gateway.Http.GetAsync(new Uri(path, UriKind.Relative));
}
