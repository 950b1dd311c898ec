using System.Text.Json.Nodes;
using LlmTr.Api.Chat;
using LlmTr.Api.Responses;
using Microsoft.OpenApi;

namespace LlmTr.Api.OpenApi.Operations;

/// <summary><c>POST /v1/chat/completions</c>.</summary>
internal static class ChatOperation
{
    public static Operation Of(OnSale sale) => new()
    {
        Method = HttpMethod.Post,
        Path = ChatRequest.Endpoint,
        Id = "createChatCompletion",
        Tag = "Text",
        Summary = "Answers in text, as OpenAI's chat completions",
        Description = "Another face of `/v1/responses`, with the same prices.",
        IsCharged = true,
        Bodies =
        [
            new Body(
                Body.Json,
                BodySchema(sale),
                ("text", """{"model":"xai/grok-4.3","messages":[{"role":"system","content":"Be brief."},{"role":"user","content":"Hello"}],"max_completion_tokens":1000}"""),
                ("image", """{"model":"xai/grok-4.3","messages":[{"role":"user","content":[{"type":"text","text":"What is on it?"},{"type":"image_url","image_url":{"url":"https://example.com/cat.png","detail":"high"}}]}]}"""),
                ("functions", """{"model":"xai/grok-4.3","messages":[{"role":"user","content":"Weather in Ankara?"},{"role":"assistant","content":null,"tool_calls":[{"id":"c1","type":"function","function":{"name":"weather","arguments":"{\"city\":\"Ankara\"}"}}]},{"role":"tool","tool_call_id":"c1","content":"Sunny"}],"tools":[{"type":"function","function":{"name":"weather","parameters":{"type":"object"}}}]}"""),
                ("structured", """{"model":"xai/grok-4.3","messages":[{"role":"user","content":"A name."}],"response_format":{"type":"json_schema","json_schema":{"name":"person","schema":{"type":"object"}}}}"""),
                ("stream", """{"model":"xai/grok-4.3","messages":[{"role":"user","content":"Count to three."}],"stream":true,"stream_options":{"include_usage":true}}""")),
        ],
        Answers = [new Answer(200, "The answer, or a stream of chunks that ends with [DONE].", (Body.Json, AnswerSchema()), ("text/event-stream", null))],
    };

    private static OpenApiSchema BodySchema(OnSale sale)
    {
        var most = sale.Most<Xai.Catalogue.TextModel>(static model => model.MostOutputTokens);
        return Fields.Of<ChatField>(
            [ChatField.Model, ChatField.Messages],
            (ChatField.Model, TextShapes.Model(sale)),
            (ChatField.Messages, TextShapes.Messages()),
            (ChatField.Tools, Shape.List("Functions that the caller's own program runs; no other type is taken.", Tool(""), most: ToolFields.MostTools)),
            (ChatField.ToolChoice, Shape.AnyOf("Whether a function must be called.", Shape.Word("", "auto", "none", "required"), Tool("This one."))),
            (ChatField.ParallelToolCalls, Shape.Flag("Whether several may be called at once.")),
            (ChatField.ResponseFormat, TextShapes.ResponseFormat()),
            (ChatField.Stream, Shape.Flag("Whether the answer comes as it is written.")),
            (ChatField.MaxTokens, Shape.Whole("The older name of max_completion_tokens.", 1, most)),
            (ChatField.MaxCompletionTokens, Shape.Whole("The most that is written and paid for, thoughts included.", 1, most)),
            (ChatField.ReasoningEffort, TextShapes.Effort()),
            (ChatField.Temperature, TextShapes.Temperature()),
            (ChatField.TopP, TextShapes.TopP()),
            (ChatField.Stop, TextShapes.Stop()),
            (ChatField.User, Shape.Text("The caller's own name of its user.")),
            (ChatField.SafetyIdentifier, Shape.Text("The caller's own name of its user.")),
            (ChatField.PromptCacheKey, Shape.Text("Requests with the same key share xAI's cache.")),
            (ChatField.StreamOptions, Shape.Open("", [], ("include_usage", Shape.OrNull(Shape.Flag("Whether the last chunk tells the usage."))))),
            (ChatField.MaxBudgetUsd, Fields.MaxBudget()),
            (ChatField.N, Shape.Only(JsonSchemaType.Integer, JsonValue.Create(1))),
            (ChatField.Store, Shape.OnlyFalse()),
            (ChatField.Logprobs, Shape.OnlyFalse()),
            (ChatField.TopLogprobs, Shape.OnlyZero()),
            (ChatField.LogitBias, new OpenApiSchema { Type = JsonSchemaType.Object, MaxProperties = 0, Description = "Accepted while it is empty." }),
            (ChatField.Modalities, Shape.List("Accepted at the value that changes nothing.", Shape.Word("", "text"), 1, 1)),
            (ChatField.Verbosity, Shape.Word("Accepted at the value that changes nothing.", "medium")),
            (ChatField.PresencePenalty, Shape.OnlyZero()),
            (ChatField.FrequencyPenalty, Shape.OnlyZero()),
            (ChatField.ServiceTier, TextShapes.ServiceTier()),
            (ChatField.Seed, Shape.Ignored()),
            (ChatField.Metadata, Shape.Ignored()),
            (ChatField.PromptCacheRetention, Shape.Ignored()),
            (ChatField.Functions, Shape.Refused("Use tools.")),
            (ChatField.FunctionCall, Shape.Refused("Use tool_choice.")),
            (ChatField.Audio, Shape.Refused("The answer is text; /v1/audio/speech speaks it.")),
            (ChatField.Prediction, Shape.Refused("No model takes predicted output.")),
            (ChatField.WebSearchOptions, Shape.Refused("Tools that run at the provider are not offered.")),
            (ChatField.SearchParameters, Shape.Refused("Tools that run at the provider are not offered.")));
    }

    private static OpenApiSchema Tool(string what) => Shape.Open(
        what,
        ["type", "function"],
        ("type", Shape.Word("", "function")),
        ("function", Shape.Open("", ["name"], ("name", Shape.Text("", least: 1)), ("parameters", Shape.OrNull(TextShapes.AnySchema())))));

    private static OpenApiSchema AnswerSchema() => Shape.Open(
        "",
        ["id", "object", "created", "model", "choices"],
        ("id", Shape.Text("")),
        ("object", Shape.Word("", "chat.completion")),
        ("created", Shape.Whole("Seconds since 1970.", 0)),
        ("model", Shape.Text("The public name.")),
        ("choices", Shape.List(
            "One.",
            Shape.Open(
                "",
                ["index", "message", "finish_reason"],
                ("index", Shape.Whole("", 0)),
                ("message", Shape.Open("", ["role"], ("role", Shape.Word("", "assistant")), ("content", Shape.OrNull(Shape.Text(""))))),
                ("finish_reason", Shape.Word("", "stop", "length", "tool_calls", "content_filter"))),
            1, 1)),
        ("usage", Shape.Open(
            "",
            ["prompt_tokens", "completion_tokens", "total_tokens"],
            ("prompt_tokens", Shape.Whole("", 0)),
            ("completion_tokens", Shape.Whole("", 0)),
            ("total_tokens", Shape.Whole("", 0)))));
}
