namespace LlmTr.Xai.Tokens;

/// <summary>What <see cref="InputCeiling"/> found out about the length of an input.</summary>
/// <param name="Tokens">The tokens to hold money for, 0 or more.</param>
/// <param name="Verdict">Whether its model takes so many.</param>
public readonly record struct InputLength(long Tokens, LengthVerdict Verdict);

/// <summary>Whether a model takes an input of some length.</summary>
public enum LengthVerdict
{
    /// <summary>It does.</summary>
    Taken,

    /// <summary>The input is longer than the model takes.</summary>
    TooLong,

    /// <summary>The input is so near to the ceiling that only <see cref="InputCeiling.Count"/> can tell.</summary>
    MustBeCounted,
}
