using System.Globalization;
using System.Text.Json;
using LlmTr.Api.Errors;
using LlmTr.Api.Requests.Json;
using LlmTr.Xai.Catalogue;

namespace LlmTr.Api.Audio.Speech;

/// <summary>What both faces of speech ask of their fields, whatever they call them.</summary>
internal static class SpeechChecks
{
    /// <summary>The text to be spoken: how many characters of it are billed.</summary>
    public static ApiError? Input<TField>(RequestBody<TField> body, TField field, SpeechModel model, out int characters)
        where TField : struct, Enum
    {
        characters = 0;
        if (!body.Has(field))
            return ApiError.InvalidRequest($"The field '{field.Name()}' is missing; send the text to be spoken.", field.Name());
        if (body.KindOf(field) != JsonTokenType.String)
            return FieldChecks.Wrong(field, "must be a string");
        characters = JsonText.Characters(body.Raw(field)[1..^1]);
        if (characters == 0)
            return FieldChecks.Wrong(field, "is empty; send the text to be spoken");
        return characters <= model.MostCharacters
            ? null
            : FieldChecks.Wrong(field, string.Create(
                CultureInfo.InvariantCulture, $"has {characters} characters, but may have at most {model.MostCharacters}; send it in parts"));
    }

    /// <summary>xAI's name of the voice. An unknown one is refused: xAI was seen to replace it in silence.</summary>
    public static ApiError? Voice<TField>(RequestBody<TField> body, TField field, SpeechModel model, out string voice)
        where TField : struct, Enum
    {
        voice = model.Voices[0];
        if (!body.Has(field))
            return null;
        var name = body.Word(field, stackalloc char[JsonText.LongestWord]);
        if (model.FindVoice(name.ToString()) is not { } found)
            return FieldChecks.Wrong(field, $"must be one of {string.Join(", ", model.Voices)}");
        voice = found;
        return null;
    }

    /// <summary>The language as xAI writes it.</summary>
    public static ApiError? Language<TField>(RequestBody<TField> body, TField field, SpeechModel model, out string language)
        where TField : struct, Enum
    {
        language = model.Languages[0];
        if (!body.Has(field))
            return null;
        var said = body.Word(field, stackalloc char[JsonText.LongestWord]);
        foreach (var known in model.Languages)
        {
            // Language tags have no case (BCP 47).
            if (!said.Equals(known, StringComparison.OrdinalIgnoreCase))
                continue;
            language = known;
            return null;
        }

        return FieldChecks.Wrong(field, $"must be one of {string.Join(", ", model.Languages)}");
    }

    /// <summary>One of some numbers; null when it is absent.</summary>
    public static ApiError? OneOf<TField>(RequestBody<TField> body, TField field, IReadOnlyList<int> numbers, out int? number)
        where TField : struct, Enum
    {
        number = null;
        if (!body.Has(field))
            return null;
        var reader = body.Open(field);
        if (reader.TokenType != JsonTokenType.Number || !reader.TryGetInt32(out var said) || !numbers.Contains(said))
            return FieldChecks.Wrong(field, $"must be one of {string.Join(", ", numbers)}");
        number = said;
        return null;
    }
}
