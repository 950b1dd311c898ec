using LlmTr.Api.Accounts;
using LlmTr.Api.Keys;
using LlmTr.Grains.Abstractions;
using LlmTr.Money;
using LlmTr.Silo.Hosting;
using LlmTr.Silo.Sqlite;

namespace LlmTr.Api.Demo;

/// <summary>The demo's own key: made once with 5 USD of simulated credit, the same at every later start.</summary>
internal static class DemoKey
{
    private static readonly UsdTicks Credit = UsdTicks.FromUsd(5);

    public static async Task<string> GetAsync(IServiceProvider services, DataFolder folder)
    {
        var keys = services.GetRequiredService<KeyFormat>();

        // Kept first and issued second: a crash in between leaves a key that the next start issues.
        var text = SecretFile.ReadOrCreate(Path.Combine(folder.Path, "demo-key"), () => keys.New().Text);
        if (!keys.TryRead(text, out var key))
            throw new StartupException($"The demo key in '{folder.Path}' was signed with another secret. Delete the file 'demo-key' there to have a new one made.");

        var reply = await services.GetRequiredService<AccountClient>().RepeatAsync(key.KeyId, new IssueKey
        {
            Secret = key.Secret,
            Prefix = text[..KeyFormat.PrefixLength],
            Label = "demo",
            Credit = Credit,
            Actor = "demo",
        }, static (account, command) => account.Issue(command), CancellationToken.None);
        return reply?.Outcome == OperatorOutcome.Done ? text : throw new StartupException("The demo key could not be issued: the ledger cannot be written.");
    }
}
