using LlmTr.Grains.Abstractions;

namespace LlmTr.Api.Errors;

/// <summary>
/// Ends a request with a refusal from wherever it was found. For the routes of operators and of a customer's own account, which are read by
/// people: an inference route returns its errors and throws nothing.
/// </summary>
/// <param name="error">What the caller is told.</param>
internal sealed class RefusedException(ApiError error) : Exception(error.Message)
{
    /// <summary>What the caller is told.</summary>
    public ApiError Error { get; } = error;

    /// <summary>Makes a handler answer with the refusal that it threw, with a 503 where the ledger could not be reached, and with a 500 where it is broken.</summary>
    public static RequestDelegate Answered(RequestDelegate handle) => async http =>
    {
        try
        {
            await handle(http);
        }
        catch (RefusedException refused) when (!http.Response.HasStarted)
        {
            await ErrorWriter.WriteAsync(http, refused.Error);
        }
        catch (AccountUnavailableException unavailable) when (!http.Response.HasStarted)
        {
            await ErrorWriter.WriteAsync(http, unavailable.BrokenLedger is { } why ? GatewayErrors.LedgerBroken(why) : GatewayErrors.AccountsUnavailable);
        }
    };
}
