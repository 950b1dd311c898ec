using System.Globalization;
using LlmTr.Grains.Accounts;
using LlmTr.Silo.Azure;
using LlmTr.Silo.Azure.Ledgers;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace LlmTr.Silo.Tests.Measuring;

/// <summary>What a storage account takes: appends, and activations of a long ledger. No test: figures depend on the account, and Azurite's are Azurite's.</summary>
internal static class AzureLedgerMeasurement
{
    private const int Entries = 100_000;
    private const int LineBytes = 500;

    private static readonly TimeSpan Duration = TimeSpan.FromSeconds(10);

    public static async Task<int> RunAsync(TextWriter output, string connectionString)
    {
        using var storage = new AzureStorage(Options.Create(new AzureStorageOptions
        {
            ConnectionString = connectionString,
            ContainerPrefix = "measure" + TimeProvider.System.GetUtcNow().ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture),
        }));
        await storage.MakeContainerAsync(AzureLedger.Purpose, CancellationToken.None);

        // The first is for the compiler only.
        foreach (var accounts in new[] { 1, 1, 10, 100 })
            await output.WriteLineAsync(await MeasureAppendsAsync(storage, accounts));
        await SyntheticHistory.WriteAsync(Store(storage), "plain", Entries, TimeSpan.FromDays(30), snapshotEvery: int.MaxValue);
        await SyntheticHistory.WriteAsync(Store(storage), "snapshot", Entries, TimeSpan.FromDays(30), new AccountOptions().SnapshotEvery);
        foreach (var account in new[] { "plain", "snapshot", "plain", "snapshot" })
            await output.WriteLineAsync(await MeasureActivationAsync(storage, account));
        return 0;
    }

    private static async Task<string> MeasureAppendsAsync(AzureStorage storage, int accounts)
    {
        var (store, began, appends) = (Store(storage), TimeProvider.System.GetTimestamp(), 0);
        await Task.WhenAll(Enumerable.Range(0, accounts).Select(async i =>
        {
            var account = string.Create(CultureInfo.InvariantCulture, $"a{accounts}-{i}-{began}");
            var position = LedgerPosition.Start;
            for (var seq = 1; TimeProvider.System.GetElapsedTime(began) < Duration; seq++)
            {
                var line = System.Text.Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{{\"seq\":{seq},\"text\":\"").PadRight(LineBytes, 'x') + "\"}");
                position = await store.AppendAsync(account, position, [line], CancellationToken.None);
                Interlocked.Increment(ref appends);
            }
        }));
        var seconds = TimeProvider.System.GetElapsedTime(began).TotalSeconds;
        return FormattableString.Invariant($"{accounts,4} accounts: {appends / seconds,7:F0} appends/s, {1000 * seconds * accounts / appends,6:F1} ms each");
    }

    private static async Task<string> MeasureActivationAsync(AzureStorage storage, string account)
    {
        var began = TimeProvider.System.GetTimestamp();
        var host = new DurableAccount(account, Store(storage), TimeProvider.System, new AccountOptions { LoadTimeout = TimeSpan.FromSeconds(30) }, NullLogger.Instance);
        var view = await host.Read(0, static (account, _, _, _) => account.View());
        return FormattableString.Invariant($"activation of {view!.LastSeq} entries ({account}): {TimeProvider.System.GetElapsedTime(began).TotalMilliseconds:F0} ms");
    }

    private static AzureLedgerStore Store(AzureStorage storage) => new(new AzureLedgerBlobs(storage), new AzureLedgerOptions());
}
