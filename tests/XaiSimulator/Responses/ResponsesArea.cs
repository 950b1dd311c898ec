using System.Net.Mime;
using System.Text.Json;
using LlmTr.XaiSimulator.Models;
using LlmTr.XaiSimulator.Serving;
using LlmTr.XaiSimulator.Wire;

namespace LlmTr.XaiSimulator.Responses;

/// <summary><c>POST /v1/responses</c> (xAI contract, sections 3 and 10.1 to 10.3).</summary>
internal sealed class ResponsesArea : IArea
{
    public string Method => "POST";

    public IAsked Read(Incoming incoming)
    {
        if (incoming.ContentType?.StartsWith(MediaTypeNames.Application.Json, StringComparison.OrdinalIgnoreCase) != true)
            return new Asked(null, [], Fault.UnsupportedMediaType);

        try
        {
            var root = JsonElement.Parse(incoming.Body.Span);
            IReadOnlyList<string> fields = root.ValueKind == JsonValueKind.Object ? [.. root.EnumerateObject().Select(member => member.Name)] : [];
            var request = RequestReader.Read(root, out var complaint);
            return new Asked(request, fields, complaint is null ? null : Fault.WrongType(complaint));
        }
        // The second is thrown late, for a string that is not UTF-8 or escapes half a surrogate pair: neither is JSON.
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            return new Asked(null, [], Fault.NotJson);
        }
    }

    /// <param name="request">The request, or null where it could not be read.</param>
    /// <param name="fields">Its top-level members.</param>
    /// <param name="unreadable">Why it could not be read, or null.</param>
    private sealed class Asked(ResponsesRequest? request, IReadOnlyList<string> fields, Fault? unreadable) : IAsked
    {
        public string Prompt => request is null ? "" : request.Instructions + request.Input.Text;

        public string MarkerText => request?.Input.LastUserText ?? "";

        public string? Model => request?.Model;

        public IReadOnlyList<string> Fields => fields;

        public IReadOnlyList<string> UnknownFields => [.. fields.Except(RequestReader.KnownFields)];

        /// <summary>Checks in xAI's order: JSON, types, model, key, arguments; then answers.</summary>
        public Reply Answer(Turn turn)
        {
            if (request is null)
                return turn.Refuse(unreadable ?? Fault.NotJson);
            if (request.Model is null)
                return turn.Refuse(Fault.ModelNotFound("latest"));
            if (TextModels.Find(request.Model) is not { } model)
                return turn.Refuse(Fault.UnknownModel(request.Model));
            if ((turn.KeyFault() ?? ArgumentRules.Check(request, model)) is { } fault)
                return turn.Refuse(fault);
            return turn.Scripted() ?? Generation.Start(request, model, turn).Reply();
        }
    }
}
