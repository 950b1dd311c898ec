using System.Text;
using System.Text.Json.Nodes;

using LlmTr.Xai.Catalogue;

namespace LlmTr.Xai.Tests.Catalogue;

public class CatalogueFileTests
{
    // Each row breaks one field of the first model (or the whole file) and names what the complaint must say.
    public static TheoryData<string, string, string> BrokenFields => new()
    {
        { "id", "\"grok-4.3\"", "models.json: models[0]: 'id' must be 'xai/' and a name" },
        { "id", "\"xai/Grok\"", "models.json: models[0]: 'id' must be" },
        { "id", "\"xai/grok:high\"", "models.json: models[0]: 'id' must be" },
        { "id", "\"xai/\"", "models.json: models[0]: 'id' must be" },
        { "id", "7", "models.json: models[0]: 'id' must be a text" },
        { "id", "\"xai/grok-4.20-0309-reasoning\"", "model 'xai/grok-4.20-0309-reasoning': 'id' must not be there twice" },
        { "kind", "\"smell\"", "models.json: model 'xai/grok-4.3': 'kind' must be one of 'text', 'image'" },
        { "upstream_model", "\"\"", "model 'xai/grok-4.3': 'upstream_model' must be a text" },
        { "disabled", "0", "'disabled' must be true or false" },
        { "endpoints", "[]", "'endpoints' must be a list of paths" },
        { "endpoints", "[\"responses\"]", "'endpoints' must be a list of paths that begin with /v1/" },
        { "endpoints", "[\"/v1/responses\",\"/v1/responses\"]", "'endpoints' must be a list" },
        { "modalities.input", "[\"smell\"]", "'modalities.input' must be a list" },
        { "modalities.output", "[\"image\"]", "'modalities.output' must be a list" },
        { "prices", "[]", "'prices' must be an object" },
        { "prices.input", "0", "models.json: model 'xai/grok-4.3': 'prices.input' must be a whole number from 1 to 10000000" },
        { "prices.input", "12500.5", "'prices.input' must be a whole number" },
        { "prices.input", "\"12500\"", "'prices.input' must be a whole number" },
        { "prices.input", "10000001", "'prices.input' must be a whole number" },
        { "prices.input", "1e99", "'prices.input' must be a whole number" },
        { "prices.cached", "12501", "'prices.cached' must be a whole number from 0 to 12500" },
        { "prices.output", "-1", "'prices.output' must be" },
        { "prices.reasoning", "1", "'prices.reasoning' is not a known field" },
        { "long_context.from_tokens", "0", "'long_context.from_tokens' must be" },
        { "long_context.prices.input", "12499", "'long_context.prices.input' must be a whole number from 12500" },
        { "long_context.prices.cached", "1999", "'long_context.prices.cached' must be" },
        { "long_context.prices.output", "24999", "'long_context.prices.output' must be" },
        { "context_length", "100000001", "'context_length' must be" },
        { "input_ceiling_tokens", "1000001", "'input_ceiling_tokens' must be a whole number from 1 to 1000000" },
        { "most_output_tokens", "1000001", "'most_output_tokens' must be" },
        { "default_max_output_tokens", "1000001", "'default_max_output_tokens' must be" },
        { "least_output_tokens", "128001", "'least_output_tokens' must be a whole number from 1 to 128000" },
        { "least_hold_ticks", "-1", "'least_hold_ticks' must be" },
        { "tokens_per_image", "0", "'tokens_per_image' must be" },
        { "function_tools", "null", "'function_tools' must be true or false" },
        { "created", "-1", "'created' must be" },
        { "effort", "null", "'effort' must be an object" },
        { "effort.agents.max", "1", "'effort.agents.max' must be one of none, low, medium, high, xhigh" },
        { "effort.agents.low", "65", "'effort.agents.low' must be a whole number from 1 to 64" },
        { "effort.default", "\"xhigh\"", "'effort.default' must be one of the levels under 'agents'" },
        { "effort.note", "\"x\"", "'effort.note' is not a known field" },
        { "price", "{}", "models.json: model 'xai/grok-4.3': 'price' is not a known field" },
    };

