using LlmTr.Grains.Accounts;
using LlmTr.Grains.Snapshots;
using LlmTr.Grains.Telemetry;

namespace LlmTr.Silo.Telemetry;

/// <summary>A ledger store whose every operation is timed. It changes nothing about it.</summary>
internal sealed class MeasuredLedgerStore(ILedgerStore store, StorageMetrics metrics, TimeProvider clock) : ILedgerStore
{
    public Task<StoredLedger> LoadAsync(string account, CancellationToken cancellation) =>
        MeasureAsync(StorageOperation.Load, (store, account, cancellation), static asked => asked.store.LoadAsync(asked.account, asked.cancellation));

    public Task<LedgerPosition> AppendAsync(string account, LedgerPosition position, IReadOnlyList<byte[]> lines, CancellationToken cancellation)
    {
        metrics.Appending(lines.Count);
        return MeasureAsync(
            StorageOperation.Append,
            (store, account, position, lines, cancellation),
            static asked => asked.store.AppendAsync(asked.account, asked.position, asked.lines, asked.cancellation));
    }

    public Task<IReadOnlyList<byte[]>> ReadAsync(string account, long fromSeq, int limit, CancellationToken cancellation) => MeasureAsync(
        StorageOperation.Read, (store, account, fromSeq, limit, cancellation), static asked => asked.store.ReadAsync(asked.account, asked.fromSeq, asked.limit, asked.cancellation));

    public async Task SaveSnapshotAsync(string account, LedgerSnapshot snapshot, CancellationToken cancellation) =>
        await MeasureAsync(StorageOperation.SaveSnapshot, (store, account, snapshot, cancellation), static async asked =>
        {
            await asked.store.SaveSnapshotAsync(asked.account, asked.snapshot, asked.cancellation);
            return true;
        });

    public Task<IReadOnlyList<string>> ListAccountsAsync(string? after, int limit, CancellationToken cancellation) =>
        MeasureAsync(StorageOperation.List, (store, after, limit, cancellation), static asked => asked.store.ListAccountsAsync(asked.after, asked.limit, asked.cancellation));

    private async Task<T> MeasureAsync<TAsked, T>(StorageOperation operation, TAsked asked, Func<TAsked, Task<T>> ask)
    {
        using var activity = GatewayTelemetry.Source.StartActivity(Span(operation));
        var began = clock.GetTimestamp();
        try
        {
            var answer = await ask(asked);
            metrics.Ended(operation, clock.GetElapsedTime(began), failure: null);
            return answer;
        }
        catch (Exception exception)
        {
            activity?.SetStatus(System.Diagnostics.ActivityStatusCode.Error, exception.GetType().Name);
            metrics.Ended(operation, clock.GetElapsedTime(began), exception);
            throw;
        }
    }

    private static string Span(StorageOperation operation) => operation switch
    {
        StorageOperation.Load => "ledger load",
        StorageOperation.Append => "ledger append",
        StorageOperation.Read => "ledger read",
        StorageOperation.SaveSnapshot => "ledger snapshot",
        _ => "ledger list",
    };
}
