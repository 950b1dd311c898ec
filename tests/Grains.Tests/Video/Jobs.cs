using LlmTr.Grains.Abstractions;
using LlmTr.Grains.Abstractions.Video;
using LlmTr.Grains.Video;
using LlmTr.Money;
using LlmTr.Xai.Responses;
using LlmTr.Xai.Video;

namespace LlmTr.Grains.Tests.Video;

/// <summary>Jobs at every stage, for tests.</summary>
internal static class Jobs
{
    public const string Url = "https://vidgen.x.ai/b/v.mp4";

    public static readonly DateTimeOffset Start = new(2026, 11, 22, 12, 0, 0, TimeSpan.Zero);

    public static readonly UsdTicks Price = new(2_500_000_000);

    public static readonly UsdTicks OtherPrice = new(2_520_000_000);

    public static VideoJobOptions Options { get; } = new();

    public static StartVideo Command(RequestId? holdId = null, string body = "body", string? image = null) => new()
    {
        KeyId = "key_1",
        Secret = SecretHash.Of("secret"u8),
        HoldId = holdId ?? new RequestId(Guid.CreateVersion7(Start)),
        Body = Fingerprint.Of(System.Text.Encoding.UTF8.GetBytes(body)),
        Model = "xai/grok-imagine-video",
        UpstreamModel = "grok-imagine-video",
        Prompt = "a prompt that nobody may keep",
        DurationSeconds = 5,
        AspectRatio = "16:9",
        Resolution = "480p",
        ImageName = image,
        Price = Price,
    };

    public static VideoJob Queued() => VideoJob.Begin(Command(), "marker", Start);

    public static VideoJob Holding() => Queued().MoneyHeld();

    public static VideoJob Submitting() => Holding().Claimed("nonce", Start);

    public static VideoJob Polling() => Submitting().Submitted("nonce", VideoStart.Accepted("xai-id"), Start);

    public static VideoPoll Done(ReportedCost cost = default) => new() { Kind = VideoPollKind.Done, Url = Url, Seconds = 5, Progress = 100, Cost = cost, Status = 200 };

    public static VideoPoll Pending(int? progress = 1) => new() { Kind = VideoPollKind.Pending, Progress = progress, Status = 202 };

    public static ReportedCost Cost(UsdTicks amount) => ReportedCost.Of(amount);
}
