namespace LlmTr.Simulation.Tests.Invariants;

/// <summary>The first invariant that did not hold; what follows from it is of no interest.</summary>
internal sealed class Findings
{
    public string? Invariant { get; private set; }

    public string? Detail { get; private set; }

    public void Require(bool condition, string invariant, FormattableString otherwise)
    {
        if (condition || Invariant is not null)
            return;
        Invariant = invariant;
        Detail = FormattableString.Invariant(otherwise);
    }
}
