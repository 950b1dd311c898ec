using LlmTr.XaiSimulator.Recording;

namespace LlmTr.XaiSimulator.Uploads;

/// <summary>A form that streamed by.</summary>
/// <param name="Parts">Its parts in their order, also those before a complaint.</param>
/// <param name="Audio">What the last file among them was; null without a file.</param>
/// <param name="Complaint">Why it could not be read to its end; null where it could.</param>
internal sealed record Upload(IReadOnlyList<RecordedPart> Parts, Audio? Audio, string? Complaint)
{
    /// <summary>The values of a field, in order.</summary>
    public IEnumerable<string> All(string name) => Parts.Where(part => part.Name == name && part.Text is not null).Select(part => part.Text!);

    /// <summary>The last value of a field, or null.</summary>
    public string? Field(string name) => All(name).LastOrDefault();
}

/// <summary>An audio file, as far as its own bytes tell.</summary>
/// <param name="Container">The container (<c>wav</c>, <c>mp3</c>, <c>ogg</c>, <c>flac</c>, <c>aac</c>, <c>mp4</c>, <c>mkv</c>); null for raw samples and for what is none.</param>
/// <param name="Milliseconds">The length of what would be heard; null where the simulator cannot read the container.</param>
/// <param name="Bytes">The length of the file.</param>
internal sealed record Audio(string? Container, long? Milliseconds, long Bytes);
