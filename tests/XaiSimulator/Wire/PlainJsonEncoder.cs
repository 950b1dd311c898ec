using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;

namespace LlmTr.XaiSimulator.Wire;

/// <summary>
/// Escapes what JSON demands and nothing else: quotes, backslashes and control characters. The framework's own encoders also escape letters beyond the
/// basic plane (emoji), which xAI sends as they are, so that a reader that cuts UTF-8 in the wrong place would never be found out.
/// </summary>
internal sealed class PlainJsonEncoder : JavaScriptEncoder
{
    /// <inheritdoc/>
    public override int MaxOutputCharactersPerInputCharacter => 6;

    /// <inheritdoc/>
    public override bool WillEncode(int unicodeScalar) => unicodeScalar is '"' or '\\' or < ' ';

    /// <inheritdoc/>
    public override unsafe int FindFirstCharacterToEncode(char* text, int textLength)
    {
        var characters = new ReadOnlySpan<char>(text, textLength);
        for (var i = 0; i < characters.Length; i++)
        {
            if (WillEncode(characters[i]))
                return i;
            if (!char.IsSurrogate(characters[i]))
                continue;
            // Half a pair is no text; the base class puts U+FFFD in its place.
            if (Rune.DecodeFromUtf16(characters[i..], out _, out _) != OperationStatus.Done)
                return i;
            i++;
        }

        return -1;
    }

    /// <inheritdoc/>
    public override unsafe bool TryEncodeUnicodeScalar(int unicodeScalar, char* buffer, int bufferLength, out int numberOfCharactersWritten)
    {
        var escaped = unicodeScalar switch
        {
            '"' => "\\\"",
            '\\' => "\\\\",
            '\n' => "\\n",
            '\r' => "\\r",
            '\t' => "\\t",
            '\b' => "\\b",
            '\f' => "\\f",
            _ => $"\\u{unicodeScalar:x4}",
        };
        numberOfCharactersWritten = escaped.TryCopyTo(new Span<char>(buffer, bufferLength)) ? escaped.Length : 0;
        return numberOfCharactersWritten > 0;
    }
}
