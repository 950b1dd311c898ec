using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;

namespace LlmTr.Bench.Contenders;

/// <summary>As much of a gateway's admin API as a measurement needs.</summary>
internal sealed class AdminApi(Uri gateway)
{
    public const string Token = "the-admin-token-of-one-benchmark";

    /// <summary>Makes a key with so much money, and returns what a client sends.</summary>
    public async Task<string> MakeKeyAsync(string creditUsd, CancellationToken cancellation)
    {
        using var http = new HttpClient();
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", Token);
        using var answer = await http.PostAsJsonAsync(new Uri(gateway, "/admin/v1/keys"), new { label = "bench", credit_usd = creditUsd }, cancellation);
        if (!answer.IsSuccessStatusCode)
            throw new BenchException($"The gateway makes no key: {await answer.Content.ReadAsStringAsync(cancellation)}");
        var made = await answer.Content.ReadFromJsonAsync<JsonElement>(cancellation);
        return made.GetProperty("key").GetString()!;
    }
}
