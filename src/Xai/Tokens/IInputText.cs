namespace LlmTr.Xai.Tokens;

/// <summary>An input whose tokens can be counted: it hands out its text on demand, since most inputs are never counted.</summary>
public interface IInputText
{
    /// <summary>Adds everything that the model reads to the tally, in order, and stops early once <see cref="TokenTally.IsOver"/>.</summary>
    void AddTo(TokenTally tally);
}
