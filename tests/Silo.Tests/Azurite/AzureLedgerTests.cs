using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using LlmTr.Grains.Abstractions;
using LlmTr.Grains.Accounts;
using LlmTr.Grains.Ledgers;
using LlmTr.Money;
using LlmTr.Silo.Azure;
using LlmTr.Silo.Azure.Ledgers;
using LlmTr.Silo.Tests.Ledgers;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace LlmTr.Silo.Tests.Azurite;

/// <summary>The Azure store where things go wrong around it: containers, processes, the storage account itself.</summary>
[Collection(AzuriteFixture.Collection)]
public sealed class AzureLedgerTests(AzuriteFixture azurite) : LedgerLines
{
    [AzuriteFact]
    public async Task Container_ThatGoesMissing_IsAnErrorOfEveryCallAndNeverAnEmptyLedger()
    {
        using var storage = azurite.NewStorage();
        await storage.MakeContainerAsync(AzureLedger.Purpose, CancellationToken.None);
        var store = Store(storage);
        var position = await store.AppendAsync("a", LedgerPosition.Start, Lines(1, 1), CancellationToken.None);
        await storage.CreateClient(retries: 0, TimeSpan.FromSeconds(5)).DeleteBlobContainerAsync(storage.ContainerName(AzureLedger.Purpose));

        var calls = new Func<ILedgerStore, Task>[]
        {
            static store => store.LoadAsync("a", CancellationToken.None),
            static store => store.LoadAsync("unknown", CancellationToken.None),
            static store => store.ReadAsync("a", 1, 1, CancellationToken.None),
            static store => store.ReadAsync("a", 2, 1, CancellationToken.None),
            static store => store.ListAccountsAsync(null, 10, CancellationToken.None),
            static store => store.AppendAsync("b", LedgerPosition.Start, Lines(1, 1), CancellationToken.None),
            store => store.AppendAsync("a", position, Lines(2, 1), CancellationToken.None),
        };
        foreach (var call in calls)
        {
            foreach (var each in new[] { store, Store(storage) })
            {
                var act = () => call(each);
                (await act.Should().ThrowAsync<AzureStorageException>()).Which.Message.Should().Contain("-ledger' is gone").And.Contain("restore it");
            }
        }
    }

    [AzuriteFact]
    public async Task Host_AtItsStart_MakesTheContainerAndTakesLedgers()
    {
        var prefix = azurite.NewPrefix();
        for (var start = 1; start <= 2; start++)
        {
            var builder = Host.CreateApplicationBuilder();
            builder.Configuration.AddInMemoryCollection([new("Azure:ConnectionString", azurite.ConnectionString), new("Azure:ContainerPrefix", prefix), new("Azure:Ledger:RollAtBlocks", "7")]);
            builder.Services.AddAzureLedger();
            using var host = builder.Build();
            await host.StartAsync();

            var store = host.Services.GetRequiredService<ILedgerStore>();
            (await store.LoadAsync("a", CancellationToken.None)).Lines.Should().HaveCount(start - 1);
            await store.AppendAsync("a", (await store.LoadAsync("a", CancellationToken.None)).Position, Lines(start, 1), CancellationToken.None);
            await host.StopAsync();
        }
    }

    [Fact]
    public async Task Host_WithARollOutOfRange_DoesNotStartAndNamesIt()
    {
        var builder = Host.CreateApplicationBuilder();
        builder.Configuration.AddInMemoryCollection([new("Azure:ConnectionString", "UseDevelopmentStorage=true"), new("Azure:Ledger:RollAtBlocks", "50000")]);
        builder.Services.AddAzureLedger();
        using var host = builder.Build();

        var start = () => host.StartAsync();

        (await start.Should().ThrowAsync<OptionsValidationException>()).Which.Message.Should().Contain("Azure:Ledger:RollAtBlocks must be from");
    }

    [Fact]
    public async Task StorageAccount_ThatTakesConnectionsAndNeverAnswers_IsAFailureAndNoCancellation()
    {
        // The system accepts connections for a listener that nobody asks for them.
        using var silent = new TcpListener(IPAddress.Loopback, 0);
        silent.Start();
        using var storage = new AzureStorage(Options.Create(new AzureStorageOptions
        {
            ConnectionString = $"DefaultEndpointsProtocol=http;AccountName=a;AccountKey=c2VjcmV0;BlobEndpoint=http://{silent.LocalEndpoint}/a;",
        }));
        var impatient = new AzureLedgerStore(new AzureLedgerBlobs(storage, mostPerWrite: TimeSpan.FromMilliseconds(200)), new AzureLedgerOptions());

        // On a busy machine all timers that are due fire late and at once: the caller's must have no other beside it.
        var patient = new AzureLedgerStore(new AzureLedgerBlobs(storage, mostPerWrite: TimeSpan.FromMinutes(10)), new AzureLedgerOptions());

        var append = () => impatient.AppendAsync("a", LedgerPosition.Start, Lines(1, 1), CancellationToken.None);

        (await append.Should().ThrowAsync<IOException>()).Which.Message.Should().Contain("does not answer in time");
        var cancelled = () => patient.AppendAsync("a", LedgerPosition.Start, Lines(1, 1), new CancellationTokenSource(TimeSpan.FromMilliseconds(50)).Token);
        await cancelled.Should().ThrowAsync<OperationCanceledException>("that was the caller's wish");
    }

