using System.Text.Json;
using LlmTr.XaiSimulator.Serving;
using LlmTr.XaiSimulator.Wire;

namespace LlmTr.XaiSimulator.Models;

/// <summary>One of the lists of models, or a model of it (xAI contract, sections 8 and 10.7).</summary>
/// <param name="listing">Which list.</param>
/// <param name="id">The model, by its id or an alias; null for all.</param>
internal sealed class ListingArea(Listing listing, string? id) : IArea, IAsked
{
    public IReadOnlyList<string> Methods => ["GET"];

    public IAsked Read(Incoming incoming) => this;

    public Reply Answer(Turn turn)
    {
        if (turn.KeyFault() is { } fault)
            return turn.Refuse(fault);
        if (turn.Scripted(HeaderSet.Plain) is { } scripted)
            return scripted;
        if (id is null)
            return Reply.Json(WireJson.Object(WriteAll), HeaderSet.Plain);
        return listing.Entries.FirstOrDefault(entry => entry.Names.Contains(id)) is { } entry
            ? Reply.Json(WireJson.Object(entry.Write), HeaderSet.Plain)
            : turn.Refuse(Fault.UnknownModel(id));
    }

    private void WriteAll(Utf8JsonWriter writer)
    {
        if (listing.IsOpenAiList)
            writer.WriteString("object", "list");
        writer.WriteStartArray(listing.Member);
        foreach (var entry in listing.Entries)
        {
            writer.WriteStartObject();
            entry.Write(writer);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }
}

/// <summary>A list of models.</summary>
/// <param name="Path">Its path.</param>
/// <param name="Member">The member that holds the models.</param>
/// <param name="Entries">The models.</param>
internal sealed record Listing(string Path, string Member, IReadOnlyList<ListedModel> Entries)
{
    /// <summary>True for the list whose form is OpenAI's.</summary>
    public bool IsOpenAiList => Member == "data";
}

/// <summary>A model in a list.</summary>
/// <param name="Names">Its id and its aliases.</param>
/// <param name="Write">Writes its members.</param>
internal sealed record ListedModel(IReadOnlyList<string> Names, Action<Utf8JsonWriter> Write);
