using LlmTr.Grains.Abstractions.Video;

namespace LlmTr.Api.Video;

/// <summary>What an admitted request has come to: all that its job begins with. Its image, where it sent one, is in the media store.</summary>
/// <param name="Id">The job's id.</param>
/// <param name="Command">What begins the job.</param>
/// <param name="Path">The path that was called.</param>
/// <param name="IsRepeatable">True where an <c>Idempotency-Key</c> makes a repeat find the same job.</param>
/// <param name="Terms">What the caller waits on.</param>
internal sealed record VideoOrder(string Id, StartVideo Command, string Path, bool IsRepeatable, VideoWait Terms);

/// <summary>What is still needed once a job has begun: very little, since its caller may wait for minutes, and many may.</summary>
/// <param name="AtMost">How long the caller waits.</param>
/// <param name="IgnoredFields">Names of the fields in the body that were ignored.</param>
internal readonly record struct VideoWait(TimeSpan AtMost, IReadOnlyList<string> IgnoredFields);
