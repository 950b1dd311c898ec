using System.Text.Json;
using LlmTr.Client.Tests.Running;
using OpenAI.Responses;

namespace LlmTr.Client.Tests.DotNet;

/// <summary>The Responses API by the package from NuGet.</summary>
[Collection(DotNetGateway.Name)]
public sealed class ResponsesTests(ClientGateway gateway)
{
    [Fact]
    public async Task Text_IsAnswered_AndChargedOnce()
    {
        var scenario = await gateway.BeginAsync();

        ResponseResult answer = await scenario.Responses().CreateResponseAsync(Clients.Text, "Hello");

        answer.GetOutputText().Should().Contain("simulator");
        answer.Status.Should().Be(ResponseStatus.Completed);
        answer.Model.Should().Be(Clients.Text);
        answer.Usage.TotalTokenCount.Should().BePositive();
        await scenario.ChargesShouldBeAsync(1);
    }

    [Fact]
    public async Task Stream_ComesInPieces_AndEndsWithTheUsage()
    {
        var scenario = await gateway.BeginAsync();
        var pieces = new List<string>();
        ResponseResult? answer = null;

        await foreach (var update in await scenario.Responses().CreateResponseStreamingAsync(Clients.Text, "Hello"))
        {
            if (update is StreamingResponseOutputTextDeltaUpdate { Delta: var piece })
                pieces.Add(piece);
            if (update is StreamingResponseCompletedUpdate { Response: var whole })
                answer = whole;
        }

        pieces.Should().HaveCountGreaterThan(1);
        string.Concat(pieces).Should().Be(answer!.GetOutputText());
        answer.Usage.TotalTokenCount.Should().BePositive();
        await scenario.ChargesShouldBeAsync(1);
    }

    [Fact]
    public async Task FunctionCall_GetsItsSecondTurn_WithTheEncryptedReasoning()
    {
        var scenario = await gateway.BeginAsync();
        var client = scenario.Responses();
        var options = Options(ResponseItem.CreateUserMessageItem(Samples.CallsWeather));
        options.StoredOutputEnabled = false;
        options.IncludedProperties.Add(IncludedResponseProperty.ReasoningEncryptedContent);
        options.Tools.Add(ResponseTool.CreateFunctionTool("weather", Clients.Weather, strictModeEnabled: true, functionDescription: "The weather in a city"));

        ResponseResult first = await client.CreateResponseAsync(options);
        var reasoning = first.OutputItems.OfType<ReasoningResponseItem>().Single();
        reasoning.EncryptedContent.Should().NotBeNullOrEmpty();
        var call = first.OutputItems.OfType<FunctionCallResponseItem>().Single();
        (call.FunctionName, call.FunctionArguments.ToString()).Should().Be(("weather", """{"city":"simulated"}"""));
        foreach (var item in first.OutputItems)
            options.InputItems.Add(item);
        options.InputItems.Add(ResponseItem.CreateFunctionCallOutputItem(call.CallId, """{"celsius":31}"""));
        ResponseResult second = await client.CreateResponseAsync(options);

        second.GetOutputText().Should().Contain("tool returned 14 characters");
        scenario.Xai.Requests[1].BodyText.Should().Contain(reasoning.EncryptedContent);
        await scenario.ChargesShouldBeAsync(2);
    }

    [Fact]
    public async Task StructuredOutput_FitsItsSchema()
    {
        var scenario = await gateway.BeginAsync();
        var options = Options(ResponseItem.CreateUserMessageItem("A person"));
        options.TextOptions = new ResponseTextOptions { TextFormat = ResponseTextFormat.CreateJsonSchemaFormat("person", Clients.Person, jsonSchemaIsStrict: true) };

        ResponseResult answer = await scenario.Responses().CreateResponseAsync(options);

        JsonSerializer.Deserialize<JsonElement>(answer.GetOutputText()).GetProperty("name").GetString().Should().Be("simulated");
        await scenario.ChargesShouldBeAsync(1);
    }

    [Fact]
    public async Task StreamThatIsCut_EndsWithAnErrorUpdate_AndIsChargedAsAnEstimate()
    {
        var scenario = await gateway.BeginAsync();
        StreamingResponseUpdate? last = null;

        await foreach (var update in await scenario.Responses().CreateResponseStreamingAsync(Clients.Text, Samples.CutStream))
            last = update;

        last.Should().BeOfType<StreamingResponseErrorUpdate>().Which.Code.Should().Be("provider_error");
        (await scenario.EntriesAsync()).Should().Equal(("hold_placed", null), ("hold_settled", "estimate"));
    }

    private static CreateResponseOptions Options(ResponseItem item) => new(Clients.Text, [item]);
}
