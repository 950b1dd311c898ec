using LlmTr.Grains.Abstractions;
using LlmTr.Grains.Abstractions.Video;
using LlmTr.Grains.Video;
using LlmTr.Money;
using LlmTr.Silo.Tests.Cluster;

namespace LlmTr.Silo.Tests.Video;

internal static class SampleJobs
{
    public static readonly UsdTicks Price = new(2_500_000_000);

    public static StartVideo Command(string key = "key_1", string body = "body") => new()
    {
        KeyId = key,
        Secret = LedgeredCluster.Secret,
        HoldId = RequestId.New(TimeProvider.System),
        Body = Fingerprint.Of(System.Text.Encoding.UTF8.GetBytes(body)),
        Model = "xai/grok-imagine-video",
        UpstreamModel = "grok-imagine-video",
        Prompt = "a prompt",
        DurationSeconds = 5,
        Resolution = "480p",
        Price = Price,
    };

    public static VideoJob Queued(string key = "key_1", int minute = 0) =>
        VideoJob.Begin(Command(key), "marker", DateTimeOffset.UnixEpoch.AddMinutes(minute));

    public static VideoJob Over(string key = "key_1", int minute = 0) =>
        Queued(key, minute) with { Phase = JobPhase.Failed, CompletedAt = DateTimeOffset.UnixEpoch.AddMinutes(minute + 1) };
}
