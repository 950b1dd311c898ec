using LlmTr.Grains.Abstractions;
using LlmTr.Money;
using Microsoft.Extensions.DependencyInjection;

namespace LlmTr.Api.Tests.Running;

/// <summary>An operator's commands, given to the account itself.</summary>
public static class TestKeyCommands
{
    public static IApiKeyGrain Account(this TestKey key) => key.Gateway.Services.GetRequiredService<IGrainFactory>().GetGrain<IApiKeyGrain>(key.Id);

    public static Task<OperatorReply> LimitAsync(this TestKey key, KeyLimits limits) => key.ChangeAsync(new ChangeSettings { Limits = limits, Actor = "tests" });

    public static async Task<OperatorReply> ChangeAsync(this TestKey key, ChangeSettings command)
    {
        var reply = await key.Account().ChangeSettings(command);
        reply.Outcome.Should().Be(OperatorOutcome.Done);
        return reply;
    }

    /// <summary>What a request would hold, in ticks.</summary>
    public static async Task<UsdTicks> QuoteAsync(this TestKey key, string body)
    {
        using var dry = await key.PostAsync(body, headers: ("X-LLMTR-Dry-Run", "true"));
        return new UsdTicks((await dry.JsonAsync()).Number("quote_ticks"));
    }
}
