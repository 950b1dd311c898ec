using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace LlmTr.Admin.Commands;

/// <summary><c>keys limits</c>.</summary>
internal static class LimitCommands
{
    public static Command Make()
    {
        var key = Arguments.Key();
        var reason = Arguments.Reason();
        var limits = new LimitOptions();
        var command = new Command("limits", "Show a key's limits, or change those that are given and keep the others.") { key, reason };
        limits.AddTo(command);
        return command.Does(async (session, parsed, cancellation) =>
        {
            var path = $"keys/{await session.KeyIdAsync(parsed.GetRequiredValue(key), cancellation)}";
            var shown = await session.Api.GetAsync(path, cancellation);
            if (limits.Given(parsed))
            {
                var body = new JsonObject { ["limits"] = limits.Merge(parsed, Known(shown.GetProperty("limits"))) };
                if (parsed.GetValue(reason) is { } why)
                    body["reason"] = why;
                shown = await session.Api.PatchAsync(path, body, cancellation);
            }

            return KeyCommands.Show(session, shown);
        });
    }

    // What the gateway shows, less what it only tells.
    private static JsonObject Known(JsonElement limits)
    {
        var known = JsonObject.Create(limits)!;
        if (known["budget"] is JsonObject budget)
        {
            budget.Remove("used_usd");
            budget.Remove("resets_at");
        }

        return known;
    }
}

/// <summary>The options that set limits; <c>none</c> takes one away.</summary>
internal sealed class LimitOptions
{
    private const string None = "none";

    private readonly Option<string?> _requests = Whole("--requests-per-minute", "Requests in any 60 s, or none.");
    private readonly Option<string?> _tokens = Whole("--tokens-per-minute", "Tokens in any 60 s, or none.");
    private readonly Option<string?> _concurrent = Whole("--max-concurrent", "Requests at one time, or none.");
    private readonly Option<string?> _models = new("--models") { Description = "The models that it may use, with commas between, or none for all." };
    private readonly Option<string?> _budget = new("--budget") { Description = "What it may spend: USD/day, USD/week or USD/month, such as 100/month; or none." };

    public LimitOptions() => _budget.Validators.Add(static result =>
    {
        if (result.Tokens is [{ Value: var text }] && text != None && text.Split('/') is not [_, "day" or "week" or "month"])
            result.AddError($"'{text}' is no budget: USD/day, USD/week or USD/month, such as 100/month, or none.");
    });

    private Option<string?>[] All => [_requests, _tokens, _concurrent, _models, _budget];

    public void AddTo(Command command)
    {
        foreach (var option in All)
            command.Options.Add(option);
    }

    public bool Given(ParseResult parsed) => All.Any(option => parsed.GetValue(option) is not null);

    /// <summary>The limits that a key had, with what is given put in their place.</summary>
    public JsonObject Merge(ParseResult parsed, JsonObject limits)
    {
        Set(limits, "requests_per_minute", parsed.GetValue(_requests), Number);
        Set(limits, "tokens_per_minute", parsed.GetValue(_tokens), Number);
        Set(limits, "max_concurrent", parsed.GetValue(_concurrent), Number);
        Set(limits, "models", parsed.GetValue(_models), static text => new JsonArray([.. text.Split(',').Select(static model => JsonValue.Create(model))]));
        Set(limits, "budget", parsed.GetValue(_budget), static text => new JsonObject { ["amount_usd"] = text.Split('/')[0], ["period"] = text.Split('/')[1] });
        return limits;
    }

    private static void Set(JsonObject limits, string name, string? text, Func<string, JsonNode> value)
    {
        if (text == None)
            limits.Remove(name);
        else if (text is not null)
            limits[name] = value(text);
    }

    private static JsonNode Number(string text) => JsonValue.Create(long.Parse(text, NumberStyles.None, CultureInfo.InvariantCulture));

    private static Option<string?> Whole(string name, string description)
    {
        var option = new Option<string?>(name) { Description = description };
        option.Validators.Add(result =>
        {
            if (result.Tokens is [{ Value: var text }] && text != None && !long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out _))
                result.AddError($"{name} is a whole number or none, not '{text}'.");
        });
        return option;
    }
}
