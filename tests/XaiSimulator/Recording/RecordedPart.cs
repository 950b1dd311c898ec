namespace LlmTr.XaiSimulator.Recording;

/// <summary>A part of a form, or a file inside a body of JSON: what is remembered of it. Its bytes are not.</summary>
/// <param name="Name">The part's name, or the member that held it: <c>file</c>, <c>image</c>, <c>images[2]</c>.</param>
/// <param name="FileName">The name of an uploaded file; null without one.</param>
/// <param name="ContentType">The type that it was declared as; null without one.</param>
/// <param name="Bytes">Its length in bytes, decoded; 0 for a reference.</param>
/// <param name="Sha256">The SHA-256 of its bytes, 64 lower-case hexadecimal digits; null for a reference.</param>
/// <param name="Text">The value of a form's field, or the URL of a reference; null for a file.</param>
public sealed record RecordedPart(string Name, string? FileName, string? ContentType, long Bytes, string? Sha256, string? Text);
