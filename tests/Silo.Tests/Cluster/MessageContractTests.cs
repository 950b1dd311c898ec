using System.Reflection;
using LlmTr.Grains.Abstractions;
using LlmTr.Grains.Abstractions.Cluster;
using LlmTr.Grains.Abstractions.Video;
using LlmTr.Money;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Serialization;

namespace LlmTr.Silo.Tests.Cluster;

/// <summary>Silos of two versions talk to each other during an upgrade: everything on the wire has a name and a number that outlive renaming.</summary>
public sealed class MessageContractTests
{
    private static readonly Serializer Wire = new ServiceCollection().AddSerializer(static builder => builder.AddAssembly(typeof(IApiKeyGrain).Assembly))
        .BuildServiceProvider().GetRequiredService<Serializer>();

    private static readonly RequestId Id = RequestId.New(TimeProvider.System);

    private static IEnumerable<Type> Messages => typeof(IApiKeyGrain).Assembly.GetExportedTypes()
        .Where(static type => type.GetCustomAttribute<GenerateSerializerAttribute>() is not null);

    // Every member of every message with a value of its own, so that a lost one shows.
    public static IEnumerable<object> Specimens =>
    [
        LedgeredCluster.Issue(7, "ğ\n\"😀"),
        new Credit { CreditId = "id", Amount = new UsdTicks(long.MaxValue), Reference = "r", Note = "n", Actor = "a" },
        new OperatorReply { Outcome = OperatorOutcome.OutOfRange, Account = View },
        new PlaceHold
        {
            Id = Id, Secret = LedgeredCluster.Secret, Least = new UsdTicks(1), Most = new UsdTicks(2), AvailableDivisor = 3, Lifetime = TimeSpan.FromTicks(4), Model = "m", Endpoint = "e",
        },
        new PlaceHoldReply { Outcome = PlaceHoldOutcome.InsufficientBalance, Granted = new UsdTicks(1), Available = new UsdTicks(2) },
        LedgeredCluster.Charge(Id, 5),
        LedgeredCluster.Charge(Id, 5).Facts,
        new SettleReply { Outcome = SettleOutcome.UnknownHold, Charged = new UsdTicks(1), Overrun = new UsdTicks(2), Available = new UsdTicks(3) },
        new Release { Id = Id, Reason = "r", StatusCode = 1, LatencyMs = 2 },
        new ReportUnreconciled { Id = Id, Reason = "r", StatusCode = 1, LatencyMs = 2 },
        View,
        new LedgerPage { Lines = [[1, 2], []], NextSeq = 3, Broken = "b" },
        Id,
        LedgeredCluster.Secret,
        new UsdTicksSurrogate { Value = -1 },
        new AccountUnavailableException("a sentence") { BrokenLedger = "b" },
        new SiloView { Version = "1.2.3+abc", Clock = new DateTimeOffset(2026, 11, 23, 1, 2, 3, TimeSpan.Zero) },
        new Debit { DebitId = "id", Amount = new UsdTicks(1), Reference = "r", Note = "n", Actor = "a" },
        new ChangeSettings { Label = "l", Limits = Limits, ExpiresAt = DateTimeOffset.UnixEpoch, ClearExpiry = true, Disabled = true, Reason = "r", Actor = "a", ChangeId = Id },
        new RotateKey { Secret = LedgeredCluster.Secret, Grace = TimeSpan.FromTicks(1), Reason = "r", Actor = "a" },
        new RevokeKey { Reason = "r", Actor = "a" },
        new ResolveCase { Id = Id, Cost = new UsdTicks(1), Note = "n", Actor = "a" },
        new ResolveCaseReply { Outcome = ResolveOutcome.Conflict, Charged = new UsdTicks(1), Overrun = new UsdTicks(2), Available = new UsdTicks(3) },
        Limits,
        Limits.Budget!,
        Fingerprint.Of("x"u8),
        new FirstRequest { Id = Id, StatusCode = 1, Charged = new UsdTicks(2), HasEnded = true },
        new RateStatus
        {
            LimitRequests = 1, RemainingRequests = 2, ResetRequests = TimeSpan.FromTicks(3), LimitTokens = 4, RemainingTokens = 5, ResetTokens = TimeSpan.FromTicks(6),
        },
        Hold,
        new HoldPage { Holds = [Hold], Next = Id },
        Case,
        new CasePage { Cases = [Case], Next = Id },
        new StartVideo
        {
            KeyId = "k",
            Secret = LedgeredCluster.Secret,
            HoldId = Id,
            Body = Fingerprint.Of("x"u8),
            Model = "m",
            UpstreamModel = "u",
            Prompt = "p",
            DurationSeconds = 1,
            AspectRatio = "16:9",
            Resolution = "480p",
            ImageUrl = "i",
            ImageName = "n",
            Price = new UsdTicks(2),
        },
        new StartVideoReply { Outcome = StartVideoOutcome.Refused, Job = VideoJob, Refusal = new PlaceHoldReply { Outcome = PlaceHoldOutcome.TooOld } },
        VideoJob,
        VideoJob.File!,
        new VideoJobQuery { KeyId = "k", Status = VideoJobStatus.Failed, After = "a", Limit = 1 },
        new VideoJobPage { Jobs = [VideoJob], HasMore = true },
        new OpenMarker("j", "t", DateTimeOffset.UnixEpoch),
        new VideoJobUnavailableException("a sentence"),
    ];

