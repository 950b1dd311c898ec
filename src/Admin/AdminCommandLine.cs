using System.CommandLine;
using LlmTr.Admin.Commands;

namespace LlmTr.Admin;

/// <summary>The program: reads the command line, asks the gateway, shows what it said.</summary>
public static class AdminCommandLine
{
    private const string DefaultUrl = "http://127.0.0.1:8080";

    private static Option<string?> Url { get; } = new("--url") { Recursive = true, Description = $"Where the gateway is; else LLMTR_URL, else {DefaultUrl}." };

    private static Option<string?> TokenFile { get; } = new("--token-file")
    {
        Recursive = true,
        Description = "A file with the admin token; else the token is LLMTR_ADMIN_TOKEN. A gateway that made its own keeps it in <data folder>/admin-token.",
    };

    private static Option<string?> Actor { get; } = new("--actor")
    {
        Recursive = true,
        Description = "Who asks, for the ledger; else LLMTR_ACTOR, else your user name.",
    };

    private static Option<bool> Json { get; } = new("--json") { Recursive = true, Description = "Answer in JSON, for scripts." };

    /// <summary>Runs one command: 0 done, 1 refused, 2 wrong command line, 3 gateway unreachable.</summary>
    public static async Task<int> RunAsync(IReadOnlyList<string> args, TextWriter output, TextWriter errors)
    {
        var root = new RootCommand("llmtr-admin: keys, money and ledgers of an LlmTr gateway.\nExit codes: 0 done, 1 refused, 2 wrong command line, 3 gateway unreachable.")
        {
            KeyCommands.Make(),
            MoneyCommands.MakeCredit(),
            MoneyCommands.MakeDebit(),
            MoneyCommands.MakeBalance(),
            LedgerCommands.Make(),
            UsageCommands.MakeHolds(),
            UsageCommands.MakeUsage(),
            CaseCommands.MakeUnreconciled(),
            CaseCommands.MakeOverruns(),
            JobCommands.Make(),
        };
        foreach (var option in (Option[])[Url, TokenFile, Actor, Json])
            root.Options.Add(option);

        var parsed = root.Parse(args);
        if (parsed.Errors.Count > 0)
        {
            foreach (var error in parsed.Errors)
                await errors.WriteLineAsync(error.Message);
            await errors.WriteLineAsync("--help lists commands and options.");
            return ExitCode.Usage;
        }

        try
        {
            return await parsed.InvokeAsync(new InvocationConfiguration { EnableDefaultExceptionHandler = false, Output = output, Error = errors });
        }
        catch (CommandFailureException failure)
        {
            await errors.WriteLineAsync(failure.Message);
            return failure.ExitCode;
        }
        catch (OperationCanceledException)
        {
            await errors.WriteLineAsync("Interrupted. What became of the command is not known.");
            return ExitCode.Unreachable;
        }
    }

    /// <summary>Gives a command its work.</summary>
    internal static Command Does(this Command command, Func<AdminSession, ParseResult, CancellationToken, Task<int>> work)
    {
        command.SetAction(async (parsed, cancellation) =>
        {
            using var session = new AdminSession(() => Open(parsed), parsed.InvocationConfiguration.Output, parsed.GetValue(Json));
            return await work(session, parsed, cancellation);
        });
        return command;
    }

    private static AdminApi Open(ParseResult parsed)
    {
        var text = parsed.GetValue(Url) ?? Environment("LLMTR_URL") ?? DefaultUrl;
        if (!Uri.TryCreate(text, UriKind.Absolute, out var url) || url.Scheme is not ("http" or "https"))
            throw new CommandFailureException(ExitCode.Usage, $"'{text}' is no address of a gateway: it must be an absolute http or https URL such as {DefaultUrl}.");
        var actor = parsed.GetValue(Actor) ?? Environment("LLMTR_ACTOR") ?? System.Environment.UserName;
        return new AdminApi(url, Token(parsed.GetValue(TokenFile)), actor.Length is > 0 and <= 64 && actor.All(static c => c is > ' ' and <= '~') ? actor : null);
    }

    private static string Token(string? file)
    {
        string? token;
        try
        {
            token = file is null ? Environment("LLMTR_ADMIN_TOKEN") : File.ReadAllText(file).Trim();
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new CommandFailureException(ExitCode.Usage, $"The token file cannot be read: {exception.Message}");
        }

        if (token is not { Length: > 0 })
        {
            throw new CommandFailureException(
                ExitCode.Usage,
                "No admin token. Set LLMTR_ADMIN_TOKEN, or give --token-file: a gateway that made its own keeps it in data/admin-token (data/demo/admin-token for the demo).");
        }

        return token.All(static c => c is > ' ' and <= '~') ? token : throw new CommandFailureException(ExitCode.Usage, "The admin token is one line of printable ASCII.");
    }

    // An empty value counts as unset, as for the gateway.
    private static string? Environment(string name) => System.Environment.GetEnvironmentVariable(name) is { Length: > 0 } value ? value : null;
}
