using System.Collections.ObjectModel;
using LlmTr.XaiSimulator.Recording;
using LlmTr.XaiSimulator.Uploads;
using LlmTr.XaiSimulator.Wire;

namespace LlmTr.XaiSimulator.Serving;

/// <summary>A part of xAI's API: it understands the requests of its routes and decides their replies, without any I/O.</summary>
internal interface IArea
{
    /// <summary>The methods that the route takes.</summary>
    IReadOnlyList<string> Methods { get; }

    /// <summary>True where a multipart body is measured as it streams in, and never kept.</summary>
    bool TakesUploads => false;

    /// <summary>Understands a request; what is wrong with it is told by <see cref="IAsked.Answer"/>.</summary>
    IAsked Read(Incoming incoming);
}

/// <summary>A request that was read.</summary>
internal interface IAsked
{
    /// <summary>All of its text, for <see cref="Control.RequestMatch"/>.</summary>
    string Prompt => "";

    /// <summary>The text in which markers count.</summary>
    string MarkerText => "";

    /// <summary>The model as it is named; null without one.</summary>
    string? Model => null;

    /// <summary>The names of all top-level members, or of the parts of a form.</summary>
    IReadOnlyList<string> Fields => [];

    /// <summary>Those that xAI does not know.</summary>
    IReadOnlyList<string> UnknownFields => [];

    /// <summary>The parts of a form, or the images inside a body of JSON: what is remembered in place of their bytes.</summary>
    IReadOnlyList<RecordedPart> Parts => [];

    /// <summary>What the route found out about the request, for tests to look at.</summary>
    IReadOnlyDictionary<string, string> Facts => ReadOnlyDictionary<string, string>.Empty;

    /// <summary>Decides the reply.</summary>
    Reply Answer(Turn turn);
}

/// <summary>What came in over HTTP.</summary>
/// <param name="Method">The method.</param>
/// <param name="Path">The path without the query.</param>
/// <param name="ContentType">The header of that name, or null.</param>
/// <param name="Authorization">The header of that name, or null.</param>
/// <param name="Body">All bytes of the body; none of an upload.</param>
/// <param name="Arrived">When it had come in.</param>
internal sealed record Incoming(
    string Method, string Path, string? ContentType, string? Authorization, ReadOnlyMemory<byte> Body, DateTimeOffset Arrived)
{
    /// <summary>The form, on routes that take uploads; null where the body was none.</summary>
    public Upload? Upload { get; init; }

    /// <summary>Scheme, host and port as the client named them, without a slash at the end: where the files of answers are.</summary>
    public required string Origin { get; init; }

    /// <summary>The header of that name, or null.</summary>
    public string? Range { get; init; }

    /// <summary>The header of that name, or null.</summary>
    public string? IfRange { get; init; }
}
