using System.Security.Cryptography;

namespace LlmTr.XaiSimulator.Wire;

/// <summary>Random ids in the shapes that xAI and its edge use. No two replies share one.</summary>
internal static class Ids
{
    /// <summary>A bare UUID, as in a response's <c>id</c> and in <c>X-Request-Id</c> (xAI contract, section 3.5).</summary>
    public static string Uuid()
    {
        Span<byte> bytes = stackalloc byte[16];
        RandomNumberGenerator.Fill(bytes);
        return new Guid(bytes).ToString();
    }

    /// <summary>Lower-case hexadecimal digits of that many random bytes.</summary>
    public static string Hex(int bytes) => Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(bytes));
}
