using System.Text;
using LlmTr.Grains.Accounts;

namespace LlmTr.Api.Tests.Running;

/// <summary>A ledger store in which somebody has changed lines of one account behind the gateway's back.</summary>
/// <param name="store">What is stored in truth.</param>
/// <param name="account">Whose lines.</param>
/// <param name="spoil">What became of a line.</param>
public sealed class SpoiledLedgerStore(ILedgerStore store, string account, Func<string, string> spoil) : ILedgerStore
{
    public async Task<StoredLedger> LoadAsync(string account, CancellationToken cancellation)
    {
        var stored = await store.LoadAsync(account, cancellation);
        return stored with { Lines = Spoiled(account, stored.Lines) };
    }

    public Task<LedgerPosition> AppendAsync(string account, LedgerPosition position, IReadOnlyList<byte[]> lines, CancellationToken cancellation) =>
        store.AppendAsync(account, position, lines, cancellation);

    public async Task<IReadOnlyList<byte[]>> ReadAsync(string account, long fromSeq, int limit, CancellationToken cancellation) =>
        Spoiled(account, await store.ReadAsync(account, fromSeq, limit, cancellation));

    public Task<IReadOnlyList<string>> ListAccountsAsync(string? after, int limit, CancellationToken cancellation) =>
        store.ListAccountsAsync(after, limit, cancellation);

    private IReadOnlyList<byte[]> Spoiled(string of, IReadOnlyList<byte[]> lines) =>
        of == account ? [.. lines.Select(line => Encoding.UTF8.GetBytes(spoil(Encoding.UTF8.GetString(line))))] : lines;
}
