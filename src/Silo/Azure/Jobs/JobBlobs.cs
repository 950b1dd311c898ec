using System.Globalization;
using LlmTr.Grains.Abstractions.Video;
using LlmTr.Grains.Video;

namespace LlmTr.Silo.Azure.Jobs;

/// <summary>
/// The names of the empty blobs that stand beside the jobs' state. All that a list needs is in a name:
/// <code>
/// list/every/{all | status}/{age}/{job}             every job, the youngest first
/// list/key/{key}/{all | status}/{age}/{job}         the same of one key
/// over/{ms of its end}/{ms of its beginning}/{job}/{key}
/// open/{job}/{token}                                open markers; when they were set is in their metadata
/// </code>
/// A listing is in the order of names, and <c>age</c> counts down: milliseconds from a job's beginning to the year 2286, so that the youngest comes first.
/// </summary>
internal static class JobBlobs
{
    /// <summary>Where markers are.</summary>
    public const string Open = "open/";

    /// <summary>Where the ends of jobs are.</summary>
    public const string Over = "over/";

    /// <summary>Behind a name, what makes the least name above it: no name has a character as low as this, as all that is told in one is escaped.</summary>
    public const string Next = "!";

    private const string All = "all";
    private const long LastMs = 9_999_999_999_999;

    /// <summary>Where the jobs of a key (or of all) in a status (or in any) are.</summary>
    public static string List(string? keyId, VideoJobStatus? status) =>
        $"{(keyId is null ? "list/every" : $"list/key/{Escaped(keyId)}")}/{(status is { } only ? Word(only) : All)}/";

    /// <summary>The beginning of the names, in a list, of jobs that were begun in one millisecond.</summary>
    public static string Age(long createdMs) => $"{Digits(LastMs - createdMs)}/";

    /// <summary>The lists' names of a job in a status.</summary>
    public static IEnumerable<string> InLists(JobBeginning job, VideoJobStatus? status) =>
        [Name(List(null, status), job), Name(List(job.KeyId, status), job)];

    /// <summary>All names that a job can have in lists, whatever became of it.</summary>
    public static IEnumerable<string> InAllLists(JobBeginning job) =>
        [.. InLists(job, null), .. Enum.GetValues<VideoJobStatus>().SelectMany(status => InLists(job, status))];

    /// <summary>The name of a job's end.</summary>
    public static string End(JobBeginning job, long overMs) =>
        $"{Over}{Digits(overMs)}/{Digits(job.CreatedMs)}/{Escaped(job.JobId)}{(job.KeyId.Length == 0 ? "" : $"/{Escaped(job.KeyId)}")}";

    /// <summary>The name of a marker.</summary>
    public static string Marker(string jobId, string token) => $"{Open}{Escaped(jobId)}/{Escaped(token)}";

    /// <summary>Reads the job and its age out of a name that begins with a list's.</summary>
    public static (string JobId, long CreatedMs) ReadListed(string list, string name)
    {
        var parts = name[list.Length..].Split('/');
        return (Uri.UnescapeDataString(parts[1]), LastMs - Number(parts[0]));
    }

    /// <summary>Reads the name of an end.</summary>
    public static (JobBeginning Job, long OverMs) ReadEnd(string name)
    {
        var parts = name[Over.Length..].Split('/');
        return (new JobBeginning(Uri.UnescapeDataString(parts[2]), parts.Length > 3 ? Uri.UnescapeDataString(parts[3]) : "", Number(parts[1])), Number(parts[0]));
    }

    /// <summary>Reads the job and the token out of a marker's name.</summary>
    public static (string JobId, string Token) ReadMarker(string name)
    {
        var parts = name[Open.Length..].Split('/');
        return (Uri.UnescapeDataString(parts[0]), Uri.UnescapeDataString(parts[1]));
    }

    private static string Name(string list, JobBeginning job) => $"{list}{Age(job.CreatedMs)}{Escaped(job.JobId)}";

    // Stored: never changed.
    private static string Word(VideoJobStatus status) => status switch
    {
        VideoJobStatus.Queued => "queued",
        VideoJobStatus.InProgress => "in_progress",
        VideoJobStatus.Succeeded => "succeeded",
        VideoJobStatus.Failed => "failed",
        VideoJobStatus.Expired => "expired",
        _ => throw new ArgumentOutOfRangeException(nameof(status), status, "This status has no list."),
    };

    private static string Escaped(string text) => Uri.EscapeDataString(text);

    private static string Digits(long number) => number.ToString("D13", CultureInfo.InvariantCulture);

    private static long Number(string digits) => long.Parse(digits, NumberStyles.None, CultureInfo.InvariantCulture);
}

/// <summary>One beginning of a job: the same id may begin anew after a refused hold.</summary>
/// <param name="JobId">Its id.</param>
/// <param name="KeyId">Whose it is; empty for a tombstone, which is in no list.</param>
/// <param name="CreatedMs">When, milliseconds since 1970.</param>
internal readonly record struct JobBeginning(string JobId, string KeyId, long CreatedMs)
{
    /// <summary>That of a job.</summary>
    public static JobBeginning Of(string id, VideoJob job) => new(id, job.KeyId, job.CreatedAt.ToUnixTimeMilliseconds());
}
