using System.Text.Json;
using LlmTr.XaiSimulator.Control;
using LlmTr.XaiSimulator.Models;

namespace LlmTr.XaiSimulator.Responses;

/// <summary>What a model makes of a request: what it thought, what it says or calls, and whether the cap cut it short.</summary>
internal sealed record Answer
{
    /// <summary>The summary of the reasoning; null where the model does not reason.</summary>
    public string? Summary { get; private init; }

    /// <summary>Tokens of the reasoning, of which the summary is only a part.</summary>
    public long ReasoningTokens { get; private init; }

    /// <summary>The text, or null where a function is called or the cap left no room.</summary>
    public string? Text { get; private init; }

    /// <summary>The text as a stream brings it.</summary>
    public IReadOnlyList<string> Deltas { get; private init; } = [];

    /// <summary>The function that is called, or null.</summary>
    public string? Function { get; private init; }

    /// <summary>The arguments of that call, JSON in a string.</summary>
    public string Arguments { get; private init; } = "";

    /// <summary>Reasoning and answer together.</summary>
    public long OutputTokens { get; private init; }

    /// <summary>True when <c>max_output_tokens</c> cut it short.</summary>
    public bool IsCapped { get; private init; }

    /// <summary>Makes the answer. The same request has always the same.</summary>
    public static Answer To(ResponsesRequest request, TextModel model, Behaviour behaviour)
    {
        var effort = request.Effort ?? model.DefaultEffort;
        var summary = model.Reasons && effort != "none" ? AnswerText.Summary(request.Input) : null;
        var thinking = summary is null ? 0 : Pieces.Of(summary).Count * Depth(effort);

        var limit = request.MaxOutputTokens ?? long.MaxValue;
        var cap = behaviour.Cap ?? model.Cap;
        var thought = cap == Cap.All ? Math.Min(thinking, limit) : thinking;
        var room = cap switch
        {
            Cap.All => limit - thought,
            Cap.Answer => limit,
            _ => long.MaxValue,
        };

        var start = new Answer { Summary = summary, ReasoningTokens = thought, OutputTokens = thought };
        if (thought < thinking)
            return start with { IsCapped = true };
        return CalledFunction(request, behaviour) is { } name
            ? start.Calling(name, behaviour.Arguments ?? ArgumentsFor(request, name), room)
            : start.Saying(TextFor(request, behaviour), behaviour.Deltas, room);
    }

    private Answer Calling(string function, string arguments, long room)
    {
        var tokens = Pieces.Of(function).Count + Pieces.Of(arguments).Count;
        return tokens > room
            ? this with { OutputTokens = OutputTokens + room, IsCapped = true }
            : this with { Function = function, Arguments = arguments, OutputTokens = OutputTokens + tokens };
    }

    private Answer Saying(string text, int? deltas, long room)
    {
        var pieces = Pieces.Of(text);
        var said = pieces.Count > room ? [.. pieces.Take((int)room)] : pieces;
        if (said.Count == 0 && pieces.Count > 0)
            return this with { IsCapped = true };
        var saidText = string.Concat(said);
        return this with
        {
            Text = saidText,
            Deltas = deltas is { } count ? Pieces.Exactly(saidText, count) : said,
            OutputTokens = OutputTokens + said.Count,
            IsCapped = said.Count < pieces.Count,
        };
    }

    /// <summary>Which function is called: one that must be, or that the behaviour names, unless the last one's output has just come in.</summary>
    private static string? CalledFunction(ResponsesRequest request, Behaviour behaviour)
    {
        if (request.Input.ToolOutput is not null)
            return null;
        var first = request.Tools.FirstOrDefault(tool => tool.IsFunction)?.Name;
        if (behaviour.Call is { } name)
            return name == "*" ? first : name;
        return request.ToolChoice switch
        {
            { ValueKind: JsonValueKind.Object } choice => choice.GetProperty("name").GetString(),
            { } choice when choice.GetString() == "required" => first,
            _ => null,
        };
    }

    private static string ArgumentsFor(ResponsesRequest request, string function) =>
        request.Tools.FirstOrDefault(tool => tool.Name == function)?.Parameters is { } schema ? SchemaSample.Of(schema) : "{}";

    private static string TextFor(ResponsesRequest request, Behaviour behaviour)
    {
        var text = behaviour switch
        {
            { Answer: { } given } => given,
            { AnswerBytes: { } bytes } => AnswerText.OfBytes(bytes),
            _ => request.FormatKind switch
            {
                "json_schema" => SchemaSample.Of(request.TextFormat!.Value.GetProperty("schema")),
                "json_object" => """{"answer":"simulated"}""",
                _ => AnswerText.Reply(request.Input),
            },
        };
        return behaviour.Deltas > text.EnumerateRunes().Count() ? AnswerText.OfBytes(behaviour.Deltas.Value) : text;
    }

    /// <summary>How many tokens are thought for each one of the summary; in captures of low effort about ten.</summary>
    private static long Depth(string? effort) => effort switch
    {
        "medium" => 4,
        "high" => 8,
        "xhigh" => 16,
        _ => 2,
    };
}
