using System.Security.Cryptography;
using System.Text;
using LlmTr.Api.Admin;
using LlmTr.Api.Keys;
using LlmTr.Silo.Sqlite;

namespace LlmTr.Api.Hosting;

/// <summary>The gateway's own secrets: from the environment, else made on the first start and kept in the data folder.</summary>
internal static class Secrets
{
    /// <summary>The file that keeps the admin token.</summary>
    public const string AdminTokenFile = "admin-token";

    private const string SigningSecretFile = "signing-secret";
    private const int RandomBytes = 32;

    public static KeyFormat Keys(GatewaySettings settings, DataFolder folder) => new(
        Signing(settings, folder),
        settings.PreviousSigningSecret is { } previous ? Bytes(previous) : []);

    /// <summary>What signs keys, and through keys of their own the addresses of files and the places where inputs are sampled.</summary>
    public static byte[] Signing(GatewaySettings settings, DataFolder folder) =>
        Bytes(settings.SigningSecret ?? SecretFile.ReadOrCreate(Path.Combine(folder.Path, SigningSecretFile), Random));

    /// <summary>What decides where long inputs are sampled, on all front ends alike.</summary>
    public static byte[] Sampling(GatewaySettings settings, DataFolder folder) => HMACSHA256.HashData(Signing(settings, folder), "llmtr input samples"u8);

    public static AdminToken Admin(GatewaySettings settings, DataFolder folder) =>
        new(settings.AdminToken ?? SecretFile.ReadOrCreate(Path.Combine(folder.Path, AdminTokenFile), Random));

    private static byte[] Bytes(string secret) => Encoding.UTF8.GetBytes(secret);

    private static string Random()
    {
        Span<char> text = stackalloc char[43];
        Base62.Encode(RandomNumberGenerator.GetBytes(RandomBytes), text);
        return new string(text);
    }
}
