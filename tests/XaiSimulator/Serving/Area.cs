using LlmTr.XaiSimulator.Wire;

namespace LlmTr.XaiSimulator.Serving;

/// <summary>A part of xAI's API: it understands the requests of its routes and decides their replies, without any I/O.</summary>
internal interface IArea
{
    /// <summary>The one method that the route takes.</summary>
    string Method { get; }

    /// <summary>Understands a request; what is wrong with it is told by <see cref="IAsked.Answer"/>.</summary>
    IAsked Read(Incoming incoming);
}

/// <summary>A request that was read.</summary>
internal interface IAsked
{
    /// <summary>All of its text, for <see cref="Control.RequestMatch"/>.</summary>
    string Prompt { get; }

    /// <summary>The text in which markers count.</summary>
    string MarkerText { get; }

    /// <summary>The model as it is named; null without one.</summary>
    string? Model { get; }

    /// <summary>The names of all top-level members.</summary>
    IReadOnlyList<string> Fields { get; }

    /// <summary>Those that xAI does not know.</summary>
    IReadOnlyList<string> UnknownFields { get; }

    /// <summary>Decides the reply.</summary>
    Reply Answer(Turn turn);
}

/// <summary>What came in over HTTP.</summary>
/// <param name="Method">The method.</param>
/// <param name="Path">The path without the query.</param>
/// <param name="ContentType">The header of that name, or null.</param>
/// <param name="Authorization">The header of that name, or null.</param>
/// <param name="Body">All bytes of the body.</param>
/// <param name="Arrived">When it had come in.</param>
internal sealed record Incoming(
    string Method, string Path, string? ContentType, string? Authorization, ReadOnlyMemory<byte> Body, DateTimeOffset Arrived);
