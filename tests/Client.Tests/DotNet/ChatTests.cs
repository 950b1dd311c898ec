using System.Text.Json;
using LlmTr.Client.Tests.Running;
using OpenAI.Chat;

namespace LlmTr.Client.Tests.DotNet;

/// <summary>Chat completions by the package from NuGet.</summary>
[Collection(DotNetGateway.Name)]
public sealed class ChatTests(ClientGateway gateway)
{
    [Fact]
    public async Task Text_IsAnswered_AndChargedOnce()
    {
        var scenario = await gateway.BeginAsync();

        ChatCompletion answer = await scenario.Open().Chat().CompleteChatAsync(
            [new SystemChatMessage("Be brief."), new UserChatMessage("Hello")], new ChatCompletionOptions { MaxOutputTokenCount = 500, ReasoningEffortLevel = ChatReasoningEffortLevel.Low });

        answer.Content[0].Text.Should().Contain("simulator");
        answer.FinishReason.Should().Be(ChatFinishReason.Stop);
        answer.Model.Should().Be(Clients.Text);
        answer.Usage.TotalTokenCount.Should().Be(answer.Usage.InputTokenCount + answer.Usage.OutputTokenCount);
        answer.Usage.OutputTokenDetails.ReasoningTokenCount.Should().BePositive().And.BeLessThan(answer.Usage.OutputTokenCount);
        await scenario.ChargesShouldBeAsync(1);
    }

    [Fact]
    public async Task Image_IsAnswered_AndChargedOnce()
    {
        var scenario = await gateway.BeginAsync();

        ChatCompletion answer = await scenario.Open().Chat().CompleteChatAsync(
            new UserChatMessage(ChatMessageContentPart.CreateTextPart("What is this?"), ChatMessageContentPart.CreateImagePart(BinaryData.FromBytes(Samples.Png), "image/png")));

        answer.Content[0].Text.Should().Contain("simulator");
        await scenario.ChargesShouldBeAsync(1);
    }

    [Fact]
    public async Task Stream_ComesInPieces_AndEndsWithTheUsage()
    {
        var scenario = await gateway.BeginAsync();
        var updates = new List<StreamingChatCompletionUpdate>();

        await foreach (var update in scenario.Open().Chat().CompleteChatStreamingAsync("Hello"))
            updates.Add(update);

        var pieces = updates.SelectMany(static update => update.ContentUpdate).Select(static part => part.Text).ToList();
        pieces.Should().HaveCountGreaterThan(1);
        string.Concat(pieces).Should().Contain("simulator");
        updates.Should().ContainSingle(static update => update.FinishReason == ChatFinishReason.Stop);
        updates[^1].Usage.TotalTokenCount.Should().BePositive();
        await scenario.ChargesShouldBeAsync(1);
    }

    [Fact]
    public async Task FunctionCall_GetsItsSecondTurn()
    {
        var scenario = await gateway.BeginAsync();
        var client = scenario.Open().Chat();
        var options = new ChatCompletionOptions { Tools = { ChatTool.CreateFunctionTool("weather", "The weather in a city", Clients.Weather) } };
        List<ChatMessage> messages = [new UserChatMessage(Samples.CallsWeather)];

        ChatCompletion first = await client.CompleteChatAsync(messages, options);
        first.FinishReason.Should().Be(ChatFinishReason.ToolCalls);
        var call = first.ToolCalls.Single();
        (call.FunctionName, call.FunctionArguments.ToString()).Should().Be(("weather", """{"city":"simulated"}"""));
        messages.Add(new AssistantChatMessage(first));
        messages.Add(new ToolChatMessage(call.Id, """{"celsius":31}"""));
        ChatCompletion second = await client.CompleteChatAsync(messages, options);

        second.Content[0].Text.Should().Contain("tool returned 14 characters");
        await scenario.ChargesShouldBeAsync(2);
    }

    [Fact]
    public async Task StructuredOutput_FitsItsSchema()
    {
        var scenario = await gateway.BeginAsync();

        ChatCompletion answer = await scenario.Open().Chat().CompleteChatAsync(
            [new UserChatMessage("A person")],
            new ChatCompletionOptions { ResponseFormat = ChatResponseFormat.CreateJsonSchemaFormat("person", Clients.Person, jsonSchemaIsStrict: true) });

        JsonSerializer.Deserialize<JsonElement>(answer.Content[0].Text).GetProperty("name").GetString().Should().Be("simulated");
        await scenario.ChargesShouldBeAsync(1);
    }

    [Fact]
    public async Task StreamThatIsLeft_IsChargedInFull()
    {
        var scenario = await gateway.BeginAsync();
        using var leave = new CancellationTokenSource();
        var seen = 0;

        var reading = async () =>
        {
            await foreach (var _ in scenario.Open().Chat().CompleteChatStreamingAsync([new UserChatMessage(Samples.SlowStream)], cancellationToken: leave.Token))
            {
                if (++seen == 3)
                    await leave.CancelAsync();
            }
        };

        await reading.Should().ThrowAsync<OperationCanceledException>();
        await scenario.ChargesShouldBeAsync(1);
    }

    [Fact]
    public async Task StreamThatIsCut_EndsWithoutAFinishReason_AndIsChargedAsAnEstimate()
    {
        var scenario = await gateway.BeginAsync();
        var updates = new List<StreamingChatCompletionUpdate>();

        // This package passes over an error in mid-stream, OpenAI's own too: whoever does not look for the finish reason takes a part for the whole.
        await foreach (var update in scenario.Open().Chat().CompleteChatStreamingAsync(Samples.CutStream))
            updates.Add(update);

        updates.Should().NotBeEmpty().And.NotContain(static update => update.FinishReason != null);
        (await scenario.EntriesAsync()).Should().Equal(("hold_placed", null), ("hold_settled", "estimate"));
    }
}
