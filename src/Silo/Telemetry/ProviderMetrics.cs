using System.Diagnostics;
using System.Diagnostics.Metrics;
using LlmTr.Grains.Telemetry;
using LlmTr.Xai.Refusals;
using LlmTr.Xai.Wire;

namespace LlmTr.Silo.Telemetry;

/// <summary>xAI as its client sees it: the metrics of OpenTelemetry's GenAI conventions, and how often and why it refuses.</summary>
public sealed class ProviderMetrics
{
    private readonly Histogram<double> _duration;
    private readonly Histogram<double> _firstChunk;
    private readonly Histogram<long> _tokens;
    private readonly KindCounts<RefusalKind> _refusals;

    /// <summary>Makes the instruments.</summary>
    /// <param name="meters">Makes the meter.</param>
    /// <param name="xai">Where xAI is; null where nobody asks it.</param>
    public ProviderMetrics(IMeterFactory meters, XaiClient? xai = null)
    {
        (Address, Port) = (xai?.BaseUrl.Host, xai?.BaseUrl.Port);
        var meter = meters.Create(GatewayTelemetry.Name);

        // The conventions' own boundaries; beyond them, up to the hour that a reasoning model may take.
        var seconds = new InstrumentAdvice<double> { HistogramBucketBoundaries = [0.01, 0.02, 0.04, 0.08, 0.16, 0.32, 0.64, 1.28, 2.56, 5.12, 10.24, 20.48, 40.96, 81.92, 300, 900, 3600] };
        _duration = meter.CreateHistogram("gen_ai.client.operation.duration", "s", "From sending a request to xAI to the end of its answer.", advice: seconds);
        _firstChunk = meter.CreateHistogram("gen_ai.client.operation.time_to_first_chunk", "s", "From sending a request to xAI to the first piece of its stream.", advice: seconds);
        _tokens = meter.CreateHistogram("gen_ai.client.token.usage", "{token}", "Tokens as xAI counted them.", advice: new InstrumentAdvice<long>
        {
            HistogramBucketBoundaries = [1, 4, 16, 64, 256, 1024, 4096, 16384, 65536, 262144, 1048576, 4194304, 16777216, 67108864],
        });
        _refusals = new(meter, "llmtr.xai.refusals", "{refusal}", "kind", "What xAI answered in place of what was asked for.");
    }

    /// <summary>The host that is asked, <c>server.address</c>.</summary>
    internal string? Address { get; }

    /// <summary>Its port, boxed once, <c>server.port</c>.</summary>
    internal object? Port { get; }

    /// <summary>Counts a refusal.</summary>
    public void Refused(RefusalKind kind) => _refusals.Add(kind);

    internal void Ended(ProviderOperation operation, string model, TimeSpan took, string? error)
    {
        var tags = Tags(operation, model);
        if (error is not null)
            tags.Add("error.type", error);
        _duration.Record(took.TotalSeconds, tags);
    }

    internal void FirstChunk(ProviderOperation operation, string model, TimeSpan took) => _firstChunk.Record(took.TotalSeconds, Tags(operation, model));

    internal void Used(ProviderOperation operation, string model, string type, long tokens)
    {
        var tags = Tags(operation, model);
        tags.Add("gen_ai.token.type", type);
        _tokens.Record(tokens, tags);
    }

    // Models come from the catalogue, so there are as many as are sold.
    private TagList Tags(ProviderOperation operation, string model) => new()
    {
        { "gen_ai.operation.name", operation.Name },
        { "gen_ai.provider.name", ProviderCall.Provider },
        { "gen_ai.request.model", model },
        { "server.address", Address },
        { "server.port", Port },
    };
}
