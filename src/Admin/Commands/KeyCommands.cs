using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace LlmTr.Admin.Commands;

/// <summary><c>keys …</c>.</summary>
internal static class KeyCommands
{
    private static readonly Table List = new(
        "No keys.",
        ("ID", "id"), ("LABEL", "label"), ("STATUS", "status"), (">BALANCE", "balance_usd"), (">HELD", "held_usd"), (">AVAILABLE", "available_usd"),
        (">REQUESTS", "totals.requests"), (">CHARGED", "totals.charged_usd"));

    private static readonly Table Card = new(
        "",
        ("Id", "id"), ("Prefix", "prefix"), ("Label", "label"), ("Status", "status"), ("Created", "created_at"), ("Expires", "expires_at"),
        ("Old secret good until", "old_secret_good_until"), ("Balance USD", "balance_usd"), ("Held USD", "held_usd"), ("Available USD", "available_usd"),
        ("Requests charged", "totals.requests"), ("Charged USD", "totals.charged_usd"), ("Debited USD", "totals.debited_usd"),
        ("Overruns USD", "totals.overruns_usd"), ("Open holds", "totals.open_holds"), ("Unreconciled", "totals.unreconciled"),
        ("Requests a minute", "limits.requests_per_minute"), ("Tokens a minute", "limits.tokens_per_minute"), ("Requests at once", "limits.max_concurrent"),
        ("Models", "limits.models"), ("Budget USD", "limits.budget.amount_usd"), ("Budget period", "limits.budget.period"),
        ("Budget used USD", "limits.budget.used_usd"), ("Budget resets", "limits.budget.resets_at"));

    public static Command Make() => new("keys", "Make, list, show, change, rotate and revoke keys.")
    {
        MakeCreate(),
        MakeList(),
        MakeShow(),
        LimitCommands.Make(),
        MakeSet(),
        MakeRotate(),
        MakeRevoke(),
    };

    /// <summary>Shows a key, and its secret where the answer has one.</summary>
    public static int Show(AdminSession session, JsonElement key) => session.Show(key, static key =>
    {
        var secret = Table.Value(key, "key");
        return secret.Length == 0 ? Card.Of(key) : $"{Card.Of(key)}\nThe key, shown this once:\n\n  {secret}\n";
    });

    private static Command MakeCreate()
    {
        var label = new Argument<string>("LABEL") { Description = "Your name for the key." };
        var credit = new Option<string?>("--credit") { Description = "The first credit in USD." };
        var expires = new Option<string?>("--expires-at") { Description = "From when on it is refused, such as 2027-01-31T00:00:00Z." };
        var reason = Arguments.Reason();
        var limits = new LimitOptions();
        var command = new Command("create", "Make a key; it is shown once.") { label, credit, expires, reason };
        limits.AddTo(command);
        return command.Does(async (session, parsed, cancellation) =>
        {
            var body = new JsonObject { ["label"] = parsed.GetValue(label) };
            Add(body, "credit_usd", parsed.GetValue(credit));
            Add(body, "expires_at", parsed.GetValue(expires));
            Add(body, "reason", parsed.GetValue(reason));
            if (limits.Given(parsed))
                body["limits"] = limits.Merge(parsed, []);
            return Show(session, await session.Api.PostAsync("keys", body, cancellation));
        });
    }

    private static Command MakeList()
    {
        var prefix = new Option<string?>("--prefix") { Description = "Only keys that begin like this (llmtr-… or key_…)." };
        return new Command("list", "List keys.") { prefix }.Does(async (session, parsed, cancellation) =>
        {
            var path = parsed.GetValue(prefix) is { } text ? $"keys?limit=200&prefix={Uri.EscapeDataString(text)}" : "keys?limit=200";
            return session.Show(await session.Api.AllAsync(path, cancellation), List);
        });
    }

    private static Command MakeShow()
    {
        var key = Arguments.Key();
        return new Command("show", "Show a key: money, limits, totals.") { key }.Does(async (session, parsed, cancellation) =>
            Show(session, await session.Api.GetAsync($"keys/{await session.KeyIdAsync(parsed.GetRequiredValue(key), cancellation)}", cancellation)));
    }

    private static Command MakeSet()
    {
        var key = Arguments.Key();
        var label = new Option<string?>("--label") { Description = "Another name." };
        var expires = new Option<string?>("--expires-at") { Description = "From when on it is refused, such as 2027-01-31T00:00:00Z; or never." };
        var disabled = new Option<bool?>("--disabled") { Description = "true switches the key off, false on." };
        var reason = Arguments.Reason();
        return new Command("set", "Change a key's label or expiry, or switch it off and on.") { key, label, expires, disabled, reason }.Does(async (session, parsed, cancellation) =>
        {
            var body = new JsonObject();
            Add(body, "label", parsed.GetValue(label));
            Add(body, "expires_at", parsed.GetValue(expires));
            if (parsed.GetValue(disabled) is { } off)
                body["disabled"] = off;
            if (body.Count == 0)
                throw new CommandFailureException(ExitCode.Usage, "Nothing to change: give --label, --expires-at or --disabled.");
            Add(body, "reason", parsed.GetValue(reason));
            return Show(session, await session.Api.PatchAsync($"keys/{await session.KeyIdAsync(parsed.GetRequiredValue(key), cancellation)}", body, cancellation));
        });
    }

    private static Command MakeRotate()
    {
        var key = Arguments.Key();
        var grace = new Option<long>("--grace-seconds") { Required = true, Description = "How long the old secret stays good; 0 ends it at once." };
        var reason = Arguments.Reason();
        return new Command("rotate", "Give a key a new secret; it is shown once.") { key, grace, reason }.Does(async (session, parsed, cancellation) =>
        {
            var body = new JsonObject { ["grace_seconds"] = parsed.GetValue(grace) };
            Add(body, "reason", parsed.GetValue(reason));
            return Show(session, await session.Api.PostAsync($"keys/{await session.KeyIdAsync(parsed.GetRequiredValue(key), cancellation)}/rotate", body, cancellation));
        });
    }

    private static Command MakeRevoke()
    {
        var key = Arguments.Key();
        var reason = Arguments.Reason();
        return new Command("revoke", "End a key for ever.") { key, reason }.Does(async (session, parsed, cancellation) =>
        {
            var body = new JsonObject();
            Add(body, "reason", parsed.GetValue(reason));
            return Show(session, await session.Api.PostAsync($"keys/{await session.KeyIdAsync(parsed.GetRequiredValue(key), cancellation)}/revoke", body, cancellation));
        });
    }

    private static void Add(JsonObject body, string name, string? value)
    {
        if (value is not null)
            body[name] = value;
    }
}
