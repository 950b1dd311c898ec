using System.Collections.Concurrent;
using System.Globalization;
using System.Net.Sockets;
using LlmTr.Bench.Contenders;
using LlmTr.Bench.Loads;

namespace LlmTr.Bench.Tests;

/// <summary>A stream that was cut short is never measured as a whole one.</summary>
public sealed class StreamTests
{
    private const string Head = "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nConnection: close\r\n\r\n";

    private static readonly string _deltas = string.Concat(Enumerable.Range(0, 195).Select(static number =>
        string.Create(CultureInfo.InvariantCulture, $"data: {{\"type\":\"response.output_text.delta\",\"delta\":\"{number:d20}\"}}\n\n")));

    [Fact]
    public async Task StreamReading_WholeStream_IsMeasured()
    {
        // The last event comes in two pieces.
        await using var server = new RawAnswers(static async (stream, _, cancellation) =>
        {
            await RawAnswers.SayAsync(stream, $"{Head}{_deltas}data: {{\"type\":\"response.comp", cancellation);
            await Task.Delay(50, cancellation);
            await RawAnswers.SayAsync(stream, "leted\"}\n\n", cancellation);
        });
        var delays = new ConcurrentBag<TimeSpan>();

        (await ReadAsync(server, delays)).Should().BePositive();

        delays.Should().HaveCount(195);
    }

    [Fact]
    public async Task StreamReading_AllEventsButTheLast_IsAFailure()
    {
        await using var server = new RawAnswers(static (stream, _, cancellation) =>
            RawAnswers.SayAsync(stream, $"{Head}{_deltas}event: error\ndata: {{\"type\":\"error\"}}\n\n", cancellation));

        await FluentActions.Awaiting(() => ReadAsync(server, [])).Should().ThrowAsync<BenchException>().WithMessage("*response.completed*");
    }

    [Fact]
    public async Task IdleStreams_AllOpen_AreMeasured()
    {
        await using var server = new RawAnswers(static (stream, _, cancellation) => BeginAsync(stream, cancellation));

        (await IdleStreams.RunAsync(Of(server), 20, CancellationToken.None)).BytesEach.Should().Be(0);
    }

    [Fact]
    public async Task IdleStreams_SomeAreOver_IsAFailure()
    {
        await using var server = new RawAnswers(static (stream, number, cancellation) =>
            number < 5 ? RawAnswers.SayAsync(stream, $"{Head}data: 1\n\n", cancellation) : BeginAsync(stream, cancellation));

        await FluentActions.Awaiting(() => IdleStreams.RunAsync(Of(server), 20, CancellationToken.None)).Should().ThrowAsync<BenchException>().WithMessage("*5 of 20*");
    }

    private static async Task BeginAsync(NetworkStream stream, CancellationToken cancellation)
    {
        await RawAnswers.SayAsync(stream, $"{Head}data: 1\n\n", cancellation);
        await Task.Delay(Timeout.Infinite, cancellation);
    }

    private static async Task<TimeSpan> ReadAsync(RawAnswers server, ConcurrentBag<TimeSpan> delays)
    {
        var contender = Of(server);
        using var http = Client.For(contender);
        return await StreamReading.OfAsync(http, contender, contender.Keys[0], delays, CancellationToken.None);
    }

    private static Contender Of(RawAnswers server) => new() { Name = "a server", Address = server.Address, Keys = ["llmtr-1"], Own = [], Started = [] };
}
