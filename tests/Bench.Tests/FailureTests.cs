using System.Diagnostics.CodeAnalysis;
using LlmTr.Bench.Contenders;
using LlmTr.Bench.Loads;
using LlmTr.Bench.Processes;
using LlmTr.Bench.Results;

namespace LlmTr.Bench.Tests;

/// <summary>What fails is told, and ends nothing but itself.</summary>
[SuppressMessage("Reliability", "CA2000", Justification = "What does not start is nobody's to dispose of.")]
public sealed class FailureTests
{
    private const string Ok = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";

    [Fact]
    public async Task Start_ServerThatIsSilentAtFirst_IsAskedAgain()
    {
        await using var server = new RawAnswers(static (stream, number, cancellation) =>
            number == 0 ? Task.Delay(Timeout.Infinite, cancellation) : RawAnswers.SayAsync(stream, Ok, cancellation));
        await using var process = OwnProcess.Start("silent", Directory.CreateTempSubdirectory("bench").FullName, ["sleep", "60"]);

        await process.AnswersAsync(server.Address, CancellationToken.None);
    }

    [Fact]
    public async Task Start_OneThatDiesWhileItsKeysAreMade_IsLeftOut()
    {
        StartContender dead = static (_, _, _) => throw new HttpRequestException("Connection refused");
        StartContender alive = static (_, _, _) => Task.FromResult(Nobody());

        await using var group = await ContenderGroup.StartAsync(NewWorkplace(), Nobody().Address, [("dead", dead), ("alive", alive)], CancellationToken.None);

        group.Contenders.Should().HaveCount(1);
        Telling.LeftOut.Should().Contain("dead, start: Connection refused");
    }

    [Fact]
    public async Task Keys_GatewayThatMakesNone_KeepsItsOtherFigures()
    {
        var contender = Nobody(static (_, _) => throw new HttpRequestException("Connection refused"));

        var result = await PlainRequests.WithPoorAndRichKeyAsync(contender, Result(), CancellationToken.None);

        result.Should().Be(Result());
    }

    [Fact]
    public async Task Measure_RequestThatIsNeverAnswered_IsLeftOut()
    {
        using var http = new HttpClient { Timeout = TimeSpan.FromMilliseconds(200) };
        await using var server = new RawAnswers(static (_, _, cancellation) => Task.Delay(Timeout.Infinite, cancellation));

        (await Telling.OrNullAsync("a server, a load", () => http.GetStringAsync(server.Address))).Should().BeNull();
    }

    [Fact]
    public async Task Report_OfARunThatLeftOutItsIdleStreams_IsNotComplete()
    {
        await Telling.OrNullAsync<object>("nobody, idle streams", static () => throw new BenchException("nobody answered 503 to idle stream 7."));

        var report = new Report { Machine = await Machine.FindAsync(NewWorkplace(), CancellationToken.None) };
        report.Contenders.Add(Result());

        report.IsComplete(1).Should().BeFalse();
        Markdown.Of(report).Should().Contain("* left out: nobody, idle streams: nobody answered 503 to idle stream 7.");
    }

    [Fact]
    public async Task Allocations_GatewayThatDoesNotTell_IsAFailure()
    {
        await using var server = new RawAnswers(static (stream, _, cancellation) => RawAnswers.SayAsync(stream, Ok, cancellation));

        await FluentActions.Awaiting(() => Allocations.PerRequestAsync(Nobody(metrics: server.Address), CancellationToken.None)).Should().ThrowAsync<BenchException>();
    }

    private static Workplace NewWorkplace() => new(Path.Combine(Directory.CreateTempSubdirectory("bench").FullName, "work"));

    private static Contender Nobody(Func<string, CancellationToken, Task<string>>? makeKeyAsync = null, Uri? metrics = null) => new()
    {
        Name = "nobody",
        Address = new Uri("http://127.0.0.1:9"),
        Keys = ["llmtr-1"],
        MakeKeyAsync = makeKeyAsync,
        Metrics = metrics is null ? [] : [metrics],
        Own = [],
        Started = [],
    };

    // All that one in the middle has, but for its idle streams.
    private static ContenderResult Result()
    {
        var latency = new LatencyResult(1, 1, 1);
        var load = new ClosedLoopResult { Requests = 1, RequestsPerSecond = 1, CpuMicrosecondsPerRequest = 1, AllocatedBytesPerRequest = null, P50Milliseconds = 1, P99Milliseconds = 1 };
        return new ContenderResult
        {
            Name = "nobody",
            IdleBytes = 1,
            LoadedBytes = 1,
            SmallHundredKeys = load,
            SmallHotKey = load,
            LargeHundredKeys = load,
            FixedRate = new FixedRateResult(latency, 1),
            Streams = new EventStreamsResult { FirstByte = latency, Delay = latency, CpuMicrosecondsPerEvent = 1 },
        };
    }
}
