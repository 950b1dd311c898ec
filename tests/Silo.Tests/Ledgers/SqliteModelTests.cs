using LlmTr.Grains.Accounts;
using LlmTr.Silo.Sqlite;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging.Abstractions;

namespace LlmTr.Silo.Tests.Ledgers;

/// <summary>Two stores on one file against a dictionary of lists: appends that fit and such that do not, alone and many at once, full disks, moves, ends and openings, in an order drawn by a seed.</summary>
public sealed class SqliteModelTests : LedgerLines
{
    private const int Steps = 60;

    private static readonly string[] Names = ["a", "B", "aa", "key_1", "key_10", "z"];

    public static TheoryData<int> Seeds => [.. Enumerable.Range(1, 25)];

    [Theory]
    [MemberData(nameof(Seeds))]
    public async Task Store_WhateverIsDoneWithIt_HoldsWhatItAcknowledged(int seed)
    {
        using var temporary = new TemporaryFolder();
        using var folder = temporary.Open();
        using var run = new Model(folder, seed);
        for (var step = 0; step < Steps; step++)
            await run.StepAsync();
        await run.ShouldBeEqualAsync();
    }

    private sealed class Model : IDisposable
    {
        // Moves after every commit, after a few, seldom, and never.
        private static readonly int[] LongTails = [1, 200, 3_000, LedgerTail.DefaultLong];

        private readonly Random _random;
        private readonly DataFolder _folder;
        private readonly SqliteLedgerStore[] _stores = new SqliteLedgerStore[2];
        private readonly SortedDictionary<string, List<byte[]>> _expected = new(StringComparer.Ordinal);

        public Model(DataFolder folder, int seed)
        {
            _random = new Random(seed);
            _folder = folder;
            for (var i = 0; i < _stores.Length; i++)
                _stores[i] = Open();
        }

        public async Task StepAsync()
        {
            switch (_random.Next(10))
            {
                case < 5:
                    await AppendAsync(many: _random.Next(1, 12));
                    break;
                case < 8:
                    await ReadAsync();
                    break;
                case 8:
                    await FillTheDiskAsync();
                    break;
                default:
                    var which = _random.Next(_stores.Length);
                    _stores[which].Dispose();
                    _stores[which] = Open();
                    break;
            }
        }

        public async Task ShouldBeEqualAsync()
        {
            foreach (var store in _stores)
            {
                (await store.ListAccountsAsync(null, 100, CancellationToken.None)).Should().Equal(_expected.Keys);
                foreach (var (name, lines) in _expected)
                {
                    var loaded = await store.LoadAsync(name, CancellationToken.None);
                    ShouldBe(loaded.Lines, lines);
                    loaded.Position.Offset.Should().Be(lines.Count);
                }
            }

            // As an operator sees it: rows that follow each other without a gap.
            using var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = Path.Combine(_folder.Path, "ledger.db"), Pooling = false }.ToString());
            connection.Open();
            using var command = connection.CreateCommand();
            command.CommandText = "SELECT account, first_seq, last_seq FROM ledger_and_tail ORDER BY account, first_seq";
            using var rows = command.ExecuteReader();
            var ends = new Dictionary<string, long>();
            while (rows.Read())
            {
                rows.GetInt64(1).Should().Be(ends.GetValueOrDefault(rows.GetString(0)) + 1);
                ends[rows.GetString(0)] = rows.GetInt64(2);
            }

            ends.Should().Equal(_expected.ToDictionary(static account => account.Key, static account => (long)account.Value.Count));
        }

        public void Dispose()
        {
            foreach (var store in _stores)
                store.Dispose();
        }

        private SqliteLedgerStore Open() => new(_folder, NullLogger.Instance, LongTails[_random.Next(LongTails.Length)]);

        private SqliteLedgerStore AnyStore() => _stores[_random.Next(_stores.Length)];

        private async Task AppendAsync(int many)
        {
            // Through one store and without waiting in between: they go out in this order, in one transaction or several.
            var (store, appends) = (AnyStore(), new List<(Task Append, bool Fits)>());
            for (var i = 0; i < many; i++)
            {
                var name = Names[_random.Next(Names.Length)];
                var count = _expected.GetValueOrDefault(name)?.Count ?? 0;
                var at = Math.Max(0, count + (_random.Next(4) > 0 ? 0 : _random.Next(-3, 4)));
                var lines = Enumerable.Range(at + 1, _random.Next(1, 5)).Select(seq => Line($"{name} {_random.Next()} {new string('x', _random.Next(80))}", seq)).ToArray();
                appends.Add((store.AppendAsync(name, new LedgerPosition(0, at), lines, CancellationToken.None), at == count));
                if (at == count)
                    Expect(name, lines);
            }

            foreach (var (append, fits) in appends)
            {
                var outcome = () => append;
                if (fits)
                    await outcome.Should().NotThrowAsync();
                else
                    await outcome.Should().ThrowAsync<LedgerConflictException>();
            }
        }

        private async Task ReadAsync()
        {
            var (store, name) = (AnyStore(), Names[_random.Next(Names.Length)]);
            var lines = _expected.GetValueOrDefault(name) ?? [];
            var (from, limit) = (_random.Next(1, lines.Count + 3), _random.Next(1, 20));
            ShouldBe(await store.ReadAsync(name, from, limit, CancellationToken.None), [.. lines.Skip(from - 1).Take(limit)]);
            var after = Names[_random.Next(Names.Length)];
            (await store.ListAccountsAsync(after, limit, CancellationToken.None)).Should().Equal(_expected.Keys.Where(key => string.CompareOrdinal(key, after) > 0).Take(limit));
        }

        private async Task FillTheDiskAsync()
        {
            var store = AnyStore();
            var name = Names[_random.Next(Names.Length)];

            // What was answered may still be followed by a move, in which the limit would be another's: an append that conflicts is answered behind it.
            var settle = () => store.AppendAsync(name, new LedgerPosition(0, 1_000_000), [Line("settle")], CancellationToken.None);
            await settle.Should().ThrowAsync<LedgerConflictException>();
            store.MostPages = 1;
            var count = _expected.GetValueOrDefault(name)?.Count ?? 0;
            var append = () => store.AppendAsync(name, new LedgerPosition(0, count), [Line(new string('x', 400_000), count + 1)], CancellationToken.None);
            (await append.Should().ThrowAsync<IOException>()).Which.Message.Should().Contain("full");
            store.MostPages = 1_000_000;
        }

        private void Expect(string name, byte[][] lines)
        {
            if (!_expected.TryGetValue(name, out var all))
                _expected.Add(name, all = []);
            all.AddRange(lines);
        }
    }
}
