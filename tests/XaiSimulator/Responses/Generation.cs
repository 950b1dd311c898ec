using System.Net.Mime;
using LlmTr.Money;
using LlmTr.XaiSimulator.Control;
using LlmTr.XaiSimulator.Models;
using LlmTr.XaiSimulator.Serving;
using LlmTr.XaiSimulator.Wire;

namespace LlmTr.XaiSimulator.Responses;

/// <summary>One generated response: everything that is said of it, whether in one body or in a stream.</summary>
internal sealed record Generation
{
    public required string Id { get; init; }

    public required ResponsesRequest Request { get; init; }

    public required TextModel Model { get; init; }

    public required Behaviour Behaviour { get; init; }

    public required Answer Answer { get; init; }

    public required IReadOnlyList<OutputItem> Output { get; init; }

    public required Usage Usage { get; init; }

    /// <summary>The true cost by the formula.</summary>
    public required UsdTicks Cost { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public required DateTimeOffset CompletedAt { get; init; }

    /// <summary>The <c>status</c> at the end.</summary>
    public string Status => Behaviour.End switch
    {
        Ending.Failed or Ending.FailedWithUsage => "failed",
        Ending.Incomplete => "incomplete",
        _ => Answer.IsCapped ? "incomplete" : "completed",
    };

    /// <summary>What the simulator bills. That an answer without usage costs nothing is a guess; nobody knows (xAI contract, section 11).</summary>
    private UsdTicks Billed => Behaviour.End is Ending.Failed or Ending.Error or Ending.BareError or Ending.JsonError
        ? UsdTicks.Zero
        : Behaviour.Cost?.Billed(Cost) ?? Cost;

    /// <summary>Generates the response to a request that is in order.</summary>
    public static Generation Start(ResponsesRequest request, TextModel model, Turn turn)
    {
        var id = Ids.Uuid();
        var answer = Answer.To(request, model, turn.Behaviour);
        var usage = Usage.Count(request, answer, model.Agents(request.Effort), turn.Behaviour);
        return new Generation
        {
            Id = id,
            Request = request,
            Model = model,
            Behaviour = turn.Behaviour,
            Answer = answer,
            Output = [.. Items(id, request, answer)],
            Usage = usage,
            Cost = Pricing.Cost(usage, request.IsPriority),
            CreatedAt = turn.Incoming.Arrived,
            CompletedAt = turn.Now,
        };
    }

    /// <summary>The reply that carries it.</summary>
    public Reply Reply()
    {
        var reply = (Behaviour.End, Request.Stream) switch
        {
            (Ending.JsonError, _) or (Ending.Error or Ending.BareError, false) => ErrorWithSuccess(),
            (_, true) => Wire.Reply.Stream(EventStream.Of(this)),
            _ => Wire.Reply.Json(ResponseObject.Json(this), HeaderSet.TextJson),
        };
        return reply with { ResponseId = Id, Billed = Billed, OutputTokens = Usage.Output };
    }

    /// <summary>HTTP 200 with an error in JSON, as seen also where a stream was asked for (xAI contract, section 1.3).</summary>
    private Reply ErrorWithSuccess() =>
        new(200, MediaTypeNames.Application.Json, [Fault.NoModelResponse.Body(Behaviour.Errors ?? ErrorFamily.Slugs)]);

    private static IEnumerable<OutputItem> Items(string id, ResponsesRequest request, Answer answer)
    {
        if (answer.Summary is { } summary)
            yield return new ReasoningItem(id, summary, request.WantsEncryptedReasoning);
        if (answer.Function is { } function)
            yield return new FunctionCallItem(id, function, answer.Arguments);
        else if (answer.Text is { } text)
            yield return new MessageItem(id, text, answer.IsCapped);
    }
}
