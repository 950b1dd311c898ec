using System.CommandLine;
using System.Text.Json.Nodes;

namespace LlmTr.Admin.Commands;

/// <summary><c>unreconciled …</c> and <c>overruns</c>.</summary>
internal static class CaseCommands
{
    private static readonly Table Cases = new(
        "No open cases.",
        ("CASE", "id"), (">HOLD USD", "hold_usd"), ("OPENED", "opened_at"), ("MODEL", "model"), ("ENDPOINT", "endpoint"), ("WHY", "reason"));

    private static readonly Table Overruns = new(
        "No overruns.",
        ("KEY", "key"), ("REQUEST", "request_id"), (">LOSS USD", "overrun_usd"), ("AT", "at"), ("MODEL", "model"), ("ENDPOINT", "endpoint"));

    private static readonly Table Closed = new(
        "",
        ("Case", "id"), ("Outcome", "outcome"), ("Charged USD", "charged_usd"), ("Overrun USD", "overrun_usd"), ("Available USD", "available_usd"));

    public static Command MakeUnreconciled() => new("unreconciled", "Requests whose cost nobody could learn: list them, then settle or waive each.")
    {
        new Command("list", "List open cases of all keys.").Does(static async (session, _, cancellation) =>
            session.Show(await session.Api.AllAsync("unreconciled?limit=1000", cancellation), Cases)),
        MakeSettle(),
        MakeWaive(),
    };

    public static Command MakeOverruns() => new Command("overruns", "List what keys could not cover: your losses.").Does(static async (session, _, cancellation) =>
        session.Show(await session.Api.AllAsync("overruns?limit=1000", cancellation), Overruns));

    private static Command MakeSettle()
    {
        var id = Case();
        var amount = Arguments.Amount();
        var note = Arguments.Note();
        return new Command("settle", "Charge what the request truly cost.") { id, amount, note }.Does((session, parsed, cancellation) =>
            CloseAsync(session, parsed.GetRequiredValue(id), new JsonObject { ["settle_usd"] = parsed.GetValue(amount) }, parsed.GetValue(note), cancellation));
    }

    private static Command MakeWaive()
    {
        var id = Case();
        var note = Arguments.Note();
        return new Command("waive", "Close a case without a charge.") { id, note }.Does((session, parsed, cancellation) =>
            CloseAsync(session, parsed.GetRequiredValue(id), new JsonObject { ["waive"] = true }, parsed.GetValue(note), cancellation));
    }

    private static Argument<string> Case() => new("CASE") { Description = "The case as the list shows it, or the request's id." };

    private static async Task<int> CloseAsync(AdminSession session, string id, JsonObject body, string? note, CancellationToken cancellation)
    {
        if (note is not null)
            body["note"] = note;
        return session.Show(await session.Api.PostAsync($"unreconciled/{Uri.EscapeDataString(id)}", body, cancellation), Closed.Of);
    }
}