    [Theory]
    [MemberData(nameof(BrokenFields))]
    public void Parse_WrongField_NamesFileModelAndField(string path, string value, string complaint)
    {
        var file = ShippedFile();
        var parts = path.Split('.');
        var parent = parts[..^1].Aggregate(file["models"]![0]!, (node, name) => node[name]!);
        parent[parts[^1]] = JsonNode.Parse(value);

        ShouldComplain(file.ToJsonString(), complaint);
    }

    // Each row breaks one field of a model of another kind.
    [Theory]
    [InlineData("xai/grok-imagine-image", "prices.output", "{}", "'prices.output' must hold at least one price")]
    [InlineData("xai/grok-imagine-image", "prices.output.1k", "-1", "'prices.output.1k' must be a whole number from 0 to")]
    [InlineData("xai/grok-imagine-image", "prices.output.1k", "1000000000001", "'prices.output.1k' must be a whole number")]
    [InlineData("xai/grok-imagine-image", "prices.input_image", "{\"1k\":1}", "'prices.input_image' must have a price at the same resolutions as 'output'")]
    [InlineData("xai/grok-imagine-image", "most_output_images", "101", "'most_output_images' must be a whole number from 1 to 100")]
    [InlineData("xai/grok-imagine-image", "aspect_ratios", "[\"wide\"]", "'aspect_ratios' must be a list of ratios")]
    [InlineData("xai/grok-imagine-image", "note", "7", "'note' must be a text")]
    [InlineData("xai/grok-imagine-image", "stop", "true", "'stop' is not a known field")]
    [InlineData("xai/grok-imagine-video", "least_seconds", "16", "'least_seconds' must be a whole number from 1 to 15")]
    [InlineData("xai/grok-imagine-video", "default_seconds", "16", "'default_seconds' must be a whole number from 1 to 15")]
    [InlineData("xai/grok-imagine-video", "prices.per_second.480p", "null", "'prices.per_second.480p' must be a whole number")]
    [InlineData("xai/grok-voice-tts", "voices", "[\"Eve\"]", "'voices' must be a list of words of lower-case letters")]
    [InlineData("xai/grok-voice-tts", "voice_aliases", "{\"alloy\":\"nobody\"}", "'voice_aliases.alloy' must be one of the voices")]
    [InlineData("xai/grok-voice-tts", "voice_aliases", "{\"alloy\":\"eve\",\"ALLOY\":\"leo\"}", "'voice_aliases.ALLOY' must be a name that is there once")]
    [InlineData("xai/grok-voice-tts", "formats", "[\"opus\"]", "'formats' must be a list of formats of mp3")]
    [InlineData("xai/grok-voice-tts", "sample_rates", "[8000,8000]", "'sample_rates' must be a list of whole numbers from 1 to 1000000, none of them twice")]
    [InlineData("xai/grok-voice-tts", "speed_percent.least", "151", "'speed_percent.least' must be a whole number from 1 to 150")]
    [InlineData("xai/grok-voice-stt", "unknown_length_seconds", "86401", "'unknown_length_seconds' must be a whole number from 1 to 86400")]
    [InlineData("xai/grok-voice-stt", "upstream_model", "\"x\"", "'upstream_model' is not a known field")]
    public void Parse_WrongFieldOfAnotherKind_NamesModelAndField(string id, string path, string value, string complaint)
    {
        var file = ShippedFile();
        var model = file["models"]!.AsArray().Single(model => (string?)model!["id"] == id)!;
        var parts = path.Split('.');
        parts[..^1].Aggregate(model, (node, name) => node[name]!)[parts[^1]] = JsonNode.Parse(value);

        ShouldComplain(file.ToJsonString(), $"model '{id}': {complaint}");
    }

