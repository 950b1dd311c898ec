using Microsoft.ML.Tokenizers;

namespace LlmTr.Xai.Tokens;

/// <summary>
/// Counts tokens up to a ceiling, in bounded time whatever the text. Three things bound it: the text goes to the tokenizer in slices; a run
/// without a natural break is cut after <see cref="LongestRun"/> characters, because merging one word takes time that grows with the square
/// of its length; and after <see cref="CharsPerCeilingToken"/> times the ceiling the rest is counted by a rule that no text exceeds.
/// Every bound counts low rather than high, but for one token at a forced cut, so an honest input is not refused.
/// </summary>
public sealed class TokenTally : IInputTally
{
    /// <summary>Characters given to the tokenizer at once, at most.</summary>
    public const int LongestSlice = 4096;

    /// <summary>Characters of one run of blanks or of non-blanks that stay together, at most. A longer run is no word of any language.</summary>
    public const int LongestRun = 128;

    /// <summary>How many characters are really tokenized for each token of the ceiling. Prose has four to five characters to a token.</summary>
    public const int CharsPerCeilingToken = 8;

    /// <summary>Characters that count as one token once those are used up: more than the longest words of any vocabulary average.</summary>
    public const int CharsPerTokenBeyond = 32;

    private readonly Tokenizer _tokenizer;
    private readonly long _ceiling;
    private long _charsToTokenize;
    private long _charsBeyond;
    private long _tokens;

    /// <summary>Begins a count.</summary>
    /// <param name="tokenizer">What really counts.</param>
    /// <param name="ceiling">Tokens from which on the exact count is of no interest, 0 to 10^9.</param>
    public TokenTally(Tokenizer tokenizer, long ceiling)
    {
        (_tokenizer, _ceiling) = (tokenizer, ceiling);
        _charsToTokenize = ceiling * CharsPerCeilingToken;
    }

    /// <summary>Tokens counted so far.</summary>
    public long Tokens => _tokens + (_charsBeyond / CharsPerTokenBeyond);

    /// <summary>True once more than the ceiling was counted; what is added after that changes nothing that matters.</summary>
    public bool IsOver => Tokens > _ceiling;

    /// <inheritdoc/>
    public void AddTokens(long tokens) => _tokens += tokens;

    /// <summary>Adds a piece of text. Where a text comes in pieces, a word across two of them may count one token more.</summary>
    public void Add(ReadOnlySpan<char> text)
    {
        while (!text.IsEmpty && !IsOver)
        {
            if (_charsToTokenize <= 0)
            {
                _charsBeyond += text.Length;
                return;
            }

            var slice = text[..SliceLength(text)];
            _tokens += _tokenizer.CountTokens(slice, considerPreTokenization: true, considerNormalization: false);
            _charsToTokenize -= slice.Length;
            text = text[slice.Length..];
        }
    }

    /// <summary>
    /// Where to cut: at the start of a run that is too long, or inside it when it stands first; else before the last blanks of the slice,
    /// because a blank belongs to the word behind it in this vocabulary, so that the cut costs no token.
    /// </summary>
    private static int SliceLength(ReadOnlySpan<char> text)
    {
        var end = Math.Min(text.Length, LongestSlice);
        var runStart = 0;
        var lastBlanks = 0;
        for (var i = 1; i < end; i++)
        {
            var blank = char.IsWhiteSpace(text[i]);
            if (blank != char.IsWhiteSpace(text[i - 1]))
            {
                runStart = i;
                if (blank)
                    lastBlanks = i;
            }
            else if (i - runStart == LongestRun)
            {
                return runStart > 0 ? runStart : WholeCharacters(text, i);
            }
        }

        return end == text.Length ? end : lastBlanks > 0 ? lastBlanks : WholeCharacters(text, end);
    }

    // A cut inside a surrogate pair would turn one character into two broken ones.
    private static int WholeCharacters(ReadOnlySpan<char> text, int cut) => char.IsHighSurrogate(text[cut - 1]) ? cut - 1 : cut;
}
