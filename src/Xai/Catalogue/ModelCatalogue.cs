using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;

namespace LlmTr.Xai.Catalogue;

/// <summary>
/// The models that the gateway sells, read from <c>models.json</c> and checked as a whole. It never changes: a new file makes a new
/// catalogue, and a request keeps the one it began with.
/// </summary>
public sealed class ModelCatalogue
{
    private readonly FrozenDictionary<string, CatalogueModel>.AlternateLookup<ReadOnlySpan<char>> _byName;

    internal ModelCatalogue(ImmutableArray<CatalogueModel> models, ImmutableArray<RetiredModel> retired)
    {
        Models = models;
        Retired = retired;
        _byName = models
            .SelectMany(model => new[] { KeyValuePair.Create(model.Id, model), KeyValuePair.Create(Unprefixed(model.Id).ToString(), model) })
            .ToFrozenDictionary(StringComparer.Ordinal)
            .GetAlternateLookup<ReadOnlySpan<char>>();
    }

    /// <summary>Where the file that ships with the program lies.</summary>
    public static string ShippedPath => Path.Combine(AppContext.BaseDirectory, "models.json");

    /// <summary>All models in the order of the file, those off sale too.</summary>
    public ImmutableArray<CatalogueModel> Models { get; }

    /// <summary>The names that are gone.</summary>
    public ImmutableArray<RetiredModel> Retired { get; }

    /// <summary>Reads a catalogue file. For the start of the program and for a reload, not for a request: it blocks on the disk.</summary>
    /// <exception cref="CatalogueException">The file is missing, unreadable or wrong.</exception>
    public static ModelCatalogue Load(string path)
    {
        var file = Path.GetFileName(path);
        try
        {
            return Parse(File.ReadAllBytes(path), file);
        }
        catch (Exception cause) when (cause is IOException or UnauthorizedAccessException)
        {
            throw new CatalogueException($"{file}: the file cannot be read at {path}; put a catalogue there or name another file.", cause);
        }
    }

    /// <summary>Reads a catalogue from JSON.</summary>
    /// <param name="json">The whole document, UTF-8.</param>
    /// <param name="file">What to call the document in a complaint.</param>
    /// <exception cref="CatalogueException">The document is wrong.</exception>
    public static ModelCatalogue Parse(ReadOnlyMemory<byte> json, string file) => CatalogueFile.Read(json, file);

    /// <summary>Finds a model by its public id, with or without <c>xai/</c>, exactly as written. A model off sale is found too.</summary>
    public bool TryFind(ReadOnlySpan<char> id, [NotNullWhen(true)] out CatalogueModel? model) => _byName.TryGetValue(id, out model);

    /// <summary>Finds what became of a name that is no longer served, with or without <c>xai/</c>.</summary>
    public bool TryFindRetired(ReadOnlySpan<char> id, [NotNullWhen(true)] out RetiredModel? retired)
    {
        var name = Unprefixed(id);
        foreach (var entry in Retired)
        {
            if (entry.Covers(name))
            {
                retired = entry;
                return true;
            }
        }

        retired = null;
        return false;
    }

    private static ReadOnlySpan<char> Unprefixed(ReadOnlySpan<char> id) =>
        id.StartsWith(CatalogueModel.IdPrefix, StringComparison.Ordinal) ? id[CatalogueModel.IdPrefix.Length..] : id;
}
