using System.Collections.Concurrent;
using System.Diagnostics;
using LlmTr.Api.Tests.Running;
using LlmTr.Api.Tests.Video;
using LlmTr.Silo.Telemetry;
using LlmTr.XaiSimulator.Control;
using Microsoft.Extensions.DependencyInjection;
using OpenTelemetry;
using OpenTelemetry.Trace;

namespace LlmTr.Api.Tests.Telemetry;

/// <summary>One request is one trace: from the HTTP server through the grains to xAI, whoever sends it.</summary>
public sealed class TraceTests : IAsyncLifetime, IDisposable
{
    private readonly InMemory _spans = new();
    private TestGateway _gateway = null!;
    private TestKey _key = null!;

    public async Task InitializeAsync()
    {
        _gateway = await TestGateway.StartAsync(configuration: new(VideoGateway.Fast) { ["Telemetry:Otlp"] = "true" }, customize: builder =>
            builder.Services.AddOpenTelemetry().WithTracing(traces => traces.AddLlmTrTraces().AddProcessor(new SimpleActivityExportProcessor(_spans))));
        _key = await _gateway.CreateKeyAsync();
    }

    public async Task DisposeAsync() => await _gateway.DisposeAsync();

    public void Dispose() => _spans.Dispose();

    [Theory]
    [InlineData(TestKey.Hello)]
    [InlineData(TestKey.HelloStreamed)]
    public async Task TextRequest_IsOneTraceFromTheServerThroughTheGrainsToXai(string body)
    {
        using var response = await _key.PostAsync(body);
        await response.Content.ReadAsStringAsync();

        var trace = await TraceOfAsync(response, static trace => trace.Any(static span => span.DisplayName == "chat xai/grok-4.3"));
        var server = trace.Single(static span => span.Source.Name == "Microsoft.AspNetCore");
        var hold = trace.Single(static span => span.DisplayName == "hold");
        var settle = trace.Single(static span => span.DisplayName == "settle");
        var chat = trace.Single(static span => span.DisplayName == "chat xai/grok-4.3");
        server.ParentSpanId.Should().Be(default(ActivitySpanId));
        server.GetTagItem("llmtr.request.id").Should().Be(response.Header("X-Request-Id"));
        new[] { hold, settle, chat }.Should().AllSatisfy(span => span.ParentSpanId.Should().Be(server.SpanId));
        GrainCall(trace, hold, "PlaceHold").Should().NotBeNull();
        GrainCall(trace, settle, "Settle").Should().NotBeNull();
        trace.Should().Contain(static span => span.DisplayName == "ledger append");

        chat.Kind.Should().Be(ActivityKind.Client);
        chat.Status.Should().Be(ActivityStatusCode.Unset);
        Tags(chat).Should().Contain(new Dictionary<string, string>
        {
            ["gen_ai.operation.name"] = "chat",
            ["gen_ai.provider.name"] = "x_ai",
            ["gen_ai.request.model"] = "xai/grok-4.3",
            ["server.address"] = _gateway.Xai.BaseUrl.Host,
            ["server.port"] = $"{_gateway.Xai.BaseUrl.Port}",
            ["llmtr.request.id"] = response.Header("X-Request-Id")!,
        });
        Tags(chat).Should().ContainKeys("gen_ai.usage.input_tokens", "gen_ai.usage.output_tokens");
        Tags(chat).ContainsKey("gen_ai.request.stream").Should().Be(body == TestKey.HelloStreamed);
    }

    [Fact]
    public async Task RefusedRequest_TellsWhyOnTheClientSpan()
    {
        _gateway.Xai.Enqueue(Behaviour.None.With("fault", "credits"));
        using var response = await _key.PostAsync(TestKey.Hello);

        var trace = await TraceOfAsync(response, static trace => trace.Any(static span => span.DisplayName == "chat xai/grok-4.3"));
        var chat = trace.Single(static span => span.DisplayName == "chat xai/grok-4.3");
        chat.Status.Should().Be(ActivityStatusCode.Error);
        chat.GetTagItem("error.type").Should().Be("out_of_credits");
        trace.Should().Contain(static span => span.DisplayName == "release");
    }

