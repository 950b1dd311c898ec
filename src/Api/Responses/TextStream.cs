using System.Buffers;
using System.IO.Pipelines;
using System.Runtime.CompilerServices;
using LlmTr.Api.Errors;
using LlmTr.Api.Errors.Languages;
using LlmTr.Api.Metering;
using LlmTr.Grains.Abstractions;
using LlmTr.Money;
using LlmTr.Xai.Catalogue;
using LlmTr.Xai.Pricing;
using LlmTr.Xai.Refusals;
using LlmTr.Xai.Responses;
using LlmTr.Xai.Streaming;
using LlmTr.Xai.Wire;

namespace LlmTr.Api.Responses;

/// <summary>
/// A streamed answer, relayed frame by frame as it comes.
/// <code>
/// xAI ─► frame ─┬─ a piece of the answer ─────────► client
///               └─ the frame that ends it ─► settle ─► client
/// </code>
/// When the client leaves, the frames go on being read to the end, since only the end tells the cost.
/// </summary>
internal sealed class TextStream : IAsyncDisposable
{
    // The frames that follow the end ([DONE], if anything) come with it or never.
    private static readonly TimeSpan AfterTheEnd = TimeSpan.FromSeconds(2);

    private readonly MeteredCall _call;
    private readonly TextModel _model;
    private readonly TextQuote _quote;
    private readonly CallLimits _limits;
    private readonly SseOutput _output;
    private readonly ITextFace _face;
    private readonly ITextFrames _shown;
    private readonly SseFraming _framing = new();

    private long _frames;
    private long _deltaFrames;
    private long _deltaBytes;
    private ReportedUsage _usage;
    private XaiRefusal _refusal;
    private SseFrameKind _end = SseFrameKind.Other;
    private string _brokenBecause = "the stream ended before its answer did";

    // An error frame without a cost came: it ends the answer, unless a failed response that tells the cost follows (OpenAI's own order).
    private bool _errorWaits;
    private bool _endIsNear;
    private bool _endIsReadable;

    public TextStream(MeteredCall call, TextModel model, TextQuote quote, CallLimits limits, SseOutput output, ITextFace face)
    {
        (_call, _model, _quote, _limits, _output, _face) = (call, model, quote, limits, output, face);
        _shown = face.OpenStream();
    }

    private bool HasEnded => _end != SseFrameKind.Other;

    // What cannot be read cannot be cleaned either.
    private bool ShowsFailedResponse => _face.ShowsFailedResponses && _endIsReadable && !RefusalMapping.SpeaksOfThePlatform(_refusal.Kind);