    [Theory]
    [InlineData("upstream_model")]
    [InlineData("endpoints")]
    [InlineData("prices.input")]
    [InlineData("long_context.prices")]
    [InlineData("disabled")]
    [InlineData("effort.default")]
    public void Parse_MissingField_SaysWhatItMustBe(string path)
    {
        var file = ShippedFile();
        var parts = path.Split('.');
        var parent = parts[..^1].Aggregate(file["models"]![0]!, (node, name) => node[name]!);
        parent.AsObject().Remove(parts[^1]);

        ShouldComplain(file.ToJsonString(), $"models.json: model 'xai/grok-4.3': '{path}' is missing; it must be");
    }

    [Theory]
    [InlineData("", "models.json: not valid JSON")]
    [InlineData("{", "models.json: not valid JSON at line 1.")]
    [InlineData("[]", "models.json: the entry must be an object.")]
    [InlineData("{\"models\":[],\"retired\":[]}", "models.json: 'models' must hold at least one model.")]
    [InlineData("{\"retired\":[]}", "models.json: 'models' is missing")]
    [InlineData("{\"models\":[7],\"retired\":[]}", "models.json: models[0]: the entry must be an object.")]
    [InlineData("{\"models\":{},\"retired\":[]}", "models.json: 'models' must be a list.")]
    [InlineData("{\"models\":[{\"id\":\"\\ud800\"}],\"retired\":[]}", "models.json: not valid JSON: a text in it is not valid Unicode.")]
    [InlineData("{\"models\":[],\"models\":[]}", "models.json: not valid JSON")]
    public void Parse_WrongDocument_Complains(string json, string complaint) => ShouldComplain(json, complaint);

    [Theory]
    [InlineData("id", "xai/grok-3", "models.json: retired model 'xai/grok-3': 'id' must be a name")]
    [InlineData("id", "grok-*-fast", "'id' must be a name")]
    [InlineData("id", "*", "'id' must be a name")]
    [InlineData("id", "grok-4*", "models.json: retired model 'grok-4*': 'id' must not cover 'xai/grok-4.3'")]
    [InlineData("replacement_model", "xai/grok-5", "models.json: retired model 'grok-3*': 'replacement_model' must be the id of a model of this file")]
    [InlineData("retirement_date", "15.05.2026", "'retirement_date' must be a day")]
    [InlineData("note", "x", "'note' is not a known field")]
    public void Parse_WrongRetiredModel_NamesIt(string field, string value, string complaint)
    {
        var file = ShippedFile();
        file["retired"]![0]![field] = value;

        ShouldComplain(file.ToJsonString(), complaint);
    }

    [Fact]
    public void Parse_UnknownFieldOfTheFile_IsNamed()
    {
        var file = ShippedFile();
        file["models_"] = new JsonArray();

        ShouldComplain(file.ToJsonString(), "models.json: 'models_' is not a known field.");
    }

    [Fact]
    public void Parse_DisabledModelWithoutEffortAndWithByteOrderMark_IsRead()
    {
        var file = ShippedFile();
        file["models"]![0]!["disabled"] = true;
        file["models"]![0]!.AsObject().Remove("effort");
        byte[] json = [.. Encoding.UTF8.Preamble, .. Encoding.UTF8.GetBytes(file.ToJsonString())];

        ModelCatalogue.Parse(json, "models.json").TryFind("grok-4.3", out var model).Should().BeTrue();

        model!.Disabled.Should().BeTrue();
        ((TextModel)model).Effort.Agents.Should().BeEmpty();
    }

    [Fact]
    public void Load_MissingFile_SaysWhere()
    {
        var path = Path.Combine(AppContext.BaseDirectory, "nowhere", "models.json");

        FluentActions.Invoking(() => ModelCatalogue.Load(path)).Should().Throw<CatalogueException>()
            .WithMessage($"models.json: the file cannot be read at {path}; *");
    }

    private static JsonNode ShippedFile() => JsonNode.Parse(File.ReadAllBytes(ModelCatalogue.ShippedPath))!;

    private static void ShouldComplain(string json, string complaint) =>
        FluentActions.Invoking(() => ModelCatalogue.Parse(Encoding.UTF8.GetBytes(json), "models.json")).Should().Throw<CatalogueException>()
            .Which.Message.Should().Contain(complaint).And.EndWith(".").And.NotContain("\n");
}
