using System.CommandLine;
using System.Text.Json.Nodes;

namespace LlmTr.Admin.Commands;

/// <summary><c>credit</c>, <c>debit</c> and <c>balance</c>.</summary>
internal static class MoneyCommands
{
    private static readonly Table Balance = new(
        "", ("Balance USD", "balance_usd"), ("Held USD", "held_usd"), ("Available USD", "available_usd"));

    public static Command MakeCredit() => MakePosting("credit", "Put money into a key.", "credits");

    public static Command MakeDebit() => MakePosting("debit", "Take money out of a key; at most what is available.", "debits");

    public static Command MakeBalance()
    {
        var key = Arguments.Key();
        return new Command("balance", "Show a key's money.") { key }.Does(async (session, parsed, cancellation) =>
            session.Show(await session.Api.GetAsync($"keys/{await session.KeyIdAsync(parsed.GetRequiredValue(key), cancellation)}", cancellation), Balance.Of));
    }

    private static Command MakePosting(string name, string description, string path)
    {
        var key = Arguments.Key();
        var amount = Arguments.Amount();
        var reference = new Option<string?>("--reference") { Description = "Your reference: an invoice, a payment." };
        var note = Arguments.Note();
        var id = new Option<string?>("--id") { Description = "Names this posting: the same id posts once, for ever. Made up when absent." };
        return new Command(name, description) { key, amount, reference, note, id }.Does(async (session, parsed, cancellation) =>
        {
            var posting = parsed.GetValue(id) ?? $"cli-{Guid.CreateVersion7():N}";
            var body = new JsonObject { ["amount_usd"] = parsed.GetValue(amount) };
            if (parsed.GetValue(reference) is { } of)
                body["reference"] = of;
            if (parsed.GetValue(note) is { } text)
                body["note"] = text;
            try
            {
                var keyId = await session.KeyIdAsync(parsed.GetRequiredValue(key), cancellation);
                return session.Show(await session.Api.PostAsync($"keys/{keyId}/{path}", body, cancellation, posting), Balance.Of);
            }
            catch (CommandFailureException failure) when (failure.ExitCode == ExitCode.Unreachable)
            {
                // Without the id, a second try could post twice.
                throw new CommandFailureException(ExitCode.Unreachable, $"{failure.Message}\nWhether it was posted is not known. Repeat it with --id {posting}: it posts once.");
            }
        });
    }
}
