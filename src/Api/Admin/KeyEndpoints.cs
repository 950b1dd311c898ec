using System.Globalization;
using LlmTr.Api.Errors;
using LlmTr.Api.Keys;
using LlmTr.Api.Requests;
using LlmTr.Grains.Abstractions;
using LlmTr.Money;

namespace LlmTr.Api.Admin;

/// <summary>The life of a key: made, listed, read, changed, rotated, revoked.</summary>
internal static class KeyEndpoints
{
    private const int MaxLabelChars = 200, MaxReasonChars = 1000;
    private const long MaxGraceSeconds = 366L * 24 * 60 * 60;
    private const int DefaultPage = 50, MaxPage = 200;
    private const string Never = "never";

    public static async Task CreateAsync(HttpContext http)
    {
        var request = await http.BodyAsync(AdminRequestJson.Default.CreateKeyRequest);
        AdminCall.RequireText("label", request.Label, MaxLabelChars, required: true);
        AdminCall.RequireText("reason", request.Reason, MaxReasonChars);
        if (request.CreditUsd is { IsNegative: true })
            throw AdminCall.Invalid("credit_usd", "credit_usd must be zero or more.");

        var issued = http.RequestServices.GetRequiredService<KeyFormat>().New();
        var account = await CommandAsync(http, issued.KeyId, new IssueKey
        {
            Secret = issued.Secret,
            Prefix = issued.Prefix,
            Label = request.Label!,
            Credit = request.CreditUsd ?? UsdTicks.Zero,
            Limits = request.Limits is { } limits ? Limits(limits) : null,
            ExpiresAt = request.ExpiresAt is { } moment ? Moment(moment) : null,
            Reason = request.Reason,
            Actor = http.Actor(),
        }, static (account, command) => account.Issue(command));

        http.Response.StatusCode = StatusCodes.Status201Created;
        http.Response.Headers.Location = $"/admin/v1/keys/{issued.KeyId}";
        await AnswerAsync(http, issued.KeyId, account, issued.Text);
    }

    public static async Task ListAsync(HttpContext http)
    {
        var query = RequestQuery.Of(http, "prefix", "after", "limit");
        var limit = (int)query.Number("limit", DefaultPage, 1, MaxPage);
        var after = query.Text("after");
        if (after is not null && !KeyFormat.IsKeyId(after))
            throw AdminCall.Invalid("after", "after is the id of a key: what the list before gave as next_after.");

        var (keys, more) = await KeyWalk.PageAsync(http.Accounts(), IdPrefix(query.Text("prefix")), after, limit, http.RequestAborted);
        var rows = keys.Where(static key => key.Account is not null).Select(static key => KeyAnswer.Of(key.Id, key.Account!)).ToArray();
        var broken = keys.Where(static key => key.Broken is not null).Select(static key => new BrokenLedgerAnswer(key.Id, key.Broken!)).ToArray();
        await http.AnswerAsync(
            new Page<KeyAnswer>(rows, more ? keys[^1].Id : null) { BrokenLedgers = broken.Length > 0 ? broken : null }, AdminAnswerJson.Default.Keys);
    }

    public static async Task ReadAsync(HttpContext http) => await AnswerAsync(http, http.KeyId(), await http.AccountAsync());

    public static async Task ChangeAsync(HttpContext http)
    {
        var id = http.KeyId();
        var request = await http.BodyAsync(AdminRequestJson.Default.ChangeKeyRequest);
        AdminCall.RequireText("label", request.Label, MaxLabelChars);
        AdminCall.RequireText("reason", request.Reason, MaxReasonChars);
        if (request is { Label: null, Limits: null, ExpiresAt: null, Disabled: null })
            throw new RefusedException(ApiError.InvalidRequest("Nothing to change: give label, limits, expires_at or disabled."));

        var account = await CommandAsync(http, id, new ChangeSettings
        {
            Label = request.Label,
            Limits = request.Limits is { } limits ? Limits(limits) : null,
            ExpiresAt = request.ExpiresAt is null or Never ? null : Moment(request.ExpiresAt),
            ClearExpiry = request.ExpiresAt is Never,
            Disabled = request.Disabled,
            Reason = request.Reason,
            Actor = http.Actor(),
            ChangeId = http.GetRequestTrace().Id,
        }, static (account, command) => account.ChangeSettings(command));
        await AnswerAsync(http, id, account);
    }

