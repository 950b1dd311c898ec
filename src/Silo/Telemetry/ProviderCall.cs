using System.Diagnostics;
using System.Text.Json;
using LlmTr.Grains.Abstractions;
using LlmTr.Grains.Telemetry;
using LlmTr.Xai.Refusals;
using LlmTr.Xai.Responses;

namespace LlmTr.Silo.Telemetry;

/// <summary>
/// One operation at xAI from its sending to the end of its answer, repeats included: a client span and the metrics of the GenAI conventions. Nothing of what was
/// asked or answered is in it but counts. A value that lives in its owner's field; it ends once.
/// </summary>
public struct ProviderCall
{
    /// <summary>What the conventions call xAI.</summary>
    public const string Provider = "x_ai";

    private ProviderMetrics? _metrics;
    private ProviderOperation _operation;
    private string _model;
    private TimeProvider _clock;
    private Activity? _activity;
    private long _began;
    private long _answered;
    private bool _chunkCame;
    private string? _error;

    /// <summary>Time from the first sending to the last byte that was noted, or until now.</summary>
    public readonly TimeSpan Elapsed => _clock is null ? TimeSpan.Zero : _clock.GetElapsedTime(_began, _answered != 0 ? _answered : _clock.GetTimestamp());

    /// <summary>Begins, once: a repeat belongs to the same operation.</summary>
    /// <param name="metrics">Records it.</param>
    /// <param name="operation">What is asked for.</param>
    /// <param name="model">The public id of the model.</param>
    /// <param name="id">The request's id.</param>
    /// <param name="clock">Measures.</param>
    public void Begin(ProviderMetrics metrics, ProviderOperation operation, string model, RequestId id, TimeProvider clock)
    {
        if (_metrics is not null)
            return;
        (_metrics, _operation, _model, _clock, _began) = (metrics, operation, model, clock, clock.GetTimestamp());
        if (!GatewayTelemetry.Source.HasListeners())
            return;

        // What its owner does meanwhile, a hold's end among it, is not done for xAI.
        var owner = Activity.Current;
        _activity = GatewayTelemetry.Source.StartActivity($"{operation.Name} {model}", ActivityKind.Client);
        Activity.Current = owner;
        _activity?.SetTag("gen_ai.operation.name", operation.Name);
        _activity?.SetTag("gen_ai.provider.name", Provider);
        _activity?.SetTag("gen_ai.request.model", model);
        _activity?.SetTag("gen_ai.output.type", operation.Output);
        _activity?.SetTag("server.address", metrics.Address);
        _activity?.SetTag("server.port", metrics.Port);
        _activity?.SetTag("llmtr.request.id", id.ToString());
    }

    /// <summary>Notes that something of the answer came.</summary>
    public void Answered()
    {
        if (_metrics is not null)
            _answered = _clock.GetTimestamp();
    }

    /// <summary>Notes the first piece of a stream; those behind it are not looked at.</summary>
    public void Chunk()
    {
        if (_chunkCame || _metrics is null)
            return;
        _chunkCame = true;
        var took = _clock.GetElapsedTime(_began);
        _metrics.FirstChunk(_operation, _model, took);
        _activity?.SetTag("gen_ai.request.stream", true);
        _activity?.SetTag("gen_ai.response.time_to_first_chunk", took.TotalSeconds);
    }

    /// <summary>Notes what xAI counted.</summary>
    public readonly void Used(in ReportedUsage usage)
    {
        if (usage.InputTokens is { } input)
            Used("input", "gen_ai.usage.input_tokens", input);
        if (usage.OutputTokens is { } output)
            Used("output", "gen_ai.usage.output_tokens", output);
        if (_activity is null)
            return;
        if (usage.CachedTokens is { } cached)
            _activity.SetTag("gen_ai.usage.cache_read.input_tokens", cached);
        if (usage.ReasoningTokens is { } reasoning)
            _activity.SetTag("gen_ai.usage.reasoning.output_tokens", reasoning);
    }

    /// <summary>Notes a refusal, and counts it.</summary>
    public void Refused(RefusalKind kind)
    {
        _metrics?.Refused(kind);
        Failed(kind.ToString());
    }

    /// <summary>Notes that it failed. The first reason stands.</summary>
    /// <param name="error">A word of few: the name of a kind, never a text of xAI's.</param>
    public void Failed(string error) => _error ??= error;

    /// <summary>Ends it, once.</summary>
    public void End()
    {
        if (_metrics is null)
            return;
        var took = Elapsed;
        var error = _error is null ? null : JsonNamingPolicy.SnakeCaseLower.ConvertName(_error);
        _metrics.Ended(_operation, _model, took, error);
        _metrics = null;
        if (_activity is not { } activity)
            return;
        if (error is not null)
        {
            activity.SetTag("error.type", error);
            activity.SetStatus(ActivityStatusCode.Error, error);
        }

        activity.SetEndTime(activity.StartTimeUtc + took);
        activity.Stop();
    }

    private readonly void Used(string type, string attribute, long tokens)
    {
        if (tokens < 0)
            return;
        _metrics?.Used(_operation, _model, type, tokens);
        _activity?.SetTag(attribute, tokens);
    }
}
