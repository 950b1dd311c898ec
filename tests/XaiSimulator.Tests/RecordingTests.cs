using LlmTr.XaiSimulator.Recording;

namespace LlmTr.XaiSimulator.Tests;

/// <summary>What is remembered of requests.</summary>
public sealed class RecordingTests : SimulatorTest
{
    protected override SimulatorOptions Options => new() { KeptRequests = 3, KeptBytes = 10_000, ApiKey = "xai-recorded" };

    [Fact]
    public async Task Request_IsRecordedAsItCame()
    {
        var body = Ask("merhaba 😀", "\"stream\":false,\"made_up\":{\"a\":1},\"user\":null");
        using var message = Post(body, "/v1/responses?x=1");
        message.Headers.Add("x-grok-conv-id", "c-1");
        using var response = await Client.SendAsync(message, Bound);

        var request = await RecordedAsync();
        request.Number.Should().Be(1);
        request.Method.Should().Be("POST");
        request.Path.Should().Be("/v1/responses?x=1");
        request.BodyText.Should().Be(body);
        request.Header("authorization").Should().Be("Bearer xai-recorded");
        request.Header("X-Grok-Conv-Id").Should().Be("c-1");
        request.Header("Cookie").Should().BeNull();
        request.Fields.Should().Equal("model", "input", "stream", "made_up", "user");
        request.UnknownFields.Should().Equal("made_up");
        request.Model.Should().Be("grok-4.3");
        request.Status.Should().Be(200);
        request.Outcome.Should().Be(Outcome.Answered);
        request.BytesSent.Should().Be(response.Content.Headers.ContentLength ?? (await response.Content.ReadAsByteArrayAsync(Bound)).Length);
    }

    [Fact]
    public async Task Field_ThatXaiDoesNotKnow_IsIgnoredAndBilled()
    {
        var answer = await JsonOfAsync(Ask("x", "\"made_up\":true"));

        answer.GetProperty("status").GetString().Should().Be("completed");
        (await RecordedAsync()).Billed.IsPositive.Should().BeTrue();
    }

    [Fact]
    public async Task Requests_BeyondTheBound_AreForgottenOldestFirst()
    {
        for (var i = 0; i < 5; i++)
            await TextOfAsync(Ask("x"));

        Simulator.Requests.Select(request => request.Number).Should().Equal(3, 4, 5);
        Simulator.Books.Requests.Should().Be(5);
    }

    [Fact]
    public async Task Bodies_BeyondTheBound_AreForgottenOldestFirst()
    {
        await TextOfAsync(Ask(new string('x', 6_000)));
        await TextOfAsync(Ask(new string('y', 6_000)));

        Simulator.Requests.Select(request => request.Number).Should().Equal(2);
    }

    [Fact]
    public async Task Simulators_ShareNothing()
    {
        await using var other = await Simulator.StartAsync();
        Simulator.Gate.Close();
        Simulator.Enqueue(new Control.Behaviour { Status = 500 });

        using var client = new HttpClient();
        client.DefaultRequestHeaders.Add("Authorization", $"Bearer {other.ApiKey}");
        using var content = new StringContent(Ask("x"), System.Text.Encoding.UTF8, "application/json");
        using var response = await client.PostAsync(new Uri($"{other.BaseUrl}/responses"), content, Bound);

        ((int)response.StatusCode).Should().Be(200);
        Simulator.Requests.Should().BeEmpty();
        other.Requests.Should().ContainSingle();
    }
}
