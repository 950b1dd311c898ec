using Microsoft.ML.Tokenizers;

namespace LlmTr.Xai.Tokens;

/// <summary>
/// Estimates the tokens of a text of any length from 64 short windows, one at a random place of each 64th of it: at random, so that nobody can
/// write a text that is dense everywhere but there. It costs the same for 300 KB and for 32 MiB, and tells from how much the windows differ how far off it may be.
/// </summary>
public sealed class TokenSample : IInputTally
{
    /// <summary>Characters of one window.</summary>
    public const int WindowChars = 256;

    /// <summary>Windows of a text that is as long as expected.</summary>
    public const int Windows = 64;

    // One window differs from nothing, and two or three may be alike by chance: they do not tell how far off they may be.
    private const int FewestWindows = 4;

    // UTF-16 has at most three bytes to a character, and no token is shorter than a byte.
    private const int MostTokensPerChar = 3;

    // A mean of 64 windows is off by more than four of its standard errors once in 15,000 texts.
    private const double StandardErrors = 4;

    // A window begins and ends within words or runs, each of which may count as much as two tokens more than it would as a whole.
    private const int TokensOfEdges = 4;

    private readonly Tokenizer _tokenizer;
    private readonly Random _random;
    private readonly long _stratumChars;
    private readonly char[] _window = new char[WindowChars];
    private long _windowAt;
    private long _at;
    private int _filled;
    private long _chars;
    private long _counted;
    private int _windows;
    private long _sampledChars;
    private long _sampledTokens;
    private double _densities;
    private double _squares;

    /// <summary>Begins a sample.</summary>
    /// <param name="tokenizer">What counts a window.</param>
    /// <param name="expectedChars">The text's length in characters, about or at most; 0 or more. A longer text gets more windows, a shorter one fewer.</param>
    /// <param name="random">Where the windows are, <see cref="IInputText.SeedOf"/>.</param>
    /// <param name="windows">How many there are, 1 or more: fewer cost less and tell less.</param>
    public TokenSample(Tokenizer tokenizer, long expectedChars, Random random, int windows = Windows)
    {
        ArgumentNullException.ThrowIfNull(random);
        ArgumentOutOfRangeException.ThrowIfNegative(expectedChars);
        (_tokenizer, _random) = (tokenizer, random);
        ArgumentOutOfRangeException.ThrowIfLessThan(windows, 1);
        _stratumChars = Math.Max(WindowChars, expectedChars / windows);
        BeginStratum();
    }

    /// <summary>Characters given to the tokenizer so far.</summary>
    public long SampledChars => _sampledChars;

    /// <inheritdoc/>
    public bool IsOver => false;

    /// <inheritdoc/>
    public void AddTokens(long tokens) => _counted += tokens;

    /// <inheritdoc/>
    public void Add(ReadOnlySpan<char> text)
    {
        _chars += text.Length;
        while (!text.IsEmpty)
        {
            var toWindow = _windowAt - _at;
            var take = (int)Math.Min(text.Length, toWindow > 0 ? toWindow : _filled < WindowChars ? WindowChars - _filled : _stratumChars - _at);
            if (toWindow <= 0 && _filled < WindowChars)
            {
                text[..take].CopyTo(_window.AsSpan(_filled));
                _filled += take;
                if (_filled == WindowChars)
                    CountWindow();
            }

            _at += take;
            text = text[take..];
            if (_at == _stratumChars)
                BeginStratum();
        }
    }

    /// <summary>Ends the sample, which takes no more text: the fewest and the most tokens that the text may well have.</summary>
    public (long Least, long Most) End()
    {
        if (_filled is > 0 and < WindowChars)
            CountWindow();
        // A text that was read whole leaves nothing open but the windows' edges. One that ended after a few windows is much shorter than what was expected of it.
        var error = 0.0;
        if (_sampledChars < _chars)
        {
            if (_windows < FewestWindows)
                return (_counted, _counted + (MostTokensPerChar * _chars));
            var mean = _densities / _windows;
            var variance = Math.Max(0, _squares - (_windows * mean * mean)) / (_windows - 1);
            error = StandardErrors * Math.Sqrt(variance / _windows);
        }

        if (_windows == 0)
            return (_counted, _counted);
        var most = ((double)_sampledTokens / _sampledChars) + error;
        var least = ((double)(_sampledTokens - (TokensOfEdges * _windows)) / _sampledChars) - error;
        return (_counted + (long)(_chars * Math.Max(0, least)), _counted + (long)Math.Ceiling(_chars * most));
    }

    private void BeginStratum() => (_at, _filled, _windowAt) = (0, 0, _random.NextInt64(_stratumChars - WindowChars + 1));

    private void CountWindow()
    {
        var tokens = _tokenizer.CountTokens(_window.AsSpan(0, _filled), considerPreTokenization: true, considerNormalization: false);
        var density = (double)tokens / _filled;
        _windows++;
        _sampledChars += _filled;
        _sampledTokens += tokens;
        _densities += density;
        _squares += density * density;
    }
}
