using System.Buffers;
using System.Buffers.Text;
using System.Text.Json;
using LlmTr.Grains.Abstractions;

namespace LlmTr.Api.Chat;

/// <summary>What a chat completion and each chunk of a streamed one begin with. The id is the request's own, so that a completion is found in the ledger.</summary>
/// <param name="Request">The id of the request, which also tells when it came.</param>
/// <param name="Model">The public id of the model.</param>
internal readonly record struct ChatIdentity(RequestId Request, JsonEncodedText Model)
{
    /// <summary>Writes the first members, with the object's brace, and a comma behind each.</summary>
    /// <param name="kind">The value of <c>object</c>.</param>
    /// <param name="output">Where to.</param>
    public void Write(ReadOnlySpan<byte> kind, IBufferWriter<byte> output)
    {
        const int longest = 40;
        output.Write("{\"id\":\"chatcmpl-"u8);
        var span = output.GetSpan(longest);
        Utf8Formatter.TryFormat(Request.Value, span, out var written, 'N');
        output.Advance(written);
        output.Write("\",\"object\":\""u8);
        output.Write(kind);
        output.Write("\",\"created\":"u8);
        span = output.GetSpan(longest);
        Utf8Formatter.TryFormat(Request.MadeAt.ToUnixTimeSeconds(), span, out written);
        output.Advance(written);
        output.Write(",\"model\":\""u8);
        output.Write(Model.EncodedUtf8Bytes);
        output.Write("\","u8);
    }
}
