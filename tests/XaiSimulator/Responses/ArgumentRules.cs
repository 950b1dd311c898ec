using LlmTr.XaiSimulator.Models;
using LlmTr.XaiSimulator.Wire;

namespace LlmTr.XaiSimulator.Responses;

/// <summary>What xAI refuses of a well-typed request, after it knows the model and the key (xAI contract, sections 1.4, 3.1, 3.3 and 3.4).</summary>
internal static class ArgumentRules
{
    private const int MostTools = 128;

    // Seen refused by name. max_tokens is "rejected with a hint" whose words are not known.
    private static readonly string[] Unsupported = ["metadata", "external_web_access", "search_context_size"];

    /// <summary>The refusal, or null.</summary>
    public static Fault? Check(ResponsesRequest request, TextModel model)
    {
        if (request.Present.Contains("search_parameters"))
            return Fault.LiveSearch;
        if (Unsupported.FirstOrDefault(request.Present.Contains) is { } argument)
            return Fault.UnsupportedArgument(argument);
        if (request.Present.Contains("max_tokens"))
            return Fault.UnsupportedArgument("max_tokens. Use max_output_tokens instead.");
        if (request.Background)
            return Fault.UnsupportedArgument("background");
        if (request is { Instructions: not null, PreviousResponseId: not null })
            return Fault.UnsupportedArgument("instructions and previous_response_id together");
        return CheckEffort(request, model) ?? CheckTools(request, model) ?? CheckSampling(request, model) ?? CheckHistory(request);
    }

    private static Fault? CheckEffort(ResponsesRequest request, TextModel model)
    {
        if (request.Effort is not { } effort || model.Efforts.Contains(effort))
            return null;
        return model.Efforts.Count == 0
            ? Fault.EffortNotSupported(model.Id)
            : Fault.InvalidArgument($"Model {model.Id} does not support reasoning effort {effort}.");
    }

    private static Fault? CheckTools(ResponsesRequest request, TextModel model)
    {
        if (request.Tools.Count > MostTools)
            return Fault.InvalidArgument($"At most {MostTools} tools are supported.");
        return model.IsMultiAgent && request.Tools.Any(tool => tool.IsFunction) ? Fault.MultiAgentTool : null;
    }

    private static Fault? CheckSampling(ResponsesRequest request, TextModel model)
    {
        if (request.Temperature is < 0 or > 2)
            return Fault.InvalidArgument("temperature must be between 0 and 2.");
        if (request.TopP is < 0 or > 1)
            return Fault.InvalidArgument("top_p must be between 0 and 1.");
        if (!model.Reasons)
            return null;
        return request.PresencePenalty is not null ? Fault.UnsupportedOnModel("presencePenalty")
            : request.FrequencyPenalty is not null ? Fault.UnsupportedOnModel("frequencyPenalty")
            : null;
    }

    /// <summary>The simulator stores nothing, so no earlier response is ever found.</summary>
    private static Fault? CheckHistory(ResponsesRequest request) =>
        request.PreviousResponseId is { } id ? Fault.NotFound($"Response with id {id} not found.") : null;
}
