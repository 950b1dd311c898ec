using System.Buffers;
using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Unicode;

using LlmTr.Api.Requests.Json;
using LlmTr.Xai.Tokens;

namespace LlmTr.Api.Responses;

/// <summary>Hands a request's text to whoever measures it in tokens: what people and programs wrote, not the frame around it, and no image.</summary>
internal static class InputReading
{
    // A message's frame (role, start and end marks) costs a few tokens in every chat model; nobody knows xAI's exact number.
    private const int TokensPerObject = 4;

    // Encrypted reasoning counts as the reasoning inside it: 470 and 506 characters for 79 and 87 tokens in the recorded exchanges.
    private const int EncryptedCharsPerToken = 6;

    private const int CharsAtOnce = 16 * 1024;

    private static readonly BodyField[] FieldsOfText = [BodyField.Instructions, BodyField.Input, BodyField.Messages, BodyField.Tools, BodyField.Text, BodyField.ResponseFormat];

    /// <summary>The most characters that <see cref="AddTo"/> adds, and those of the images' addresses.</summary>
    public static long CharsOf(RequestBody<BodyField> body) =>
        (long)body.TextBytes(BodyField.Instructions)
        + body.TextBytes(BodyField.Input)
        + body.TextBytes(BodyField.Messages)
        + body.Raw(BodyField.Tools).Length
        + body.Raw(BodyField.Text).Length
        + body.Raw(BodyField.ResponseFormat).Length;

    /// <summary>A number that follows from all that <see cref="AddTo"/> adds, see <see cref="IInputText.SeedOf"/>.</summary>
    public static int SeedOf(RequestBody<BodyField> body, ReadOnlySpan<byte> secret)
    {
        using var hash = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, secret);
        foreach (var field in FieldsOfText)
            hash.AppendData(body.Raw(field));
        Span<byte> digest = stackalloc byte[SHA256.HashSizeInBytes];
        hash.GetHashAndReset(digest);
        return BinaryPrimitives.ReadInt32LittleEndian(digest);
    }

    /// <summary>Adds everything that the model reads, until the ceiling is passed.</summary>
    public static void AddTo(RequestBody<BodyField> body, IInputTally tally)
    {
        var chars = ArrayPool<char>.Shared.Rent(CharsAtOnce);
        try
        {
            Texts(body, BodyField.Instructions, chars, tally);
            Texts(body, BodyField.Input, chars, tally);
            Texts(body, BodyField.Messages, chars, tally);
            // The model reads these as JSON.
            Utf16(body.Raw(BodyField.Tools), chars, tally);
            Utf16(body.Raw(BodyField.Text), chars, tally);
            Utf16(body.Raw(BodyField.ResponseFormat), chars, tally);
        }
        finally
        {
            // It held a prompt, which nobody else that rents the array should find.
            ArrayPool<char>.Shared.Return(chars, clearArray: true);
        }
    }

    private static void Texts(RequestBody<BodyField> body, BodyField field, char[] chars, IInputTally tally)
    {
        if (!body.Has(field))
            return;
        var reader = body.Open(field);
        var member = Member.Other;
        do
        {
            switch (reader.TokenType)
            {
                case JsonTokenType.PropertyName:
                    member = MemberWalk.Named(reader);
                    break;
                case JsonTokenType.StartObject:
                    tally.AddTokens(TokensPerObject);
                    break;
                case JsonTokenType.String when member is Member.Type or Member.Role or Member.Id or Member.Status or Member.Detail or Member.ImageUrl or Member.Url:
                    break;
                case JsonTokenType.String when member == Member.EncryptedContent:
                    tally.AddTokens(reader.ValueSpan.Length / EncryptedCharsPerToken);
                    break;
                case JsonTokenType.String:
                    Decoded(reader, chars, tally);
                    break;
            }
        }
        while (!tally.IsOver && reader.Read());
    }

    private static void Decoded(in Utf8JsonReader reader, char[] chars, IInputTally tally)
    {
        if (!reader.ValueIsEscaped)
        {
            Utf16(reader.ValueSpan, chars, tally);
            return;
        }

        var bytes = ArrayPool<byte>.Shared.Rent(reader.ValueSpan.Length);
        try
        {
            Utf16(bytes.AsSpan(0, reader.CopyString(bytes)), chars, tally);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(bytes, clearArray: true);
        }
    }

    private static void Utf16(ReadOnlySpan<byte> utf8, char[] chars, IInputTally tally)
    {
        while (!utf8.IsEmpty && !tally.IsOver)
        {
            Utf8.ToUtf16(utf8, chars, out var read, out var written);
            tally.Add(chars.AsSpan(0, written));
            utf8 = utf8[read..];
        }
    }
}