    public static async Task RotateAsync(HttpContext http)
    {
        var id = http.KeyId();
        var request = await http.BodyAsync(AdminRequestJson.Default.RotateRequest);
        AdminCall.RequireText("reason", request.Reason, MaxReasonChars);
        if (request.GraceSeconds is not (>= 0 and <= MaxGraceSeconds) and var grace)
        {
            throw AdminCall.Invalid("grace_seconds", grace is null
                ? "grace_seconds is required: how long the old secret stays good; 0 ends it at once."
                : $"grace_seconds is a whole number from 0 to {MaxGraceSeconds}.");
        }

        var renewed = http.RequestServices.GetRequiredService<KeyFormat>().Renew(id);
        var account = await CommandAsync(http, id, new RotateKey
        {
            Secret = renewed.Secret,
            Grace = TimeSpan.FromSeconds(request.GraceSeconds.Value),
            Reason = request.Reason,
            Actor = http.Actor(),
        }, static (account, command) => account.Rotate(command));
        await AnswerAsync(http, id, account, renewed.Text);
    }

    public static async Task RevokeAsync(HttpContext http)
    {
        var id = http.KeyId();
        var request = await http.BodyAsync(AdminRequestJson.Default.RevokeRequest);
        AdminCall.RequireText("reason", request.Reason, MaxReasonChars);
        var account = await CommandAsync(
            http, id, new RevokeKey { Reason = request.Reason, Actor = http.Actor() }, static (account, command) => account.Revoke(command));
        await AnswerAsync(http, id, account);
    }

    private static async Task<AccountView> CommandAsync<TCommand>(
        HttpContext http, string id, TCommand command, Func<IApiKeyGrain, TCommand, Task<OperatorReply>> call)
    {
        var reply = await http.CommandAsync(id, command, call);
        return reply.Outcome switch
        {
            OperatorOutcome.Done when reply.Account is { } account => account,
            OperatorOutcome.UnknownKey => throw new RefusedException(AdminCall.UnknownKey),
            OperatorOutcome.Revoked => throw new RefusedException(new ApiError(
                409, "invalid_request_error", "This key is revoked, which nothing changes any more. Make a new key.")),

            // The id of a change was made minutes ago by the account's clock: nobody can tell whether it was done, until the clocks agree.
            OperatorOutcome.Conflict when command is ChangeSettings => throw new RefusedException(GatewayErrors.CommandNotAnswered),
            _ => throw new InvalidOperationException($"The account answered {reply.Outcome} to a command that cannot lead to it."),
        };
    }

    private static Task AnswerAsync(HttpContext http, string id, AccountView account, string? key = null)
    {
        // The one answer with a secret in it must not stay in a proxy.
        if (key is not null)
            http.Response.Headers.CacheControl = "no-store";
        return http.AnswerAsync(KeyAnswer.Of(id, account, key), AdminAnswerJson.Default.KeyAnswer);
    }

    private static KeyLimits Limits(LimitsRequest request)
    {
        var limits = new KeyLimits
        {
            RequestsPerMinute = request.RequestsPerMinute,
            TokensPerMinute = request.TokensPerMinute,
            MaxConcurrent = request.MaxConcurrent,
            Models = request.Models,
            Budget = request.Budget is { } budget ? Budget(budget) : null,
        };
        return limits.IsValid ? limits : throw AdminCall.Invalid("limits", KeyLimits.Requirement);
    }

    private static KeyBudget Budget(BudgetRequest request) => new()
    {
        Amount = request.AmountUsd ?? throw AdminCall.Invalid("limits.budget.amount_usd", "A budget needs amount_usd."),
        Period = request.Period switch
        {
            "day" => BudgetPeriod.Day,
            "week" => BudgetPeriod.Week,
            "month" => BudgetPeriod.Month,
            _ => throw AdminCall.Invalid("limits.budget.period", "A budget's period is day, week or month."),
        },
    };

    private static DateTimeOffset Moment(string text)
    {
        // A moment without a zone would mean another moment on another machine.
        string[] forms = ["yyyy-MM-dd'T'HH:mm:ssK", "yyyy-MM-dd'T'HH:mm:ss.FFFFFFFK"];
        var hasZone = text.EndsWith('Z') || text.LastIndexOfAny(['+', '-']) > "yyyy-MM-dd".Length;
        return hasZone && DateTimeOffset.TryParseExact(text, forms, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var moment)
            ? moment.ToUniversalTime()
            : throw AdminCall.Invalid("expires_at", "expires_at is a moment with its zone, such as 2027-01-31T00:00:00Z.");
    }

    // A key's shown prefix is made of its id, so the keys of a prefix stand together in the list.
    private static string IdPrefix(string? prefix)
    {
        const string key = "llmtr-";
        if (prefix is null)
            return KeyFormat.IdStart;
        if (prefix.StartsWith(KeyFormat.IdStart, StringComparison.Ordinal))
            return prefix;
        return prefix.StartsWith(key, StringComparison.Ordinal)
            ? KeyFormat.IdStart + prefix[key.Length..]
            : throw AdminCall.Invalid("prefix", "prefix is the beginning of a key (llmtr-…, at most 17 characters of it) or of a key's id (key_…).");
    }
}
