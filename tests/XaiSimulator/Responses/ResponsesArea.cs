using LlmTr.XaiSimulator.Models;
using LlmTr.XaiSimulator.Serving;
using LlmTr.XaiSimulator.Wire;

namespace LlmTr.XaiSimulator.Responses;

/// <summary><c>POST /v1/responses</c> (xAI contract, sections 3 and 10.1 to 10.3).</summary>
internal sealed class ResponsesArea : IArea
{
    public IReadOnlyList<string> Methods => ["POST"];

    public IAsked Read(Incoming incoming)
    {
        var body = JsonBody<ResponsesRequest>.Read(incoming, RequestReader.Read);
        return new Asked(body.Request, body.Fields, body.Unreadable);
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
            return turn.Scripted(HeaderSet.TextJson) ?? Generation.Start(request, model, turn).Reply();
        }
    }
}
