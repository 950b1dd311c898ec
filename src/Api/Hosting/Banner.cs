using LlmTr.Silo.Sqlite;

namespace LlmTr.Api.Hosting;

/// <summary>What the program says once it answers: where it is, and a command that works when pasted.</summary>
internal static class Banner
{
    public static string Text(string baseUrl, GatewaySettings settings, DataFolder folder, string? demoKey)
    {
        var tokenFile = Path.Combine(folder.Path, Secrets.AdminTokenFile);
        var token = settings.AdminToken is null ? $"in {tokenFile}" : "the one in LLMTR_ADMIN_TOKEN";
        var tokenInShell = settings.AdminToken is null ? $"$(cat '{tokenFile}')" : "$LLMTR_ADMIN_TOKEN";
        var head = $"""

            LlmTr.Orleans answers.
              Base URL             {baseUrl}
              for OpenAI SDKs      {baseUrl}/v1
              Data folder          {folder.Path}
              Admin token          {token}

            """;
        return demoKey is not null
            ? $$"""
                {{head}}  API key              {{demoKey}}

                The simulator answers in xAI's place, as neither XAI_API_KEY nor XAI_BASE_URL is set: no real money is spent.
                The key began with 5 USD of simulated credit. Try it:

                curl {{baseUrl}}/v1/responses -H 'Authorization: Bearer {{demoKey}}' -H 'Content-Type: application/json' -d '{"model":"xai/grok-4.3","input":"Merhaba, who are you?"}'


                """
            : $$"""
                {{head}}
                Make a customer's key with 5 USD of credit:

                curl {{baseUrl}}/admin/v1/keys -H "Authorization: Bearer {{tokenInShell}}" -H 'Content-Type: application/json' -d '{"label":"first","credit_usd":"5"}'


                """;
    }
}
