using System.Collections.Immutable;
using LlmTr.Money;

namespace LlmTr.Xai.Catalogue;

/// <summary>Reads a text model's entry in the catalogue file.</summary>
internal static class TextModelEntry
{
    public static TextModel Read(CatalogueFields model, string id)
    {
        var modalities = model.Object("modalities");
        var longContext = model.Object("long_context");
        var prices = ReadPrices(model.Object("prices"));
        var context = (int)model.Number("context_length", 1, TextModel.MostTokens);
        var mostOutput = (int)model.Number("most_output_tokens", 1, context);
        var defaultOutput = (int)model.Number("default_max_output_tokens", 1, mostOutput);
        var text = new TextModel
        {
            Id = id,
            UpstreamModel = model.Text("upstream_model"),
            CreatedUnixSeconds = model.Created(),
            Disabled = model.Flag("disabled"),
            Endpoints = model.Endpoints(),
            InputModalities = modalities.Texts("input", modality => modality is "text" or "image", "'text' and 'image'"),
            OutputModalities = modalities.Texts("output", modality => modality is "text", "'text'"),
            Prices = prices,
            LongContextFromTokens = (int)longContext.Number("from_tokens", 1, TextModel.MostTokens),
            LongContextPrices = ReadPrices(longContext.Object("prices"), prices),
            ContextTokens = context,
            InputCeilingTokens = (int)model.Number("input_ceiling_tokens", 1, context),
            DefaultMaxOutputTokens = defaultOutput,
            LeastOutputTokens = (int)model.Number("least_output_tokens", 1, defaultOutput),
            MostOutputTokens = mostOutput,
            IgnoresMaxOutputTokens = model.Flag("ignores_max_output_tokens"),
            LeastHold = new UsdTicks(model.Number("least_hold_ticks", 0, ModelEntry.MostPriceTicks)),
            TokensPerImage = (int)model.Number("tokens_per_image", 1, 1_000_000),
            FunctionTools = model.Flag("function_tools"),
            Stop = model.Flag("stop"),
            Effort = model.ObjectIfThere("effort") is { } effort ? ReadEffort(effort) : ModelEffort.NoLevels,
        };
        modalities.Finish();
        longContext.Finish();
        return text;
    }

    private static TextPrices ReadPrices(CatalogueFields fields, TextPrices atLeast = default)
    {
        var input = fields.Number("input", Math.Max(1, atLeast.Input.Value), TextPrices.MostTicksPerToken);
        var prices = new TextPrices(
            new UsdTicks(input),
            new UsdTicks(fields.Number("cached", atLeast.Cached.Value, input)),
            new UsdTicks(fields.Number("output", Math.Max(1, atLeast.Output.Value), TextPrices.MostTicksPerToken)));
        fields.Finish();
        return prices;
    }

    private static ModelEffort ReadEffort(CatalogueFields fields)
    {
        var byLevel = fields.Object("agents");
        var agents = ImmutableSortedDictionary.CreateBuilder<EffortLevel, int>();
        foreach (var name in byLevel.Names())
        {
            var level = EffortLevels.FromWord(name) ?? throw byLevel.Wrong(name, "must be one of none, low, medium, high, xhigh");
            agents.Add(level, (int)byLevel.Number(name, 1, ModelEffort.MostAgents));
        }

        if (EffortLevels.FromWord(fields.Text("default")) is not { } usual || !agents.ContainsKey(usual))
            throw fields.Wrong("default", "must be one of the levels under 'agents'");
        var effort = new ModelEffort { Agents = agents.ToImmutable(), Default = usual, SendsDefault = fields.Flag("send_default") };
        fields.Finish();
        return effort;
    }
}
