using LlmTr.Xai.Refusals;
using LlmTr.Xai.Video;

namespace LlmTr.Grains.Video;

/// <content>What is done at xAI: one POST at most, and looks.</content>
public sealed partial class DurableVideoJob
{
    private async Task<TimeSpan> SubmitAsync(VideoJob job)
    {
        if (job.Phase == JobPhase.Holding)
        {
            var late = job.NotSentInTime(_clock.GetUtcNow(), _options);
            if (!ReferenceEquals(late, job))
            {
                await WriteAsync(late);
                return TimeSpan.Zero;
            }
        }

        ReadOnlyMemory<byte> image = default;
        var order = job.Order!;
        if (order.ImageName is { } name)
        {
            if (await services.Media.ReadImageAsync(name, CancellationToken.None) is { } bytes)
                image = bytes;
            else if (job.Phase == JobPhase.Holding)
            {
                await WriteAsync(job.ImageLost());
                return TimeSpan.Zero;
            }
        }

        if (job.Phase == JobPhase.Holding)
        {
            // The nonce is remembered before it is written: where nobody knows whether the write was done, the next read tells.
            _nonce ??= NewNonce();
            job = job.Claimed(_nonce, _clock.GetUtcNow());
            await WriteAsync(job);
        }

        // From here on this attempt has had its chance, whatever happens.
        var nonce = _nonce!;
        _nonce = null;
        if (!job.IsClaimFresh(_clock.GetUtcNow(), _options) || (order.ImageName is not null && image.IsEmpty))
            return TimeSpan.Zero;
        var answer = await services.Videos.StartAsync(order, image, _options.SubmitLimit);
        if (answer.Refusal.Kind is RefusalKind.PlatformKeyRefused or RefusalKind.OutOfCredits or RefusalKind.ModelUnavailable && answer.Kind == VideoStartKind.Refused)
            LogPlatformFault(id, 0);
        _unwritten = (nonce, answer);
        await WriteAnswerAsync();
        return answer.Kind == VideoStartKind.NeverSent ? NextRetry() : Job?.Phase == JobPhase.Polling ? NextPoll() : TimeSpan.Zero;
    }

    // Tried until it is written: without xAI's id the video would be lost, and with it what it cost.
    private async Task WriteAnswerAsync()
    {
        var (nonce, answer) = _unwritten!.Value;
        if (_stored is { } stored)
            await WriteAsync(stored.Job.Submitted(nonce, answer, _clock.GetUtcNow()));
        _unwritten = null;
    }

    private async Task<TimeSpan> AwaitSubmissionAsync(VideoJob job)
    {
        var now = _clock.GetUtcNow();
        if (!job.IsSubmissionLost(now, _options))
            return job.SubmittingAt!.Value + _options.SubmitLimit + _options.SubmitMargin - now;
        await WriteAsync(job.SubmissionLost(now, _options));
        return TimeSpan.Zero;
    }

    private async Task<TimeSpan> PollAsync(VideoJob job)
    {
        VideoPoll answer;
        await services.PollSlots.WaitAsync();
        try
        {
            answer = await services.Videos.PollAsync(job.ProviderId!, _options.PollTimeout);
        }
        finally
        {
            services.PollSlots.Release();
        }

        // Told once for each time that it begins: thousands of jobs find it out together, and again every few seconds.
        if (answer.Kind == VideoPollKind.PlatformFault && !_hasPlatformFault)
            LogPlatformFault(id, answer.Status);
        _hasPlatformFault = answer.Kind == VideoPollKind.PlatformFault;
        await WriteAsync(job.Polled(answer, _clock.GetUtcNow(), _options));
        if (Job!.Phase != JobPhase.Polling)
            return TimeSpan.Zero;

        // Where xAI is in trouble, a caller's impatience does not help it.
        return NextPoll(answer.Kind is VideoPollKind.Pending or VideoPollKind.Unknown);
    }

    private TimeSpan NextPoll(bool providerIsWell = true)
    {
        var pause = _pollPause;
        _pollPause = Longer(pause, _options.FirstPoll, _options.LongestPoll);
        if (IsAttended && providerIsWell && pause > _options.AttendedPoll)
            pause = _options.AttendedPoll;

        // Up to an eighth earlier, each job in its own way: jobs that were taken up together do not ask together for ever.
        return pause - new TimeSpan(pause.Ticks / 256 * (StableHash(id) % 32));
    }

    private static int StableHash(string text)
    {
        var hash = 17;
        foreach (var c in text)
            hash = unchecked((hash * 31) + c) & int.MaxValue;
        return hash;
    }
}