    [Fact]
    public async Task VideoJob_IsPolledAndSettledInTheTraceOfItsRequest()
    {
        using var response = await _key.StartVideoAsync();
        await response.Content.ReadAsStringAsync();

        var trace = await TraceOfAsync(response, static trace => trace.Any(static span => Equals(span.GetTagItem("llmtr.job.phase"), "Succeeded")));
        var server = trace.Single(static span => span.Source.Name == "Microsoft.AspNetCore");
        var start = GrainCall(trace, server, "Start");
        var work = trace.Where(static span => span.DisplayName == "video job").ToList();
        work.Should().AllSatisfy(span => span.ParentSpanId.Should().Be(start!.SpanId));
        trace.Where(static span => span.DisplayName == "generate_content xai/grok-imagine-video").Should().ContainSingle();
        var polls = trace.Where(static span => span.DisplayName == "video poll").ToList();
        polls.Should().HaveCountGreaterThan(1);
        polls.Should().AllSatisfy(poll =>
        {
            poll.Kind.Should().Be(ActivityKind.Client);
            work.Select(static span => span.SpanId).Should().Contain(poll.ParentSpanId);
        });
        trace.Should().Contain(static span => span.DisplayName.EndsWith("Settle", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Request_WithATraceparentAndBaggage_BeginsATraceOfItsOwn()
    {
        const string stranger = "0af7651916cd43dd8448eb211c80319c";
        using var response = await _key.PostAsync(
            TestKey.Hello, default, ("traceparent", $"00-{stranger}-b7ad6b7169203331-01"), ("baggage", "canary-baggage=1"), ("tracestate", "canary-state=1"));

        var trace = await TraceOfAsync(response, static trace => trace.Any(static span => span.DisplayName == "settle"));
        trace.Should().AllSatisfy(static span =>
        {
            span.TraceId.ToHexString().Should().NotBe(stranger);
            span.Baggage.Should().BeEmpty();
            span.TraceStateString.Should().BeNullOrEmpty();
        });
        _gateway.Xai.Requests.Should().AllSatisfy(static request => request.Headers.Select(static header => header.Key.ToLowerInvariant()).Should().NotContain(["traceparent", "tracestate", "baggage"]));
    }

    private static Activity? GrainCall(IReadOnlyList<Activity> trace, Activity under, string method)
    {
        // The client's span of the call, and the silo's below it.
        var call = trace.FirstOrDefault(span => span.ParentSpanId == under.SpanId && span.DisplayName.EndsWith(method, StringComparison.Ordinal) && span.Kind == ActivityKind.Client);
        return trace.FirstOrDefault(span => span.ParentSpanId == call?.SpanId && span.Kind == ActivityKind.Server);
    }

    private static Dictionary<string, string> Tags(Activity span) => span.TagObjects.ToDictionary(static tag => tag.Key, static tag => tag.Value?.ToString() ?? "");

    // Spans end a moment after the response does.
    private async Task<IReadOnlyList<Activity>> TraceOfAsync(HttpResponseMessage response, Predicate<IReadOnlyList<Activity>> isWhole)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (true)
        {
            var server = _spans.FirstOrDefault(span => span.Source.Name == "Microsoft.AspNetCore" && Equals(span.GetTagItem("llmtr.request.id"), response.Header("X-Request-Id")));
            List<Activity> trace = [.. _spans.Where(span => span.TraceId == server?.TraceId)];
            if (server is not null && isWhole(trace))
                return trace;
            await Task.Delay(TimeSpan.FromMilliseconds(20), limit.Token);
        }
    }

    private sealed class InMemory : BaseExporter<Activity>, IEnumerable<Activity>
    {
        private readonly ConcurrentQueue<Activity> _all = new();

        public override ExportResult Export(in Batch<Activity> batch)
        {
            foreach (var span in batch)
                _all.Enqueue(span);
            return ExportResult.Success;
        }

        public IEnumerator<Activity> GetEnumerator() => _all.GetEnumerator();

        System.Collections.IEnumerator System.Collections.IEnumerable.GetEnumerator() => GetEnumerator();
    }
}
