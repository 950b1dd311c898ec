using LlmTr.Api.Errors;
using LlmTr.Grains.Abstractions;
using LlmTr.Money;
using LlmTr.Xai.Refusals;
using LlmTr.Xai.Responses;

namespace LlmTr.Api.Metering;

/// <content>How a hold ends: settled, released or unreconciled, exactly one of them.</content>
internal sealed partial class MeteredCall
{
    private TimeSpan UntilDeadline => request.Limits.HoldLifetime - services.Clock.GetElapsedTime(_holdAsked);

    private long LatencyMs => (long)_context.Elapsed.TotalMilliseconds;

    /// <summary>Ends the hold with a charge, and puts what the client is told of it into the headers if they have not left.</summary>
    public async Task<Settlement> SettleAsync(UsdTicks cost, CostSource source, ReportedUsage usage, int statusCode)
    {
        _ended = true;
        _provider.Used(usage);
        if (source == CostSource.Estimate)
            _provider.Failed("Broken");
        using var end = BeginEnd("settle");
        end.Activity?.SetTag("llmtr.cost_source", source.ToString());
        var reply = await services.Endings.SettleAsync(key.KeyId, new Settle
        {
            Id = Id,
            Cost = cost,
            Source = source,
            Facts = new RequestFacts
            {
                InputTokens = usage.InputTokens,
                CachedTokens = usage.CachedTokens,
                OutputTokens = usage.OutputTokens,
                ReasoningTokens = usage.ReasoningTokens,
                StatusCode = statusCode,
                LatencyMs = LatencyMs,
            },
        }, UntilDeadline);

        // What the account has not taken yet is told as the cost it will be; nobody knows the balance after it.
        var settlement = reply is null ? new Settlement(cost, null) : new Settlement(reply.Charged, reply.Available);
        if (!http.Response.HasStarted)
        {
            var headers = http.Response.Headers;
            headers["X-LLMTR-Cost-USD"] = settlement.Charged.ToUsdString();
            if (settlement.Available is { } available)
                headers["X-LLMTR-Balance-USD"] = available.ToUsdString();
            else
                headers["X-LLMTR-Settlement"] = "pending";
        }

        return settlement;
    }

    /// <summary>Ends the hold without a charge.</summary>
    public async Task ReleaseAsync(string reason, int statusCode)
    {
        _ended = true;
        using var end = BeginEnd("release");
        await services.Endings.ReleaseAsync(
            key.KeyId, new Release { Id = Id, Reason = reason, StatusCode = statusCode, LatencyMs = LatencyMs }, UntilDeadline);
    }

    /// <summary>Ends the hold as a case for the operator.</summary>
    public async Task ReportUnreconciledAsync(string reason, int statusCode)
    {
        _ended = true;
        _provider.Failed("Unreconciled");
        using var end = BeginEnd("report unreconciled");
        await services.Endings.ReportUnreconciledAsync(
            key.KeyId, new ReportUnreconciled { Id = Id, Reason = reason, StatusCode = statusCode, LatencyMs = LatencyMs }, UntilDeadline);
    }

    /// <summary>
    /// Ends the hold after a refusal of xAI's: settled where it has a cost (moderated results do), released where xAI itself refused, unreconciled
    /// where nobody can say that it was xAI who answered, or what it says of a cost cannot be read.
    /// </summary>
    /// <returns>What the client is told.</returns>
    public async Task<ApiError> EndRefusedAsync(XaiRefusal refusal, int upstreamStatus)
    {
        var error = RefusalMapping.ToError(refusal, upstreamStatus);
        NoteRefusal(refusal.Kind, upstreamStatus);

        if (BelievedCost.Of(refusal.Cost) is { IsPositive: true } cost)
            return await SettleRefusedAsync(refusal, upstreamStatus, cost, CostSource.Provider);
        if (refusal.IsOfResult && BelievedCost.Of(refusal.Cost) is null && request.CostOfRefusedResult is { } made)
            return await SettleRefusedAsync(refusal, upstreamStatus, made, CostSource.Catalogue);
        if (refusal.IsReadable)
            await EndFreeAsync($"refused by xAI: {refusal.Kind}", refusal.Cost, error.Status);
        else
            await ReportUnreconciledAsync($"unreadable answer, status {upstreamStatus}", error.Status);
        return error;
    }

    /// <summary>Ends the hold of what xAI refused or failed at without a cost: released, but a case for the operator where what it says of a cost cannot be read.</summary>
    public Task EndFreeAsync(string reason, ReportedCost reported, int statusCode) => BelievedCost.IsUnreadable(reported)
        ? ReportUnreconciledAsync($"{reason}, with a cost that cannot be read", statusCode)
        : ReleaseAsync(reason, statusCode);

    private async Task<ApiError> SettleRefusedAsync(XaiRefusal refusal, int upstreamStatus, UsdTicks cost, CostSource source)
    {
        var settlement = await SettleAsync(cost, source, default, RefusalMapping.ToError(refusal, upstreamStatus).Status);
        return RefusalMapping.ToError(refusal, upstreamStatus, settlement.Charged);
    }

    /// <summary>Ends the hold of a request that was sent and that nothing came back for.</summary>
    /// <returns>What the client is told.</returns>
    public async Task<ApiError> EndUnansweredAsync(string reason)
    {
        var isTimeout = _upstream.IsCancellationRequested && !services.Calls.Cut.IsCancellationRequested;
        var error = isTimeout ? GatewayErrors.ProviderTimeout : GatewayErrors.ProviderBroke;
        _provider.Failed(isTimeout ? "Timeout" : "NoAnswer");
        await ReportUnreconciledAsync(reason, error.Status);
        return error;
    }

    private async Task EndAfterFaultAsync(Exception exception)
    {
        if (_ended || !_holdMayStand)
            return;
        LogFault(Id, exception);
        if (_wasSent)
            await ReportUnreconciledAsync("the gateway failed in mid-call", GatewayErrors.Internal.Status);
        else
            await ReleaseAsync("the gateway failed before anything was sent", GatewayErrors.Internal.Status);
    }
}
