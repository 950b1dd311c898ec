using System.Text;
using LlmTr.Api.Tests.Running;
using LlmTr.Money;
using LlmTr.XaiSimulator.Control;

namespace LlmTr.Api.Tests.Metering;

/// <summary>A client that leaves early pays what xAI bills: the true cost, once, with no hold left open.</summary>
public sealed class ClientLeavesTests : IAsyncLifetime
{
    private TestGateway _gateway = null!;

    public async Task InitializeAsync() => _gateway = await TestGateway.StartAsync();

    public async Task DisposeAsync() => await _gateway.DisposeAsync();

    [Fact]
    public async Task Stream_LeftAfterEachPossibleFrame_IsSettledOnceAtItsTrueCost()
    {
        var whole = await (await _gateway.CreateKeyAsync()).PostAsync(TestKey.HelloStreamed);
        var frames = (await whole.Content.ReadAsStringAsync()).Split("\n\n", StringSplitOptions.RemoveEmptyEntries).Length;
        frames.Should().BeGreaterThan(10);

        for (var seen = 0; seen < frames; seen++)
        {
            _gateway.Xai.ForgetRequests();
            _gateway.Xai.Enqueue(Behaviour.None with { Step = true });
            var key = await _gateway.CreateKeyAsync();
            using var leave = new CancellationTokenSource();
            var response = await key.PostAsync(TestKey.HelloStreamed, leave.Token);
            if (!response.IsSuccessStatusCode)
                throw new InvalidOperationException($"Refused with {response.StatusCode}: {await response.Content.ReadAsStringAsync(CancellationToken.None)}");
            await using (var stream = await response.Content.ReadAsStreamAsync(CancellationToken.None))
            {
                for (var frame = 0; frame < seen; frame++)
                {
                    _gateway.Xai.Steps.Allow();
                    await ReadFrameAsync(stream);
                }
            }

            // Closing the response closes the connection: the rest comes to a client that is gone.
            response.Dispose();
            _gateway.Xai.Steps.Allow(frames - seen);

            var ledger = await key.SettledLedgerAsync();
            var cost = _gateway.Xai.Requests.Single().Billed;
            ledger.Select(entry => entry.Text("kind")).Should().Equal(["hold_placed", "hold_settled"], "it was left after {0} frames", seen);
            ledger[1].Text("cost_source").Should().Be("provider");
            (await key.ReadAsync()).Should().Be(new TestAccount(UsdTicks.FromUsd(5) - cost, UsdTicks.Zero, 0));
        }
    }

    [Fact]
    public async Task WholeAnswer_LeftWhileXaiWorks_IsSettledAtItsTrueCost()
    {
        var key = await _gateway.CreateKeyAsync();
        _gateway.Xai.Gate.Close();
        using var leave = new CancellationTokenSource();
        var answer = key.PostAsync(TestKey.Hello, leave.Token);
        await _gateway.Xai.Gate.WaitForWaitingAsync(1);
        await leave.CancelAsync();
        await FluentActions.Awaiting(() => answer).Should().ThrowAsync<OperationCanceledException>();
        _gateway.Xai.Gate.Open();

        var ledger = await key.SettledLedgerAsync();
        ledger.Select(entry => entry.Text("kind")).Should().Equal("hold_placed", "hold_settled");
        ledger[1].Number("amount_ticks").Should().Be(_gateway.Xai.Requests.Single().Billed.Value);
    }

    private static async Task ReadFrameAsync(Stream stream)
    {
        var text = new StringBuilder();
        var one = new byte[1];
        while (!text.ToString().EndsWith("\n\n", StringComparison.Ordinal))
        {
            (await stream.ReadAsync(one)).Should().Be(1, "a frame that was let go must arrive without another behind it");
            text.Append((char)one[0]);
        }
    }
}
