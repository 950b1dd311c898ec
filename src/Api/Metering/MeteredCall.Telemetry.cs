using System.Diagnostics;
using LlmTr.Api.Telemetry;
using LlmTr.Grains.Telemetry;
using LlmTr.Silo.Telemetry;
using LlmTr.Xai.Refusals;

namespace LlmTr.Api.Metering;

/// <content>What a call tells about itself: where its time went, and how xAI did.</content>
internal sealed partial class MeteredCall
{
    private ProviderCall _provider;
    private TimeSpan _holdTook;
    private TimeSpan _endTook;

    private TimeProvider Clock => services.Clock;

    /// <summary>Notes that a piece of a stream came.</summary>
    public void NoteChunk() => _provider.Chunk();

    /// <summary>Counts a refusal of xAI's that ends the call, wherever it stood, and raises the alarm where only the operator can mend it. Once a call.</summary>
    /// <param name="kind">Why xAI refused.</param>
    /// <param name="upstreamStatus">xAI's status; 200 for a response that failed.</param>
    public void NoteRefusal(RefusalKind kind, int upstreamStatus)
    {
        _provider.Refused(kind);
        if (RefusalMapping.IsOperatorsFault(kind))
            LogOperatorFault(Id, kind, upstreamStatus);
    }

    private void BeginProviderCall() =>
        _provider.Begin(services.Provider, ProviderOperation.Of(request.UpstreamPath), request.Model, Id, services.Clock);

    // A hold ends when xAI's answer is known; only the audio of a speech goes on to come behind it.
    private HoldEnd BeginEnd(string name)
    {
        _provider.Answered();
        return new HoldEnd(this, GatewayTelemetry.Source.StartActivity(name));
    }

    private void RecordTimes()
    {
        _provider.End();
        services.Metrics.Ended(request.Endpoint, new RequestPhases(_context.Elapsed, _holdTook, _provider.Elapsed, _endTook));
    }

    /// <summary>The time in which a hold is ended, and its span.</summary>
    private readonly struct HoldEnd(MeteredCall call, Activity? activity) : IDisposable
    {
        private readonly long _began = call.Clock.GetTimestamp();

        public Activity? Activity => activity;

        public void Dispose()
        {
            call._endTook += call.Clock.GetElapsedTime(_began);
            activity?.Stop();
        }
    }
}
