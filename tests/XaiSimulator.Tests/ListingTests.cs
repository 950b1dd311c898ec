using System.Net;
using System.Text.Json;

namespace LlmTr.XaiSimulator.Tests;

/// <summary>The other lists of models, single models and the key (xAI contract, sections 8 and 10.7).</summary>
public sealed class ListingTests : MediaTest
{
    [Theory]
    [InlineData("/v1/language-models", "grok-4.3")]
    [InlineData("/v1/image-generation-models", "grok-imagine-image")]
    [InlineData("/v1/video-generation-models", "grok-imagine-video")]
    public async Task List_HasItsModels_AndEachOfThemIsFound(string path, string id)
    {
        using var all = await GetAsync(path);
        using var one = await GetAsync($"{path}/{id}");

        var first = JsonElement.Parse(await all.Content.ReadAsStringAsync(Bound)).GetProperty("models")[0];
        first.GetProperty("id").GetString().Should().Be(id);
        (await one.Content.ReadAsStringAsync(Bound)).Should().Be(first.GetRawText());
    }

    [Fact]
    public async Task Model_IsFoundByItsAlias_AndAnUnknownOneIsNot()
    {
        using var alias = await GetAsync("/v1/models/grok-latest");
        using var none = await GetAsync("/v1/models/grok-nope");
        using var post = await PostToAsync("/v1/models", "{}");

        JsonElement.Parse(await alias.Content.ReadAsStringAsync(Bound)).GetProperty("id").GetString().Should().Be("grok-4.3");
        none.StatusCode.Should().Be(HttpStatusCode.NotFound);
        post.StatusCode.Should().Be(HttpStatusCode.MethodNotAllowed);
    }

    [Fact]
    public async Task ImagePrices_AreTicks()
    {
        using var response = await GetAsync("/v1/image-generation-models/grok-imagine-image");

        var model = JsonElement.Parse(await response.Content.ReadAsStringAsync(Bound));
        model.GetProperty("image_price").GetInt64().Should().Be(200_000_000);
        model.GetProperty("pricing")[0].GetRawText().Should().Be("""{"quality":"low","resolution":"1k","price_per_image":200000000}""");
    }

    [Fact]
    public async Task Key_CanBeLookedAt()
    {
        using var response = await GetAsync("/v1/api-key");
        Client.DefaultRequestHeaders.Authorization = null;
        using var keyless = await GetAsync("/v1/api-key");

        (await response.Content.ReadAsStringAsync(Bound)).Should().Contain("\"api_key_blocked\":false").And.NotContain(Simulator.ApiKey);
        keyless.StatusCode.Should().Be(HttpStatusCode.Unauthorized);
    }
}
