namespace LlmTr.Xai.Tokens;

/// <summary>An input whose tokens can be counted: it hands out its text on demand, since most inputs are never counted.</summary>
public interface IInputText
{
    /// <summary>
    /// Decides where the input is sampled: the same for the same text, so that a request is quoted alike each time, and nothing that can be chosen for a
    /// text, so that none can be written that is dense everywhere but there. A part of a cryptographic hash is both.
    /// </summary>
    int Seed { get; }

    /// <summary>Adds everything that the model reads to the tally, in order, and stops early once <see cref="IInputTally.IsOver"/>. It may be asked twice.</summary>
    void AddTo(IInputTally tally);
}
