using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using System.Text.Json;

using LlmTr.Money;

namespace LlmTr.Xai.Catalogue;

/// <summary>Reads <c>models.json</c>: strict JSON, every field required but <c>effort</c>, every number within a range that no quote can overflow.</summary>
internal static class CatalogueFile
{
    // 100 USD: far above any request, so that a slip of zeros in the file is noticed.
    private const long MostHoldTicks = 100 * UsdTicks.PerUsd;

    private static readonly JsonDocumentOptions Strict = new() { AllowDuplicateProperties = false };

    /// <exception cref="CatalogueException">Anything is wrong.</exception>
    public static ModelCatalogue Read(ReadOnlyMemory<byte> json, string file)
    {
        // Some editors put a byte order mark in front, which is no JSON but does no harm either.
        if (json.Span.StartsWith(Encoding.UTF8.Preamble))
            json = json[Encoding.UTF8.Preamble.Length..];
        try
        {
            using var document = JsonDocument.Parse(json, Strict);
            return ReadRoot(new CatalogueFields(document.RootElement, file, ""), file);
        }
        catch (JsonException cause)
        {
            throw new CatalogueException(
                cause.LineNumber is { } line ? $"{file}: not valid JSON at line {line + 1}." : $"{file}: not valid JSON: {cause.Message}", cause);
        }
        catch (InvalidOperationException cause)
        {
            // What a text throws that is not UTF-8 or holds half a surrogate pair.
            throw new CatalogueException($"{file}: not valid JSON: a text in it is not valid Unicode.", cause);
        }
    }

    private static ModelCatalogue ReadRoot(CatalogueFields root, string file)
    {
        var models = ImmutableArray.CreateBuilder<CatalogueModel>();
        foreach (var element in root.Objects("models"))
        {
            var model = ReadModel(element, file, $"{file}: models[{models.Count}]");
            if (models.Any(known => known.Id == model.Id))
                throw new CatalogueException($"{file}: model '{model.Id}': 'id' must not be there twice.");
            models.Add(model);
        }

        if (models.Count == 0)
            throw root.Wrong("models", "must hold at least one model");

        var retired = ImmutableArray.CreateBuilder<RetiredModel>();
        foreach (var element in root.Objects("retired"))
            retired.Add(ReadRetired(element, file, retired.Count, models));
        root.Finish();
        return new ModelCatalogue(models.ToImmutable(), retired.ToImmutable());
    }

    private static TextModel ReadModel(JsonElement element, string file, string unnamed)
    {
        var nameless = new CatalogueFields(element, unnamed, "");
        var id = nameless.Text("id");
        if (!id.StartsWith(CatalogueModel.IdPrefix, StringComparison.Ordinal) || !IsName(id.AsSpan(CatalogueModel.IdPrefix.Length)))
            throw nameless.Wrong("id", "must be 'xai/' and a name of lower-case letters, digits, dots and dashes");

        var model = new CatalogueFields(element, $"{file}: model '{id}'", "");
        model.Text("id");
        return model.Text("kind") == "text" ? ReadText(model, id) : throw model.Wrong("kind", "must be 'text', the only kind there is so far");
    }

    private static TextModel ReadText(CatalogueFields model, string id)
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
            CreatedUnixSeconds = model.Number("created", 0, 253_402_300_799),
            Disabled = model.Flag("disabled"),
            Endpoints = model.Texts("endpoints", path => path.StartsWith("/v1/", StringComparison.Ordinal), "paths that begin with /v1/"),
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
            LeastHold = new UsdTicks(model.Number("least_hold_ticks", 0, MostHoldTicks)),
            TokensPerImage = (int)model.Number("tokens_per_image", 1, 1_000_000),
            FunctionTools = model.Flag("function_tools"),
            Stop = model.Flag("stop"),
            Effort = model.ObjectIfThere("effort") is { } effort ? ReadEffort(effort) : ModelEffort.NoLevels,
        };
        modalities.Finish();
        longContext.Finish();
        model.Finish();
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

    private static RetiredModel ReadRetired(JsonElement element, string file, int index, IEnumerable<CatalogueModel> models)
    {
        var nameless = new CatalogueFields(element, $"{file}: retired[{index}]", "");
        var pattern = nameless.Text("id");
        var fields = new CatalogueFields(element, $"{file}: retired model '{pattern}'", "");
        fields.Text("id");
        if (!IsName(pattern.EndsWith('*') ? pattern.AsSpan(..^1) : pattern))
            throw fields.Wrong("id", "must be a name of lower-case letters, digits, dots and dashes, without 'xai/', at most one '*' at its end");

        var replacement = fields.Text("replacement_model");
        if (models.All(model => model.Id != replacement))
            throw fields.Wrong("replacement_model", "must be the id of a model of this file");
        if (!DateOnly.TryParseExact(fields.Text("retirement_date"), "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var date))
            throw fields.Wrong("retirement_date", "must be a day written as 2026-05-15");
        fields.Finish();

        var retired = new RetiredModel(pattern, replacement, date);
        return models.FirstOrDefault(model => retired.Covers(model.Id.AsSpan(CatalogueModel.IdPrefix.Length))) is { } sold
            ? throw fields.Wrong("id", $"must not cover '{sold.Id}', which is a model of this file")
            : retired;
    }

    private static bool IsName(ReadOnlySpan<char> name)
    {
        foreach (var c in name)
        {
            if (!char.IsAsciiLetterLower(c) && !char.IsAsciiDigit(c) && c is not ('.' or '-'))
                return false;
        }

        return !name.IsEmpty;
    }
}