    /// <summary>Relays the stream to its end and ends the hold.</summary>
    public async Task AnswerAsync(XaiReply reply)
    {
        await _output.StartAsync();
        var input = PipeReader.Create(await reply.Response!.Content.ReadAsStreamAsync(CancellationToken.None), new StreamPipeReaderOptions(leaveOpen: true));
        try
        {
            while (await RelayNextAsync(input))
            {
            }
        }
        catch (Exception exception) when (exception is IOException or HttpRequestException or OperationCanceledException or SseFrameTooLargeException)
        {
            _brokenBecause = exception.GetType().Name;
        }
        finally
        {
            await input.CompleteAsync();
        }

        if (_errorWaits && !HasEnded)
            await EndWithErrorAsync();
        else if (!HasEnded)
            await EndBrokenAsync(_brokenBecause);
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _output.DisposeAsync();

    /// <summary>Reads what has come and passes on its whole frames; false at the end of the stream.</summary>
    /// <remarks>Pooled, as it runs once for every few tokens of every stream.</remarks>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<bool> RelayNextAsync(PipeReader input)
    {
        if (!_endIsNear)
        {
            // Once for all that follows the end: comments must not keep the call open.
            _endIsNear = HasEnded || _errorWaits;
            _call.Arm(_endIsNear ? AfterTheEnd : _limits.Idle);
        }

        ReadResult read;
        bool isLast;
        try
        {
            read = await input.ReadAsync(_call.Upstream);
            isLast = read.IsCompleted;
            _call.NoteChunk();
        }
        catch (Exception exception) when (exception is IOException or HttpRequestException or OperationCanceledException)
        {
            // The connection is lost, or the time over. What had come by then may hold the end but for its blank line; a cancelled read gives it once more.
            _brokenBecause = exception.GetType().Name;
            input.CancelPendingRead();
            input.TryRead(out read);
            isLast = true;
        }

        // From here on it is the client who may be slow, and xAI is not silent.
        if (!_endIsNear)
            _call.Arm(_limits.Total);
        var buffer = read.Buffer;
        await _output.BeginAsync();
        try
        {
            while (_framing.TryReadFrame(ref buffer, out var frame))
            {
                if (Take(frame))
                    await EndWithAsync(frame);
            }

            if (isLast && _framing.TryReadLast(ref buffer, out var last, out var isWhole) && (isWhole || IsWholeEnd(last)) && Take(last))
            {
                await EndWithAsync(last);
                if (_output.IsOpen)
                    _output.Writer.Write("\n\n"u8);
            }
        }
        finally
        {
            await _output.EndAsync();
        }

        input.AdvanceTo(buffer.Start, buffer.End);
        return !isLast;
    }

    /// <summary>Counts a frame and passes it on, unless it is the one that ends the answer: true then, and it waits for the settlement.</summary>
    private bool Take(in ReadOnlySequence<byte> bytes)
    {
        using var contiguous = ContiguousBytes.Of(bytes);
        var frame = new SseFrame(contiguous.Span);
        if (frame.Kind != SseFrameKind.Comment && frame.Kind != SseFrameKind.Done)
            _frames++;

        // An answer ends once.
        if (frame.IsTerminal)
            return !HasEnded && Ends(frame);

        if (frame.Kind == SseFrameKind.Delta)
        {
            _deltaFrames++;
            _deltaBytes += frame.DeltaTextBytes;
        }

        if (_output.IsOpen)
            _shown.WritePiece(frame, _output.Writer);
        return false;
    }

    /// <summary>Reads a terminal frame; false for an error frame that tells no cost, since a failed response that does may follow it.</summary>
    private bool Ends(in SseFrame frame)
    {
        using var data = frame.ReadData();
        _endIsReadable = ResponseReading.TryReadEvent(data.Span, out var reading);
        if (_endIsReadable)
            _usage = reading.Usage;
        if (frame.Kind is SseFrameKind.Failed or SseFrameKind.Error)
        {
            // Of an error and the failed response behind it the first word stands, unless only the second says that the operator must help; but what either says of a cost is said.
            var refusal = XaiRefusal.ReadEvent(data.Span);
            var cost = refusal.Cost.Kind == ReportedCostKind.Missing ? _refusal.Cost : refusal.Cost;
            _refusal = (!_errorWaits || RefusalMapping.IsOperatorsFault(refusal.Kind) ? refusal : _refusal) with { Cost = cost };
        }

        _errorWaits = frame.Kind == SseFrameKind.Error || (_errorWaits && frame.Kind == SseFrameKind.Failed);
        if (frame.Kind == SseFrameKind.Error && BelievedCost.Of(_refusal.Cost) is null)
            return false;
        _end = frame.Kind;
        return true;
    }

    // A stream may be cut between the last frame and its blank line: what the frame reports is a report all the same, if it is all there.
    private static bool IsWholeEnd(in ReadOnlySequence<byte> bytes)
    {
        using var contiguous = ContiguousBytes.Of(bytes);
        var frame = new SseFrame(contiguous.Span);
        if (!frame.IsTerminal)
            return false;
        using var data = frame.ReadData();
        return ResponseReading.TryReadEvent(data.Span, out _)
            || (frame.Kind is (SseFrameKind.Error or SseFrameKind.Failed) && XaiRefusal.ReadEvent(data.Span).IsReadable);
    }

    /// <summary>Ends the hold as the last frame says, then passes the frame on.</summary>
    private async Task EndWithAsync(ReadOnlySequence<byte> frame)
    {
        await _output.FlushAsync();
        var charge = await EndAsync();
        if (!_output.IsOpen)
            return;
        if (_errorWaits || (_end == SseFrameKind.Failed && !ShowsFailedResponse))
            WriteError(charge);
        else
            WriteEnd(frame, charge);
    }

    private void WriteEnd(in ReadOnlySequence<byte> bytes, MeasuredCost? charge)
    {
        using var contiguous = ContiguousBytes.Of(bytes);
        _shown.WriteEnd(new SseFrame(contiguous.Span), charge, _output.Writer);
    }

    /// <summary>Ends the hold after an error frame that nothing followed, and tells the client.</summary>
    private async Task EndWithErrorAsync()
    {
        _end = SseFrameKind.Error;
        var charge = await EndAsync();
        if (!_output.IsOpen)
            return;
        await _output.BeginAsync();
        WriteError(charge);
        await _output.EndAsync();
    }

    /// <summary>Ends the hold as xAI's last word says; gives what is charged, or null.</summary>
    private async Task<MeasuredCost?> EndAsync()
    {
        _call.CheckServerSideTools(_usage);
        if (_end is SseFrameKind.Failed or SseFrameKind.Error)
            _call.NoteRefusal(_refusal.Kind, StatusCodes.Status200OK);
        var cost = MeasuredCost.Of(_model, _usage);
        if (cost is null && BelievedCost.Of(_refusal.Cost) is { } refusedAt)
            cost = new MeasuredCost(refusedAt, CostSource.Provider);

        if (cost is null && _end is (SseFrameKind.Failed or SseFrameKind.Error) && _deltaFrames == 0)
        {
            var reported = _refusal.Cost.Kind == ReportedCostKind.Missing ? _usage.Cost : _refusal.Cost;
            await _call.EndFreeAsync($"failed at xAI without a cost: {_refusal.Kind}", reported, StatusCodes.Status200OK);
            return null;
        }

        var measured = cost ?? new MeasuredCost(_quote.EstimateOfBrokenStream(_deltaBytes, _deltaFrames, _call.Granted), CostSource.Estimate);
        return measured with { Cost = (await _call.SettleAsync(measured.Cost, measured.Source, _usage, StatusCodes.Status200OK)).Charged };
    }

    private void WriteError(MeasuredCost? charge) => _shown.WriteError(
        RefusalMapping.ToError(_refusal, StatusCodes.Status200OK, charge?.Cost ?? UsdTicks.Zero).InLanguageOf(_call.Http.Request),
        _call.Id.ToString(),
        _frames - 1,
        _output.Writer);

    /// <summary>Ends the hold of a stream that broke off: an estimate of what came; unreconciled where nothing came.</summary>
    private async Task EndBrokenAsync(string reason)
    {
        ApiError error;
        if (_frames == 0)
        {
            error = await _call.EndUnansweredAsync($"nothing of the stream came: {reason}");
        }
        else
        {
            var settlement = await _call.SettleAsync(
                _quote.EstimateOfBrokenStream(_deltaBytes, _deltaFrames, _call.Granted), CostSource.Estimate, default, StatusCodes.Status200OK);
            error = GatewayErrors.BrokenAnswer with { Details = [new("cost_usd", settlement.Charged.ToUsdString())] };
        }

        if (!_output.IsOpen)
            return;
        await _output.BeginAsync();
        _shown.WriteError(error.InLanguageOf(_call.Http.Request), _call.Id.ToString(), _frames, _output.Writer);
        await _output.EndAsync();
    }
}