    private static VideoJobView VideoJob => new()
    {
        Id = "j",
        KeyId = "k",
        HoldId = Id,
        Status = VideoJobStatus.Expired,
        Model = "m",
        Progress = 1,
        DurationSeconds = 2,
        CreatedAt = DateTimeOffset.UnixEpoch,
        CompletedAt = DateTimeOffset.UnixEpoch.AddTicks(1),
        SecondsGenerated = 3,
        Cost = new UsdTicks(4),
        CostSource = CostSource.Catalogue,
        Charged = new UsdTicks(5),
        Available = new UsdTicks(6),
        ErrorType = "e",
        ErrorMessage = "f",
        File = new VideoFile("n", 7, "s", DateTimeOffset.UnixEpoch.AddTicks(2)),
        ProviderUrl = "u",
    };

    private static KeyLimits Limits => new()
    {
        RequestsPerMinute = 1,
        TokensPerMinute = 2,
        MaxConcurrent = 3,
        Models = ["xai/grok-4.3"],
        Budget = new KeyBudget { Amount = new UsdTicks(4), Period = BudgetPeriod.Month },
    };

    private static HoldView Hold => new()
    {
        Id = Id,
        Amount = new UsdTicks(1),
        PlacedAt = DateTimeOffset.UnixEpoch,
        Deadline = DateTimeOffset.UnixEpoch.AddTicks(1),
        Model = "m",
        Endpoint = "e",
    };

    private static CaseView Case => new()
    {
        Id = Id,
        Hold = new UsdTicks(1),
        PlacedAt = DateTimeOffset.UnixEpoch,
        OpenedAt = DateTimeOffset.UnixEpoch.AddTicks(1),
        Reason = "r",
        Model = "m",
        Endpoint = "e",
    };

    private static AccountView View => new()
    {
        Prefix = "p",
        Label = "l",
        Balance = new UsdTicks(1),
        Held = new UsdTicks(2),
        OpenHolds = 3,
        OpenCases = 4,
        SettledRequests = 5,
        Charged = new UsdTicks(6),
        Overruns = new UsdTicks(7),
        CreatedAt = DateTimeOffset.UnixEpoch,
        LastSeq = 8,
    };

    [Fact]
    public void Specimens_AreOfEveryMessage() =>
        Specimens.Select(static specimen => specimen.GetType()).Should().BeEquivalentTo(Messages);

    [Fact]
    public void EveryMessage_OverTheWire_ComesBackWhole()
    {
        foreach (var specimen in Specimens)
        {
            var back = Wire.Deserialize<object>(Wire.SerializeToArray(specimen))!;

            if (specimen is AccountUnavailableException broken)
                ((AccountUnavailableException)back).BrokenLedger.Should().Be(broken.BrokenLedger);
            if (specimen is Exception exception)
                (back.GetType(), ((Exception)back).Message).Should().Be((exception.GetType(), exception.Message));
            else if (specimen is LedgerPage or HoldPage or CasePage or VideoJobPage)
                back.Should().BeEquivalentTo(specimen, static options => options.RespectingRuntimeTypes());
            else
                back.Should().Be(specimen);
        }
    }

    [Fact]
    public void EveryMessage_HasAnAliasOfItsOwn() =>
        Messages.Concat([typeof(IApiKeyGrain), typeof(IVideoJobGrain), typeof(IVideoDirectoryGrain)]).Select(static type => type.GetCustomAttribute<AliasAttribute>()?.Alias)
            .Should().OnlyHaveUniqueItems().And.NotContainNulls().And.OnlyContain(static alias => alias!.StartsWith("llmtr.", StringComparison.Ordinal));

    [Fact]
    public void EveryMethodOfAGrain_HasAnAliasOfItsOwn() =>
        typeof(IApiKeyGrain).GetMethods().Select(static method => method.GetCustomAttribute<AliasAttribute>()?.Alias).Should().OnlyHaveUniqueItems().And.NotContainNulls();

    [Fact]
    public void EveryMemberThatIsStored_HasANumberOfItsOwn()
    {
        const BindingFlags everything = BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly;
        foreach (var message in Messages.Where(static message => !typeof(Exception).IsAssignableFrom(message)))
        {
            // A computed property has no field behind it.
            var numbers = message.GetFields(everything).Select(field =>
                (field.Name.StartsWith('<') ? message.GetProperty(field.Name[1..field.Name.IndexOf('>', StringComparison.Ordinal)], everything)! : (MemberInfo)field)
                .GetCustomAttribute<IdAttribute>()?.Id).ToArray();

            numbers.Should().OnlyHaveUniqueItems().And.NotContainNulls($"every member of {message.Name} needs an [Id]");
        }
    }
}
