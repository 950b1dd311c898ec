using System.Buffers.Text;
using System.Net.Mime;
using LlmTr.Money;
using LlmTr.XaiSimulator.Control;
using LlmTr.XaiSimulator.Wire;

namespace LlmTr.XaiSimulator.Serving;

/// <summary>A reply that the behaviour gives word for word, in place of a generated one.</summary>
internal static class ScriptedReply
{
    /// <summary>The reply, or null where the behaviour asks for none.</summary>
    public static Reply? From(Behaviour behaviour, ErrorFamily family, HeaderSet answered)
    {
        if (behaviour.Redirect is { } target)
            return new Reply(302, MediaTypeNames.Text.Plain, [default]) { Extra = [KeyValuePair.Create("Location", target)] };
        if (behaviour.Body is { } body)
            return Verbatim(behaviour.Status ?? 200, behaviour.ContentType ?? MediaTypeNames.Application.Json, body, answered);
        if ((behaviour.Fault ?? (behaviour.Status is { } status ? Fault.ForStatus(status) : null)) is not { } fault)
            return null;
        var reply = Reply.Of(fault, family);
        return reply with { Status = behaviour.Status ?? reply.Status, ContentType = behaviour.ContentType ?? reply.ContentType };
    }

    /// <summary>Exactly these bytes; a stream is divided after its empty lines, so that its frames can be counted. It bills what it reports.</summary>
    private static Reply Verbatim(int status, string contentType, ReadOnlyMemory<byte> body, HeaderSet answered)
    {
        var isStream = contentType.StartsWith(Reply.EventStream, StringComparison.OrdinalIgnoreCase);
        return new Reply(status, contentType, isStream ? Frames.Split(body) : [body])
        {
            Headers = status != 200 ? HeaderSet.Plain : isStream ? HeaderSet.TextStream : answered,
            Billed = LastCost(body.Span),
        };
    }

    /// <summary>The last whole number that the bytes report as a cost, or zero.</summary>
    private static UsdTicks LastCost(ReadOnlySpan<byte> body)
    {
        var name = "\"cost_in_usd_ticks\":"u8;
        var at = body.LastIndexOf(name);
        return at >= 0 && Utf8Parser.TryParse(body[(at + name.Length)..].TrimStart((byte)' '), out long ticks, out _) ? new UsdTicks(ticks) : UsdTicks.Zero;
    }
}
