using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using System.Text.Json;

namespace LlmTr.Xai.Catalogue;

/// <summary>Reads <c>models.json</c>: strict JSON, every field required but <c>note</c> and a text model's <c>effort</c>, every number within a range that no quote can overflow.</summary>
internal static class CatalogueFile
{
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

    private static CatalogueModel ReadModel(JsonElement element, string file, string unnamed)
    {
        var nameless = new CatalogueFields(element, unnamed, "");
        var id = nameless.Text("id");
        if (!id.StartsWith(CatalogueModel.IdPrefix, StringComparison.Ordinal) || !IsName(id.AsSpan(CatalogueModel.IdPrefix.Length)))
            throw nameless.Wrong("id", "must be 'xai/' and a name of lower-case letters, digits, dots and dashes");

        var fields = new CatalogueFields(element, $"{file}: model '{id}'", "");
        fields.Text("id");
        fields.Note("note");
        CatalogueModel model = fields.Text("kind") switch
        {
            "text" => TextModelEntry.Read(fields, id),
            "image" => ImageModelEntry.Read(fields, id),
            "video" => VideoModelEntry.Read(fields, id),
            "speech" => SpeechModelEntry.Read(fields, id),
            "transcription" => TranscriptionModelEntry.Read(fields, id),
            _ => throw fields.Wrong("kind", "must be one of 'text', 'image', 'video', 'speech', 'transcription'"),
        };
        fields.Finish();
        return model;
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
