using LlmTr.XaiSimulator.Control;
using LlmTr.XaiSimulator.Wire;

namespace LlmTr.XaiSimulator.Serving;

/// <summary>What is written of a reply, write by write, and what happens then. Pure: the connection is elsewhere.</summary>
/// <param name="Writes">The bytes of each write, none of them empty; those of long files are made when their turn comes.</param>
/// <param name="End">What follows the last write.</param>
/// <param name="HasHead">False when not even status and headers are sent.</param>
internal sealed record WritePlan(IEnumerable<ReadOnlyMemory<byte>> Writes, PlannedEnd End, bool HasHead)
{
    /// <summary>The plan for a reply under a behaviour.</summary>
    public static WritePlan Of(Reply reply, Behaviour behaviour)
    {
        var end = behaviour switch
        {
            { Cut: not null, Reset: true } => PlannedEnd.Reset,
            { Cut: not null } => PlannedEnd.Close,
            { Stall: not null } => PlannedEnd.Stall,
            _ => PlannedEnd.Whole,
        };
        var point = behaviour.Cut ?? behaviour.Stall;
        var after = behaviour.After ?? 0;
        var parts = point switch
        {
            BreakPoint.Before => [],
            BreakPoint.Stream => reply.Parts.Take(after),
            BreakPoint.Body => FirstBytes(reply.Parts, after),
            _ => reply.Parts,
        };
        return new WritePlan(Divide(parts.Where(part => !part.IsEmpty), behaviour.Writes), end, point != BreakPoint.Before);
    }

    private static IEnumerable<ReadOnlyMemory<byte>> FirstBytes(IEnumerable<ReadOnlyMemory<byte>> parts, int bytes)
    {
        foreach (var part in parts)
        {
            if (bytes == 0)
                yield break;
            var taken = Math.Min(bytes, part.Length);
            bytes -= taken;
            yield return part[..taken];
        }
    }

    private static IEnumerable<ReadOnlyMemory<byte>> Divide(IEnumerable<ReadOnlyMemory<byte>> parts, Writes writes) => writes switch
    {
        Control.Writes.Byte => parts.SelectMany(part => Enumerable.Range(0, part.Length).Select(i => part.Slice(i, 1))),
        Control.Writes.Glued => Glue([.. parts]),
        _ => parts,
    };

    private static IEnumerable<ReadOnlyMemory<byte>> Glue(List<ReadOnlyMemory<byte>> parts)
    {
        var all = new byte[parts.Sum(part => part.Length)];
        var at = 0;
        foreach (var part in parts)
        {
            part.CopyTo(all.AsMemory(at));
            at += part.Length;
        }

        return all.Length == 0 ? [] : [all];
    }
}

/// <summary>What follows the last planned write.</summary>
internal enum PlannedEnd
{
    /// <summary>The reply is whole.</summary>
    Whole,

    /// <summary>The connection is closed in order, with the reply unfinished.</summary>
    Close,

    /// <summary>The connection is reset.</summary>
    Reset,

    /// <summary>Nothing, until the client leaves.</summary>
    Stall,
}
