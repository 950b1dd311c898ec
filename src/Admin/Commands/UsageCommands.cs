using System.CommandLine;

namespace LlmTr.Admin.Commands;

/// <summary><c>holds</c> and <c>usage</c>.</summary>
internal static class UsageCommands
{
    private static readonly Table Holds = new(
        "No open holds.",
        ("REQUEST", "request_id"), (">HELD USD", "amount_usd"), ("PLACED", "placed_at"), ("DEADLINE", "deadline"), ("MODEL", "model"), ("ENDPOINT", "endpoint"));

    public static Command MakeHolds()
    {
        var key = Arguments.Key();
        return new Command("holds", "List a key's open holds.") { key }.Does(async (session, parsed, cancellation) =>
            session.Show(
                await session.Api.AllAsync($"keys/{await session.KeyIdAsync(parsed.GetRequiredValue(key), cancellation)}/holds?limit=1000", cancellation), Holds));
    }

    public static Command MakeUsage()
    {
        var key = Arguments.Key();
        var groupBy = new Option<string>("--group-by") { Description = "day, model or endpoint.", DefaultValueFactory = static _ => "day" };
        groupBy.AcceptOnlyFromAmong("day", "model", "endpoint");
        var from = new Option<string?>("--from") { Description = "The first day, YYYY-MM-DD, UTC, or a moment such as 2027-01-31T09:00:00Z; 30 days before the end where it is not given." };
        var to = new Option<string?>("--to") { Description = "The last day, or the moment before which to end." };
        return new Command("usage", "Add up a key's charged requests.") { key, groupBy, from, to }.Does(async (session, parsed, cancellation) =>
        {
            var by = parsed.GetRequiredValue(groupBy);
            var path = $"keys/{await session.KeyIdAsync(parsed.GetRequiredValue(key), cancellation)}/usage?group_by={by}";
            if (parsed.GetValue(from) is { } first)
                path += $"&from={Uri.EscapeDataString(first)}";
            if (parsed.GetValue(to) is { } last)
                path += $"&to={Uri.EscapeDataString(last)}";
            var groups = await session.Api.GetAsync(path, cancellation);
            return session.Show([.. groups.GetProperty("data").EnumerateArray()], new Table(
                "No charged requests.",
                (by.ToUpperInvariant(), "group"), (">REQUESTS", "requests"), (">INPUT TOKENS", "input_tokens"), (">OUTPUT TOKENS", "output_tokens"),
                (">CHARGED USD", "charged_usd"), (">OVERRUNS USD", "overruns_usd")));
        });
    }
}
