using System.Diagnostics;
using System.Net.Sockets;
using System.Text;
using LlmTr.Money;
using LlmTr.XaiSimulator.Control;
using LlmTr.XaiSimulator.Recording;

namespace LlmTr.XaiSimulator.Tests;

/// <summary>Connections that break, stall or wait.</summary>
public sealed class BreakTests : SimulatorTest
{
    [Theory]
    [InlineData("cut=before")]
    [InlineData("cut=before;reset")]
    public async Task Cut_BeforeTheFirstByte_LeavesTheClientWithoutAnAnswer(string words)
    {
        var act = () => PostAsync(Ask($"[[sim:{words}]]"));

        await act.Should().ThrowAsync<HttpRequestException>();
        var request = await RecordedAsync();
        request.Outcome.Should().Be(Outcome.Cut);
        request.BodyText.Should().Contain("grok-4.3", "the request was read before it was cut");
    }

    [Theory]
    [InlineData("cut=before", false)]
    [InlineData("cut=before;reset", true)]
    public async Task Cut_IsAnOrderlyCloseOrAReset(string words, bool isReset)
    {
        using var socket = await PostRawAsync(Ask($"[[sim:{words}]]"));

        var read = async () => await socket.GetStream().ReadAsync(new byte[1], Bound);

        if (isReset)
            (await read.Should().ThrowAsync<IOException>()).WithInnerException<SocketException>().Which.SocketErrorCode.Should().Be(SocketError.ConnectionReset);
        else
            (await read()).Should().Be(0);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(100)]
    public async Task Cut_InTheBody_IsAfterSoManyBytes(int bytes)
    {
        using var response = await PostAsync(Ask($"[[sim:cut=body;after={bytes}]]"));

        var (text, isBroken) = await ReadToBreakAsync(response);

        isBroken.Should().BeTrue();
        text.Should().HaveLength(bytes);
        var request = await RecordedAsync();
        request.Outcome.Should().Be(Outcome.Cut);
        request.BytesSent.Should().Be(bytes);
        request.Billed.IsPositive.Should().BeTrue("the answer was generated");
        Simulator.Books.Delivered.Should().Be(UsdTicks.Zero);
    }

    [Fact]
    public async Task Cut_AfterTheWholeBody_StillLacksItsEnd()
    {
        using var response = await PostAsync(Ask("[[sim:cut=body;after=1000000]]"));

        var (text, isBroken) = await ReadToBreakAsync(response);

        isBroken.Should().BeTrue();
        text.Should().EndWith("\"instructions\":null}");
    }

    [Fact]
    public async Task Cut_InTheStream_IsAfterSoManyFrames_EachOfThem()
    {
        var all = (await FramesOfAsync(AskStreamed("[[sim:deltas=3]]"))).Count;
        for (var frames = 0; frames <= all; frames++)
        {
            using var response = await PostAsync(AskStreamed($"[[sim:deltas=3;cut=stream;after={frames}]]"));

            var (text, isBroken) = await ReadToBreakAsync(response);

            isBroken.Should().BeTrue();
            Frame.Split(text).Should().HaveCount(frames);
        }
    }

    [Fact]
    public async Task Cut_InTheStreamWithAReset_BreaksIt()
    {
        using var response = await PostAsync(AskStreamed("[[sim:cut=stream;after=3;reset]]"));

        (await ReadToBreakAsync(response)).IsBroken.Should().BeTrue();
        (await RecordedAsync()).Outcome.Should().Be(Outcome.Cut);
    }

    [Fact]
    public async Task Stall_BeforeHeaders_LastsUntilTheClientLeaves()
    {
        using var patience = new CancellationTokenSource();
        var answer = Client.SendAsync(Post(Ask("[[sim:stall=before]]")), HttpCompletionOption.ResponseHeadersRead, patience.Token);
        await Simulator.WaitForRequestsAsync(1, Bound);
        answer.IsCompleted.Should().BeFalse();

        await patience.CancelAsync();

        await answer.Invoking(task => task).Should().ThrowAsync<OperationCanceledException>();
        (await RecordedAsync()).ClientAborted.Should().BeTrue();
    }

