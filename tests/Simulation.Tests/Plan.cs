using LlmTr.Simulation.Tests.Scheduling;

namespace LlmTr.Simulation.Tests;

/// <summary>
/// What goes wrong in one run, and how often ("one in so many", 0 for never). Each seed has its own mixture, in which about half of all faults are missing: many
/// bugs need one fault often and another one not at all.
/// </summary>
internal sealed class Plan
{
    private readonly Dice _dice;

    public Plan(Dice dice)
    {
        _dice = dice;
        Keys = 1 + dice.Below(2);
        Requests = 10 + dice.Below(30);
        Silos = 2 + dice.Below(2);
        FrontEnds = 1 + dice.Below(3);
        Lasts = dice.Between(TimeSpan.FromSeconds(5), dice.OneIn(3) ? TimeSpan.FromMinutes(20) : TimeSpan.FromSeconds(60));
        SmallBalance = dice.OneIn(2);

        LostMessage = Perhaps(8, 60);
        DoubledMessage = Perhaps(3, 30);
        SlowMessage = Perhaps(5, 40);
        VerySlowMessage = Perhaps(20, 80);

        FailedAppend = Perhaps(6, 40);
        FailedAppendThatLands = Perhaps(6, 40);
        HungAppend = Perhaps(8, 60);
        LostAppendReply = Perhaps(6, 40);
        LateAppend = Perhaps(6, 40);
        SlowAppendReply = Perhaps(3, 20);
        RefusedAtOnce = Perhaps(10, 60);
        FailedRead = Perhaps(5, 40);
        HungRead = Perhaps(8, 60);
        StoreDown = Perhaps(4, 12);

        OnBlobs = dice.OneIn(2);
        RollAtBlocks = dice.OneIn(4) ? 40_000 : 1 + dice.Below(6);
        RollAtBytes = dice.OneIn(4) ? dice.Between(300, 3_000) : 1 << 20;
        LoadBytes = dice.OneIn(2) ? 1 << 20 : (int)dice.Between(1, 20_000);
        SearchBytes = dice.OneIn(2) ? 1 << 18 : (int)dice.Between(1, 3_000);

        SnapshotEvery = dice.OneIn(4) ? 2_000 : 1 + dice.Below(12);
        RefusedSnapshot = Perhaps(4, 20);
        FailedSnapshot = Perhaps(4, 20);
        LostSnapshot = Perhaps(4, 20);
        LateSnapshot = Perhaps(2, 8);
        NoSnapshot = Perhaps(4, 20);
        OldSnapshot = Perhaps(2, 8);
        DamagedSnapshot = Perhaps(4, 20);
        ForeignSnapshot = Perhaps(4, 20);

        HasLimits = dice.OneIn(2);
        OperatorActs = dice.OneIn(3) ? 0 : dice.Below(14);
        RevokedInThis = dice.OneIn(5);

        CrashAfterTurn = Perhaps(30, 600);
        FaultEvery = dice.Between(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(20));
        PausedSilo = Perhaps(3, 10);
        PausedActivation = Perhaps(2, 8);
        SecondActivation = Perhaps(1, 6);
        Deactivation = Perhaps(4, 12);
        PausedFrontEnd = Perhaps(4, 16);
        PauseBetweenHoldAndSend = Perhaps(3, 20);
        ClockJump = Perhaps(2, 8);

        // Beyond the life of a hold a jump ends holds that are in use; what is then spent on both sides is the operator's loss, and booked as such.
        WildClocks = dice.OneIn(12);
        LongestJump = WildClocks ? TimeSpan.FromHours(2) : TimeSpan.FromMinutes(dice.OneIn(2) ? 2 : 12);
    }

    /// <summary>True once the faults have stopped.</summary>
    public bool IsCalm { get; set; }

    public int Keys { get; }

    public int Requests { get; }

    public int Silos { get; }

    public int FrontEnds { get; }

    /// <summary>How long requests and faults go on.</summary>
    public TimeSpan Lasts { get; }

    public bool SmallBalance { get; }

    public int LostMessage { get; }

    public int DoubledMessage { get; }

    public int SlowMessage { get; }

    public int VerySlowMessage { get; }

    public int FailedAppend { get; }

    public int FailedAppendThatLands { get; }

    public int HungAppend { get; }

    public int LostAppendReply { get; }

    public int LateAppend { get; }

    public int SlowAppendReply { get; }

    public int RefusedAtOnce { get; }

    public int FailedRead { get; }

    public int HungRead { get; }

    public int StoreDown { get; }

    /// <summary>Whether ledgers lie in blobs, behind the protocol of the real store, or in a store that is simulated whole.</summary>
    public bool OnBlobs { get; }

    /// <summary>So many blocks fill a blob; few, so that most runs on blobs roll often.</summary>
    public int RollAtBlocks { get; }

    public long RollAtBytes { get; }

    /// <summary>So much one load reads; little, so that many loads have to go back for more.</summary>
    public int LoadBytes { get; }

    public int SearchBytes { get; }

    /// <summary>Entries between two snapshots; low, so that most loads of most runs begin with one.</summary>
    public int SnapshotEvery { get; }

    public int RefusedSnapshot { get; }

    public int FailedSnapshot { get; }

    public int LostSnapshot { get; }

    public int LateSnapshot { get; }

    public int NoSnapshot { get; }

    public int OldSnapshot { get; }

    public int DamagedSnapshot { get; }

    public int ForeignSnapshot { get; }

    /// <summary>Whether keys are issued with limits.</summary>
    public bool HasLimits { get; }

    /// <summary>How often an operator changes a key, debits it or closes one of its cases.</summary>
    public int OperatorActs { get; }

    /// <summary>Whether operators revoke keys too: what comes after that is refused, so most runs do without.</summary>
    public bool RevokedInThis { get; }

    public int CrashAfterTurn { get; }

    public TimeSpan FaultEvery { get; }

    public int PausedSilo { get; }

    public int PausedActivation { get; }

    public int SecondActivation { get; }

    public int Deactivation { get; }

    public int PausedFrontEnd { get; }

    public int PauseBetweenHoldAndSend { get; }

    public int ClockJump { get; }

    public bool WildClocks { get; }

    public TimeSpan LongestJump { get; }

    /// <summary>Whether this fault happens now.</summary>
    public bool Strikes(int oneIn) => !IsCalm && _dice.OneIn(oneIn);

    private int Perhaps(int mostOften, int leastOften) => _dice.OneIn(2) ? 0 : (int)_dice.Between(mostOften, leastOften);
}
