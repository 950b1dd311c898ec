using System.Net.Mime;
using System.Text;
using System.Text.Json;
using LlmTr.Money;

namespace LlmTr.XaiSimulator.Wire;

/// <summary>
/// One way in which xAI, or the edge in front of it, refuses a request: a row of the status table (xAI contract, sections 1.4 and 10.3).
/// Where the contract does not know a text, the comment beside it says so.
/// </summary>
/// <param name="Name">The word by which a behaviour asks for it.</param>
/// <param name="Status">The HTTP status, 100 to 599.</param>
/// <param name="Code">The slug in <c>code</c>; null leaves the field out. Without meaning for text bodies.</param>
/// <param name="Text">The human text: the field <c>error</c> of a JSON body, or the whole body of another type.</param>
public sealed partial record Fault(string Name, int Status, string? Code, string Text)
{
    /// <summary>The type of the body; JSON unless the row says otherwise.</summary>
    public string ContentType { get; init; } = MediaTypeNames.Application.Json;

    /// <summary>True where <see cref="Text"/> is the whole body although its type is JSON.</summary>
    public bool IsWholeBody { get; init; }

    /// <summary>What the refusal costs all the same, in ticks (a moderated image is billed); zero for all others.</summary>
    public UsdTicks Cost { get; init; }

    /// <summary>The bytes of the body, with the code word of the given family.</summary>
    internal byte[] Body(ErrorFamily family)
    {
        if (IsWholeBody || ContentType != MediaTypeNames.Application.Json)
            return Encoding.UTF8.GetBytes(Text);
        return WireJson.Object(writer =>
        {
            WriteMembers(writer, family);
            if (!Cost.IsPositive)
                return;
            writer.WriteStartObject("usage");
            writer.WriteNumber("cost_in_usd_ticks", Cost.Value);
            writer.WriteEndObject();
        });
    }

    /// <summary>Writes <c>code</c>, unless there is none, and <c>error</c>.</summary>
    internal void WriteMembers(Utf8JsonWriter writer, ErrorFamily family)
    {
        if (CodeIn(family) is { } code)
            writer.WriteString("code", code);
        writer.WriteString("error", TextIn(family));
    }

    /// <summary>The code word of a family. Only these slugs have a known sentence; all other codes are the same in both.</summary>
    private string? CodeIn(ErrorFamily family) => family == ErrorFamily.Slugs ? Code : Code switch
    {
        Slug.InvalidArgument or Slug.Moderated => "Client specified an invalid argument",
        Slug.ResourceExhausted => Sentence.ResourceExhausted,
        Slug.PermissionDenied => "The caller does not have permission to execute the specified operation",
        Slug.NoCredentials => "The request does not have valid authentication credentials",
        _ => Code,
    };

    private string TextIn(ErrorFamily family) =>
        family == ErrorFamily.Sentences && Code == Slug.NoCredentials ? $"{Text} [WKE={Slug.NoCredentials}]" : Text;

    private static class Slug
    {
        public const string InvalidArgument = "invalid-argument";
        public const string NotFound = "not-found";
        public const string PermissionDenied = "permission-denied";
        public const string ResourceExhausted = "resource-exhausted";
        public const string NoCredentials = "unauthenticated:no-credentials";
        public const string Moderated = "imagine:content-moderated";
    }

    private static class Sentence
    {
        public const string ResourceExhausted = "Some resource has been exhausted";
        public const string Unavailable = "The service is currently unavailable";
    }
}
