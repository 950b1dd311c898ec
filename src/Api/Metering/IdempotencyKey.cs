using System.Text;
using LlmTr.Grains.Abstractions;

namespace LlmTr.Api.Metering;

/// <summary>The <c>Idempotency-Key</c> header of a charged request. Only its fingerprint goes on: the text is the customer's.</summary>
internal static class IdempotencyKey
{
    /// <summary>The longest.</summary>
    public const int MostChars = 255;

    /// <summary>Reads it; true without one too. False when it is empty, too long or there are two.</summary>
    public static bool TryRead(HttpRequest request, out Fingerprint? key)
    {
        key = null;
        if (!request.Headers.TryGetValue("Idempotency-Key", out var values))
            return true;
        if (values is not [{ Length: >= 1 and <= MostChars } text])
            return false;
        key = Fingerprint.Of(Encoding.UTF8.GetBytes(text));
        return true;
    }
}
