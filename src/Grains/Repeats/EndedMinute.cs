using System.Numerics;
using System.Runtime.InteropServices;
using LlmTr.Grains.Abstractions;
using LlmTr.Grains.Ledgers;
using LlmTr.Money;

namespace LlmTr.Grains.Repeats;

/// <summary>
/// Ended holds that are forgotten together: 24 bytes each in blocks that only grow, found by a table of their numbers. No object for any of them, so the
/// garbage collector has nothing to walk.
/// </summary>
internal sealed class EndedMinute
{
    private const int PerBlock = 1024;

    // Charged is zero or more; a hold that ended otherwise needs no amount, and its kind takes that place.
    private const long Released = -1;
    private const long Expired = -2;
    private const long Unreconciled = -3;

    private readonly List<byte[]> _blocks = [];

    // Rare, so not a part of every record. By the number of the record.
    private readonly Dictionary<int, UsdTicks> _overruns = [];

    // The number of a record plus one, at or behind the place that its id hashes to; 0 is free. At most three of four are taken.
    private int[] _places;

    public EndedMinute(int expected) => _places = new int[PlacesFor(expected)];

    /// <exception cref="FormatException">The state is not one that <see cref="Capture"/> makes.</exception>
    public EndedMinute(EndedMinuteState state)
    {
        _places = new int[PlacesFor(state.Count)];
        for (var taken = 0; taken < state.Count; taken += PerBlock)
        {
            // A snapshot holds no more of the last block than is in use.
            var block = state.Blocks[taken / PerBlock];
            var records = Math.Min(PerBlock, state.Count - taken);
            if (block.Length != records * Record.Size)
                throw new FormatException("A block of ended holds has another length than its count says.");
            if (records < PerBlock)
                Array.Resize(ref block, PerBlock * Record.Size);
            _blocks.Add(block);
        }

        for (; Count < state.Count; Count++)
            Take(At(Count).Id, Count);
        foreach (var (number, overrun) in state.Overruns)
            _overruns.Add(number, overrun);
    }

    /// <summary>How many records there are.</summary>
    public int Count { get; private set; }

    /// <summary>The bytes of memory that they take.</summary>
    public long Bytes => ((long)_blocks.Count * PerBlock * Record.Size) + ((long)_places.Length * sizeof(int));

    public bool TryGet(RequestId id, out EndedHold ended)
    {
        var number = _places[Find(id.Value)] - 1;
        ended = number < 0 ? default : Ended(number);
        return number >= 0;
    }

    /// <summary>Adds an end; of an id that is there already the later end counts.</summary>
    public void Add(RequestId id, EndedHold ended)
    {
        // Written behind what is there, never over it: a snapshot may hold the block.
        if (Count % PerBlock == 0)
            _blocks.Add(new byte[PerBlock * Record.Size]);
        var record = new Record(id.Value, ended.Kind switch
        {
            LedgerEntryKind.HoldSettled => ended.Charged.Value,
            LedgerEntryKind.HoldReleased => Released,
            LedgerEntryKind.HoldExpired => Expired,
            LedgerEntryKind.Unreconciled => Unreconciled,
            _ => throw new ArgumentOutOfRangeException(nameof(ended), ended.Kind, "No hold ends with an entry of this kind."),
        });
        MemoryMarshal.Write(_blocks[^1].AsSpan(Count % PerBlock * Record.Size), record);
        if (ended.Overrun.IsPositive)
            _overruns.Add(Count, ended.Overrun);
        if (Count + 1 > _places.Length / 4 * 3)
            Grow();
        Take(id.Value, Count);
        Count++;
    }

    /// <summary>The records as they are now, and stay.</summary>
    public EndedMinuteState Capture(long minute)
    {
        byte[][] blocks = [.. _blocks];
        if (Count % PerBlock is var used and > 0)
            blocks[^1] = blocks[^1][..(used * Record.Size)];
        return new EndedMinuteState { Minute = minute, Count = Count, Blocks = blocks, Overruns = new(_overruns) };
    }

    private static int PlacesFor(int count)
    {
        var places = 16;
        while (count >= places / 4 * 3)
            places *= 2;
        return places;
    }

    private Record At(int number) => MemoryMarshal.Read<Record>(_blocks[number / PerBlock].AsSpan(number % PerBlock * Record.Size));

    private EndedHold Ended(int number)
    {
        var end = At(number).End;
        return end switch
        {
            Released => new EndedHold(LedgerEntryKind.HoldReleased, UsdTicks.Zero, UsdTicks.Zero),
            Expired => new EndedHold(LedgerEntryKind.HoldExpired, UsdTicks.Zero, UsdTicks.Zero),
            Unreconciled => new EndedHold(LedgerEntryKind.Unreconciled, UsdTicks.Zero, UsdTicks.Zero),
            _ => new EndedHold(LedgerEntryKind.HoldSettled, new UsdTicks(end), _overruns.GetValueOrDefault(number)),
        };
    }

    // The place of the id, or the free one where it would go.
    private int Find(Guid id)
    {
        var mask = _places.Length - 1;
        var place = Hash(id) & mask;
        while (_places[place] is var number and > 0 && At(number - 1).Id != id)
            place = (place + 1) & mask;
        return place;
    }

    private void Take(Guid id, int number) => _places[Find(id)] = number + 1;

    private void Grow()
    {
        _places = new int[_places.Length * 2];
        for (var number = 0; number < Count; number++)
            Take(At(number).Id, number);
    }

    // The front end's ids are random in their second half; mixed all the same, as nothing here makes sure of it.
    private static int Hash(Guid id)
    {
        var halves = MemoryMarshal.Cast<Guid, ulong>(new ReadOnlySpan<Guid>(in id));

        // A product carries what differs upwards only: turned round in between, so that every bit of the id reaches the bits that are taken.
        var mixed = (halves[0] ^ BitOperations.RotateLeft(halves[1] * 0x9E3779B97F4A7C15, 32)) * 0xD6E8FEB86659FD93;
        return (int)(mixed >> 33);
    }

    [StructLayout(LayoutKind.Sequential, Pack = 8)]
    private readonly record struct Record(Guid Id, long End)
    {
        public const int Size = 24;
    }
}

/// <summary>The ended holds of one minute in a snapshot.</summary>
internal sealed record EndedMinuteState
{
    /// <summary>The minute (since the year 1) at whose end they are forgotten.</summary>
    public required long Minute { get; init; }

    /// <summary>How many records there are.</summary>
    public required int Count { get; init; }

    /// <summary>Records of 24 bytes: the id, then the charge or how the hold ended without one.</summary>
    public required byte[][] Blocks { get; init; }

    /// <summary>What some settlements left uncovered, by the number of the record.</summary>
    public required Dictionary<int, UsdTicks> Overruns { get; init; }
}
