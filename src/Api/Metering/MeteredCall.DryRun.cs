using LlmTr.Api.Errors;

namespace LlmTr.Api.Metering;

/// <content>The call that is none: only quoted.</content>
internal sealed partial class MeteredCall
{
    /// <summary>Answers who only asks for the quote, and who may have meant to; false for everyone else.</summary>
    private async Task<bool> AnsweredDryAsync()
    {
        if (!DryRun.TryRead(http.Request, out var isAskedFor))
        {
            await ErrorWriter.WriteAsync(http, GatewayErrors.InvalidDryRun);
            return true;
        }

        if (!isAskedFor)
            return false;
        var (told, account) = await services.Accounts.ReadAsync(key.KeyId, key.Secret, http.RequestAborted);
        if (account is null)
        {
            await ErrorWriter.WriteAsync(http, told ? GatewayErrors.Unauthenticated : GatewayErrors.AccountsUnavailable);
            return true;
        }

        RateHeaders.Write(http.Response.Headers, account.Rate);
        if (HoldRefusals.OfStatus(account, request.Model) is { } refusal)
            await ErrorWriter.WriteAsync(http, refusal);
        else
            await DryRun.WriteAsync(http, WithinBudget(request.Quote), account.Available);
        return true;
    }
}
