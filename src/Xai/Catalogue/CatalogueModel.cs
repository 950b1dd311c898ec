using System.Collections.Immutable;

namespace LlmTr.Xai.Catalogue;

/// <summary>What every model of the catalogue has, whatever its kind. Each kind (text, image, video, speech, transcription) is a class of its own.</summary>
public abstract class CatalogueModel
{
    /// <summary>What every public id begins with; a caller may leave it out.</summary>
    public const string IdPrefix = "xai/";

    /// <summary>The id that customers see: <see cref="IdPrefix"/> and a name of lower-case letters, digits, dots and dashes.</summary>
    public required string Id { get; init; }

    /// <summary>When the model came out, in Unix seconds, for the OpenAI-style listing.</summary>
    public required long CreatedUnixSeconds { get; init; }

    /// <summary>True while the operator has taken the model off sale.</summary>
    public required bool Disabled { get; init; }

    /// <summary>The gateway's paths that serve this model, such as <c>/v1/responses</c>. At least one.</summary>
    public required ImmutableArray<string> Endpoints { get; init; }

    /// <summary>What goes in: <c>text</c>, <c>image</c>, <c>audio</c>.</summary>
    public required ImmutableArray<string> InputModalities { get; init; }

    /// <summary>What comes out: <c>text</c>, <c>image</c>, <c>video</c>, <c>audio</c>.</summary>
    public required ImmutableArray<string> OutputModalities { get; init; }

    /// <summary>True when the gateway's path serves this model.</summary>
    public bool Serves(string endpoint) => Endpoints.Contains(endpoint, StringComparer.Ordinal);
}
