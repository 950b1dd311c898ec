using LlmTr.Api.Tests.Admin;
using LlmTr.Api.Tests.Running;

namespace LlmTr.Api.Tests.Keys;

/// <summary>The secret that keys are signed with is replaced while keys of the one before are out.</summary>
public sealed class SigningSecretTests
{
    private const string Old = "the secret of last year, 32 bytes", New = "the secret of this year, 32 bytes";

    [Fact]
    public async Task KeySignedWithThePreviousSecret_Opens_AndWithAnUnknownOneDoesNot()
    {
        var folder = Directory.CreateTempSubdirectory("llmtr-test-");
        try
        {
            string old, unknown;
            await using (var gateway = await TestGateway.StartAsync(folder.FullName, settings: usual => usual with { SigningSecret = Old }))
                old = (await gateway.CreateKeyAsync()).Text;
            await using (var gateway = await TestGateway.StartAsync(folder.FullName, settings: usual => usual with { SigningSecret = "a secret that nobody remembers, 1" }))
                unknown = (await gateway.CreateKeyAsync()).Text;

            string renewed;
            await using (var gateway = await TestGateway.StartAsync(folder.FullName, settings: usual => usual with { SigningSecret = New, PreviousSigningSecret = Old }))
            {
                var key = await gateway.CreateKeyAsync();
                (await StatusesAsync(gateway, key.Text)).Should().Equal(200, 200, 200);
                (await StatusesAsync(gateway, old)).Should().Equal(200, 200, 200);
                (await StatusesAsync(gateway, unknown)).Should().Equal(401, 401, 401);

                // Rotated, the old key is signed with the new secret.
                var keys = (await gateway.GetAsync("/keys")).Rows();
                var id = keys.Single(row => row.Text("prefix") == old[..12]).Text("id");
                renewed = (await gateway.PostAsync($"/keys/{id}/rotate", """{"grace_seconds":3600}""")).Text("key");
                (await StatusesAsync(gateway, renewed)).Should().Equal(200, 200, 200);
            }

            await using (var gateway = await TestGateway.StartAsync(folder.FullName, settings: usual => usual with { SigningSecret = New }))
            {
                (await StatusesAsync(gateway, renewed)).Should().Equal(200, 200, 200);
                (await StatusesAsync(gateway, old)).Should().Equal(401, 401, 401);
            }
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static async Task<int[]> StatusesAsync(TestGateway gateway, string key)
    {
        using var answer = await gateway.SendAsync(HttpMethod.Post, "/v1/responses", key, TestKey.Hello);
        using var balance = await gateway.SendAsync(HttpMethod.Get, "/v1/balance", key, null);
        using var usage = await gateway.SendAsync(HttpMethod.Get, "/api/usage", key, null);
        return [(int)answer.StatusCode, (int)balance.StatusCode, (int)usage.StatusCode];
    }
}