    [AzuriteFact]
    public async Task Hosts_ThatWriteOneAccountAtOnce_LoseNothingAndWriteNothingTwice()
    {
        const int Writers = 3;
        const int CreditsEach = 10;
        using var storage = azurite.NewStorage();
        await storage.MakeContainerAsync(AzureLedger.Purpose, CancellationToken.None);
        await UntilToldAsync(Account(storage), Issue, static (account, command, now, entries) => account.Issue(command, now, entries));

        var acknowledged = new ConcurrentBag<string>();
        await Task.WhenAll(Enumerable.Range(0, Writers).Select(writer => OnTurnsAsync(async () =>
        {
            var host = Account(storage);
            for (var i = 0; i < CreditsEach; i++)
            {
                var credit = new Credit { CreditId = $"{writer}-{i}", Amount = new UsdTicks(1 + i), Actor = "test" };
                (await UntilToldAsync(host, credit, static (account, command, now, entries) => account.Credit(command, now, entries))).Should().Be(OperatorOutcome.Done);
                acknowledged.Add(credit.CreditId);
            }
        })));

        var lines = await Store(storage).ReadAsync("a", 1, 1_000, CancellationToken.None);
        var verifier = new LedgerVerifier();
        lines.Should().OnlyContain(line => verifier.Add(line), "the chain and every sum hold");
        lines.Skip(1).Select(static line => LedgerLine.Decode(line).CreditId).Should().BeEquivalentTo(acknowledged.Select(static id => "credit:" + id)).And.HaveCount(Writers * CreditsEach);
    }

    [AzuriteFact]
    public async Task Process_KilledWhileAppending_LosesNothingThatItAcknowledged()
    {
        var prefix = azurite.NewPrefix();
        using var storage = azurite.Storage(prefix);
        await storage.MakeContainerAsync(AzureLedger.Purpose, CancellationToken.None);
        var acknowledged = new Dictionary<string, int>();
        for (var round = 1; round <= 2; round++)
        {
            await AppendUntilKilled.RunAndKillAsync(acknowledged, acknowledgements: 60, "append-azure", azurite.ConnectionString, prefix);

            var store = Store(storage);
            foreach (var (account, count) in acknowledged)
            {
                var lines = (await store.LoadAsync(account, CancellationToken.None)).Lines;
                lines.Count.Should().BeGreaterThanOrEqualTo(count, $"{account} was told so in round {round}");
                ShouldBe(lines, [.. Enumerable.Range(1, lines.Count).Select(number => AppendUntilKilled.Line(account, number))]);
            }
        }
    }

    [AzuriteFact]
    public async Task StorageAccount_GoneAndBack_FailsMeanwhileAndGoesOnAsBefore()
    {
        using var own = new AzuriteProcess();
        await own.StartAsync();
        using var storage = new AzureStorage(Options.Create(new AzureStorageOptions { ConnectionString = own.ConnectionString }));
        await storage.MakeContainerAsync(AzureLedger.Purpose, CancellationToken.None);
        var store = Store(storage);
        var position = await store.AppendAsync("a", LedgerPosition.Start, Lines(1, 4), CancellationToken.None);

        await own.StopAsync();

        foreach (var call in new Func<Task>[] { () => store.AppendAsync("a", position, Lines(5, 1), CancellationToken.None), () => store.LoadAsync("a", CancellationToken.None), () => store.ReadAsync("a", 5, 1, CancellationToken.None) })
            await call.Should().ThrowAsync<IOException>("nobody knows what became of it");
        await own.StartAsync();
        ShouldBe((await store.LoadAsync("a", CancellationToken.None)).Lines, Lines(1, 4));
        position = await store.AppendAsync("a", position, Lines(5, 1), CancellationToken.None);
        await store.AppendAsync("a", position, Lines(6, 1), CancellationToken.None);
        ShouldBe((await Store(storage).LoadAsync("a", CancellationToken.None)).Lines, Lines(1, 6));
    }

    private static IssueKey Issue => new() { Secret = SecretHash.Of("secret"u8), Prefix = "llmtr-abcdef", Label = "test", Credit = UsdTicks.Zero, Actor = "test" };

    private static AzureLedgerStore Store(AzureStorage storage) => new(new AzureLedgerBlobs(storage), new AzureLedgerOptions { RollAtBlocks = 2 });

    private static DurableAccount Account(AzureStorage storage) => new("a", Store(storage), TimeProvider.System, new AccountOptions { SnapshotEvery = 10 }, NullLogger.Instance);

    // A scheduler that runs one thing at a time, as a grain has.
    private static Task OnTurnsAsync(Func<Task> work) =>
        Task.Factory.StartNew(work, CancellationToken.None, TaskCreationOptions.None, new ConcurrentExclusiveSchedulerPair().ExclusiveScheduler).Unwrap();

    private static async Task<TReply> UntilToldAsync<TCommand, TReply>(DurableAccount host, TCommand command, Decision<TCommand, TReply> decide)
    {
        while (true)
        {
            try
            {
                return await host.Execute(command, decide);
            }
            catch (AccountUnavailableException)
            {
                // Another was faster; the same command again, as a front end does.
            }
        }
    }
}
