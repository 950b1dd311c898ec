namespace LlmTr.Xai.Tokens;

/// <summary>Takes an input's text, piece by piece and in order, to tell its length in tokens.</summary>
public interface IInputTally
{
    /// <summary>True once what is still added changes nothing that matters.</summary>
    bool IsOver { get; }

    /// <summary>Adds tokens that need no counting, such as those of an image.</summary>
    /// <param name="tokens">0 or more.</param>
    void AddTokens(long tokens);

    /// <summary>Adds a piece of text.</summary>
    void Add(ReadOnlySpan<char> text);
}
