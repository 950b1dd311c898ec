namespace LlmTr.Xai.Catalogue;

/// <summary>Model names that are no longer served.</summary>
/// <param name="Pattern">A name without prefix, exact or ending in <c>*</c> for all names that begin so.</param>
/// <param name="ReplacementModel">The public id to use instead.</param>
/// <param name="RetirementDate">The day from which the names are gone.</param>
public sealed record RetiredModel(string Pattern, string ReplacementModel, DateOnly RetirementDate)
{
    /// <summary>True when the name, without its <c>xai/</c>, is meant by the pattern.</summary>
    public bool Covers(ReadOnlySpan<char> name) =>
        Pattern is [.. var stem, '*'] ? name.StartsWith(stem, StringComparison.Ordinal) : name.SequenceEqual(Pattern);
}
