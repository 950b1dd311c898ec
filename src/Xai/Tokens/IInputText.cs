namespace LlmTr.Xai.Tokens;

/// <summary>An input whose tokens can be counted: it hands out its text on demand, since most inputs are never counted.</summary>
public interface IInputText
{
    /// <summary>How many characters <see cref="AddTo"/> adds, at most or about. Tokens that need no counting have none.</summary>
    long Chars { get; }

    /// <summary>
    /// Decides where the input is sampled: the same for the same text and secret, so that a request is quoted alike each time, and nothing that can be worked out without the
    /// secret: else variants of a text could be tried until one is found whose dense places no window meets. A part of a keyed hash is both.
    /// </summary>
    int SeedOf(ReadOnlySpan<byte> secret);

    /// <summary>Adds everything that the model reads to the tally, in order, and stops early once <see cref="IInputTally.IsOver"/>. It may be asked twice.</summary>
    void AddTo(IInputTally tally);
}
