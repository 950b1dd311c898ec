using System.Collections.Immutable;
using LlmTr.Xai.Audio;

namespace LlmTr.Api.Audio.Transcriptions.Formats;

/// <summary>What is shown at one time: some words that belong together. xAI tells words only, so the cues are cut here.</summary>
/// <param name="Text">Without line breaks; not empty.</param>
/// <param name="Start">Where the first word begins.</param>
/// <param name="End">Where the last one ends.</param>
internal readonly record struct Cue(string Text, AudioLength Start, AudioLength End)
{
    // Two lines of a subtitle, as broadcasters count them, and as long as people are given to read them.
    private const int MostCharacters = 84;
    private static readonly AudioLength Longest = AudioLength.OfSeconds(7);

    // A silence in which a speaker has stopped.
    private static readonly AudioLength Pause = AudioLength.OfSeconds(1);

    /// <summary>Cuts a transcript at the ends of sentences, at silences, and where a cue grows too long to be read.</summary>
    /// <param name="transcript">What was said.</param>
    /// <param name="length">Of the whole audio: the cue's, where xAI tells no words.</param>
    public static ImmutableArray<Cue> Of(SpokenTranscript transcript, AudioLength length)
    {
        var (text, words) = (OneLine(transcript.Text), transcript.Words);
        if (words.IsEmpty)
            return text.Length == 0 ? [] : [new Cue(text, AudioLength.Zero, length)];
        var starts = PlacesOf(words, text);
        var cues = ImmutableArray.CreateBuilder<Cue>();
        for (var first = 0; first < words.Length;)
        {
            var last = first;
            for (var characters = words[first].Text.Length; last + 1 < words.Length && !IsEnd(words[first], words[last], words[last + 1]); last++)
            {
                characters += 1 + words[last + 1].Text.Length;
                if (characters > MostCharacters)
                    break;
            }

            var shown = OneLine(starts is null
                ? string.Join(' ', words[first..(last + 1)].Select(static word => word.Text))
                : text[(first == 0 ? 0 : starts[first])..(last + 1 < words.Length ? starts[last + 1] : text.Length)]);
            if (shown.Length > 0)
                cues.Add(new Cue(shown, words[first].Start, words[last].End));
            first = last + 1;
        }

        return cues.ToImmutable();
    }

    private static bool IsEnd(in SpokenWord first, in SpokenWord last, in SpokenWord next) =>
        last.Text.AsSpan().TrimEnd("\"'”’»)]").EndsWithAny(".!?…。！？")
        || next.Start.Nanoseconds - last.End.Nanoseconds >= Pause.Nanoseconds
        || next.End.Nanoseconds - first.Start.Nanoseconds > Longest.Nanoseconds;

    /// <summary>Where each word begins in the text, so that cues keep its blanks and marks; null where words and text do not agree.</summary>
    private static int[]? PlacesOf(ImmutableArray<SpokenWord> words, string text)
    {
        var places = new int[words.Length];
        var at = 0;
        for (var i = 0; i < words.Length; i++)
        {
            var place = text.IndexOf(words[i].Text, at, StringComparison.Ordinal);
            if (place < 0 || text.AsSpan(at, place - at).ContainsAnyLetterOrDigit())
                return null;
            places[i] = place;
            at = place + words[i].Text.Length;
        }

        return text.AsSpan(at).ContainsAnyLetterOrDigit() ? null : places;
    }

    private static string OneLine(string text) => string.Join(' ', text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
}

/// <summary>What is asked of pieces of text.</summary>
internal static class CueText
{
    /// <summary>True when the last character is one of these.</summary>
    public static bool EndsWithAny(this ReadOnlySpan<char> text, ReadOnlySpan<char> characters) => text.Length > 0 && characters.Contains(text[^1]);

    /// <summary>True when there is anything to be said in it.</summary>
    public static bool ContainsAnyLetterOrDigit(this ReadOnlySpan<char> text)
    {
        foreach (var character in text)
        {
            if (char.IsLetterOrDigit(character))
                return true;
        }

        return false;
    }
}
