using System.CommandLine;
using LlmTr.Money;

namespace LlmTr.Admin.Commands;

/// <summary>Arguments and options that several commands have.</summary>
internal static class Arguments
{
    public static Argument<string> Key() => new("KEY") { Description = "A key: its id (key_…), its prefix, or the key itself (only its id is sent)." };

    public static Option<string?> Reason() => new("--reason") { Description = "Why, for the ledger." };

    public static Option<string?> Note() => new("--note") { Description = "A note for the ledger." };

    /// <summary>An amount in USD, kept as the text that it is: the gateway reads it exactly.</summary>
    public static Argument<string> Amount()
    {
        var amount = new Argument<string>("USD") { Description = "The amount in USD, at most 10 decimals, such as 12.50." };
        amount.Validators.Add(static result =>
        {
            if (result.Tokens is [{ Value: var text }] && !(UsdTicks.TryParseUsd(text, out var ticks) && ticks.IsPositive))
                result.AddError($"'{text}' is no amount: USD above zero with at most 10 decimals, such as 12.50.");
        });
        return amount;
    }
}
