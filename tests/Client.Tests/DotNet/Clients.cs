using System.ClientModel;
using System.ClientModel.Primitives;
using LlmTr.Client.Tests.Running;
using OpenAI;
using OpenAI.Chat;
using OpenAI.Responses;

namespace LlmTr.Client.Tests.DotNet;

/// <summary>Clients as a customer makes them: another address, another key, nothing else.</summary>
internal static class Clients
{
    public const string Text = "xai/grok-4.3";
    public const string Imagine = "xai/grok-imagine-image";

    public static readonly BinaryData Weather =
        BinaryData.FromString("""{"type":"object","properties":{"city":{"type":"string"}},"required":["city"],"additionalProperties":false}""");

    public static readonly BinaryData Person =
        BinaryData.FromString("""{"type":"object","properties":{"name":{"type":"string"}},"required":["name"],"additionalProperties":false}""");

    public static OpenAIClient Open(
        this Scenario scenario, int retries = 0, TimeSpan? timeout = null, string? key = null, ClientRetryPolicy? retryPolicy = null, PipelinePolicy? callPolicy = null)
    {
        var options = new OpenAIClientOptions { Endpoint = scenario.BaseUrl, RetryPolicy = retryPolicy ?? new ClientRetryPolicy(retries), NetworkTimeout = timeout };
        if (callPolicy is not null)
            options.AddPolicy(callPolicy, PipelinePosition.PerCall);
        return new OpenAIClient(new ApiKeyCredential(key ?? scenario.Key), options);
    }

    public static ChatClient Chat(this OpenAIClient client) => client.GetChatClient(Text);

    public static ResponsesClient Responses(this Scenario scenario) =>
        new(new ApiKeyCredential(scenario.Key), new ResponsesClientOptions { Endpoint = scenario.BaseUrl, RetryPolicy = new ClientRetryPolicy(0) });
}
