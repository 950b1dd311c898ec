using System.Collections;
using System.Globalization;
using LlmTr.Grains.Abstractions;
using LlmTr.Grains.Abstractions.Video;
using LlmTr.Grains.Video;
using LlmTr.Money;
using LlmTr.Xai.Video;

namespace LlmTr.Silo.Tests.Corpus;

/// <summary>A video job in every phase, come to it by its own way.</summary>
internal static class CorpusJobs
{
    private static readonly DateTimeOffset Start = new(2026, 11, 23, 4, 5, 6, 789, TimeSpan.Zero);
    private static readonly VideoJobOptions Options = new();

    /// <summary>By the names of their files.</summary>
    public static IReadOnlyDictionary<string, VideoJob> All { get; } = Make();

    /// <summary>Every member that has a value, as <c>path: value</c>, so that a later build's reading can be compared with this one's.</summary>
    public static IEnumerable<string> Dump(object value, string path = "")
    {
        foreach (var member in value.GetType().GetProperties().Where(static member => member.GetMethod!.IsPublic && !member.GetMethod.IsStatic).OrderBy(static member => member.Name, StringComparer.Ordinal))
        {
            var inner = member.GetValue(value);
            if (inner is null)
                continue;
            if (inner is IFormattable or string or bool or UsdTicks)
                yield return string.Create(CultureInfo.InvariantCulture, $"{path}{member.Name}: {(inner is DateTimeOffset at ? at.ToString("O", CultureInfo.InvariantCulture) : inner)}");
            else if (inner is not IEnumerable)
            {
                foreach (var line in Dump(inner, $"{path}{member.Name}."))
                    yield return line;
            }
        }
    }

    private static Dictionary<string, VideoJob> Make()
    {
        var queued = VideoJob.Begin(
            new StartVideo
            {
                KeyId = "key_0123456789abcdef",
                Secret = SecretHash.Of("the secret"u8),
                HoldId = new RequestId(new Guid("0193571d-5c00-7000-8000-000000000001")),
                Body = Fingerprint.Of("a body"u8),
                Model = "xai/grok-imagine-video",
                UpstreamModel = "grok-imagine-video",
                Prompt = "ğ \"boat\" 😀",
                DurationSeconds = 5,
                AspectRatio = "16:9",
                Resolution = "480p",
                ImageName = "image-name",
                Price = new UsdTicks(2_500_000_000),
            },
            "marker-token",
            Start);
        var holding = queued.MoneyHeld();
        var submitting = holding.Claimed("nonce-1", Start.AddSeconds(1));
        var polling = submitting.Submitted("nonce-1", VideoStart.Accepted("b1f5a6a8-0000-4000-8000-000000000001"), Start.AddSeconds(2))
            .Polled(new VideoPoll { Kind = VideoPollKind.Pending, Progress = 56 }, Start.AddSeconds(3), Options)
            .Polled(new VideoPoll { Kind = VideoPollKind.Unknown, Status = 404 }, Start.AddSeconds(4), Options);
        var settling = polling.Polled(new VideoPoll { Kind = VideoPollKind.Done, Url = "https://vidgen.x.ai/xai-vidgen-bucket/1.mp4", Seconds = 5 }, Start.AddSeconds(9), Options);
        var copying = settling.Settled(
            new SettleReply { Outcome = SettleOutcome.Settled, Charged = new UsdTicks(2_400_000_000), Overrun = new UsdTicks(100_000_000), Available = new UsdTicks(7) }, Start.AddSeconds(10));
        return new Dictionary<string, VideoJob>
        {
            ["queued"] = queued,
            ["queued-asked-again"] = queued.HoldAskedAgain(Start.AddSeconds(30)),
            ["queued-refused"] = queued.HoldAskedAgain(Start.AddSeconds(30)).Withdrawn(),
            ["holding"] = holding,
            ["submitting"] = submitting,
            ["polling"] = polling,
            ["settling"] = settling,
            ["copying"] = copying,
            ["succeeded"] = copying.Copied(new VideoFile("videogen_1.mp4", 123_456, new string('a', 64), Start.AddDays(7)), Start.AddSeconds(11)),
            ["succeeded-without-copy"] = copying.CopyGivenUp(Start.AddSeconds(11)),
            ["failed"] = submitting.SubmissionLost(Start.AddDays(1), Options).HoldEnded(Start.AddDays(1)),
            ["failed-by-moderation"] = polling
                .Polled(new VideoPoll { Kind = VideoPollKind.Moderated, Status = 400, Message = "shows too much" }, Start.AddSeconds(9), Options).HoldEnded(Start.AddSeconds(10)),
            ["expired"] = polling.Polled(new VideoPoll { Kind = VideoPollKind.Expired }, Start.AddDays(1), Options).HoldEnded(Start.AddDays(1)),
            ["tombstone"] = VideoJob.NeverBegun(Start),
        };
    }
}