    [Fact]
    public async Task Stall_InTheStream_SendsItsFramesAndThenNothing()
    {
        using var response = await PostAsync(AskStreamed("[[sim:stall=stream;after=2]]"));
        using var reader = new StreamReader(await response.Content.ReadAsStreamAsync(Bound));
        for (var line = 0; line < 6; line++)
            await reader.ReadLineAsync(Bound);

        using var patience = new CancellationTokenSource(TimeSpan.FromMilliseconds(50));
        var next = async () => await reader.ReadLineAsync(patience.Token);

        await next.Should().ThrowAsync<OperationCanceledException>("the third frame never comes");
        response.Dispose();
        var request = await RecordedAsync();
        request.ClientAborted.Should().BeTrue();
        request.Billed.IsPositive.Should().BeTrue();
    }

    [Fact]
    public async Task Client_ThatLeavesInMidStream_IsSeenToLeave()
    {
        using (var response = await PostAsync(AskStreamed("[[sim:step]]")))
        {
            Simulator.Steps.Allow(1);
            using var reader = new StreamReader(await response.Content.ReadAsStreamAsync(Bound));
            (await reader.ReadLineAsync(Bound)).Should().Be("event: response.created");
        }

        (await RecordedAsync()).ClientAborted.Should().BeTrue();
        Simulator.Books.Aborted.Should().Be(1);
    }

    [Fact]
    public async Task Step_LetsFramesGoOneAtATime()
    {
        using var response = await PostAsync(AskStreamed("[[sim:step;deltas=1]]"));
        using var reader = new StreamReader(await response.Content.ReadAsStreamAsync(Bound));
        var request = Simulator.Requests.Single();
        foreach (var type in new[] { "response.created", "response.in_progress", "response.output_item.added" })
        {
            Simulator.Steps.Allow();
            (await reader.ReadLineAsync(Bound)).Should().Be($"event: {type}");
            var data = await reader.ReadLineAsync(Bound);
            (await reader.ReadLineAsync(Bound)).Should().BeEmpty();
            data.Should().StartWith("data: ");
        }

        var sent = request.BytesSent;
        Simulator.Steps.Allow(1_000);
        await reader.ReadToEndAsync(Bound);
        await request.Ended.WaitAsync(Bound);
        request.BytesSent.Should().BeGreaterThan(sent);
        request.Outcome.Should().Be(Outcome.Answered);
    }

    [Theory]
    [InlineData("delay_ms=60", 60)]
    [InlineData("pace_ms=5;answer=x", 5 * 20)]
    public async Task Delay_AndPace_TakeTheirTime(string words, int milliseconds)
    {
        var start = Stopwatch.GetTimestamp();

        await TextOfAsync(AskStreamed($"[[sim:{words}]]"));

        // A timer may be a little early each time, never by half.
        Stopwatch.GetElapsedTime(start).TotalMilliseconds.Should().BeGreaterThan(milliseconds / 2.0);
    }

    [Fact]
    public async Task Disposal_EndsWhatIsHeldAndWhatIsStalled()
    {
        var other = await Simulator.StartAsync();
        other.Gate.Close(new RequestMatch { PromptContains = "held" });
        using var client = new HttpClient();
        var held = client.SendAsync(PostTo(other, Ask("held")), Bound);
        var stalled = client.SendAsync(PostTo(other, Ask("[[sim:stall=before]]")), Bound);
        await other.Gate.WaitForWaitingAsync(1, Bound);
        await other.WaitForRequestsAsync(2, Bound);

        await other.DisposeAsync().AsTask().WaitAsync(Bound);

        await held.Invoking(task => task).Should().ThrowAsync<HttpRequestException>();
        await stalled.Invoking(task => task).Should().ThrowAsync<HttpRequestException>();
    }

    private static HttpRequestMessage PostTo(Simulator simulator, string body) => new(HttpMethod.Post, $"{simulator.BaseUrl}/responses")
    {
        Content = new StringContent(body, Encoding.UTF8, "application/json"),
    };
}
