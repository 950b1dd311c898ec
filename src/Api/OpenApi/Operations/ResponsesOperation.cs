using LlmTr.Api.Responses;
using Microsoft.OpenApi;

namespace LlmTr.Api.OpenApi.Operations;

/// <summary><c>POST /v1/responses</c>.</summary>
internal static class ResponsesOperation
{
    public static Operation Of(OnSale sale) => new()
    {
        Method = HttpMethod.Post,
        Path = ResponsesRequest.Endpoint,
        Id = "createResponse",
        Tag = "Text",
        Summary = "Answers in text",
        Description = "Nothing is stored: send the whole conversation as `input`. The answer is xAI's own, with `model` set back to the public name. "
            + "With `stream` it is server-sent events; a `: keep-alive` comment breaks each 15 s of silence, and a failure after the first byte is one `event: error`.",
        IsCharged = true,
        Bodies =
        [
            new Body(
                Body.Json,
                BodySchema(sale),
                ("text", """{"model":"xai/grok-4.3","input":"Merhaba, who are you?"}"""),
                ("conversation", """{"model":"xai/grok-4.3:low","instructions":"Be brief.","input":[{"role":"user","content":"Hello"},{"role":"assistant","content":"Hello!"},{"role":"user","content":[{"type":"input_text","text":"What is on it?"},{"type":"input_image","image_url":"https://example.com/cat.png"}]}],"max_output_tokens":1000}"""),
                ("functions", """{"model":"xai/grok-4.3","input":[{"role":"user","content":"Weather in Ankara?"},{"type":"function_call","call_id":"c1","name":"weather","arguments":"{\"city\":\"Ankara\"}"},{"type":"function_call_output","call_id":"c1","output":"Sunny"}],"tools":[{"type":"function","name":"weather","parameters":{"type":"object","properties":{"city":{"type":"string"}}}}],"tool_choice":"auto","parallel_tool_calls":true}"""),
                ("structured", """{"model":"xai/grok-4.3","input":"A name and an age.","text":{"format":{"type":"json_schema","name":"person","schema":{"type":"object","properties":{"name":{"type":"string"},"age":{"type":"integer"}},"required":["name","age"]}}},"max_budget_usd":"5"}"""),
                ("stream", """{"model":"xai/grok-4.3","input":"Count to three.","stream":true,"temperature":0.5}""")),
        ],
        Answers = [new Answer(200, "The answer, or a stream of events.", (Body.Json, AnswerSchema()), ("text/event-stream", null))],
    };

    private static OpenApiSchema BodySchema(OnSale sale) => Fields.Of<BodyField>(
        [BodyField.Model],
        (BodyField.Model, TextShapes.Model(sale)),
        (BodyField.Input, Shape.AnyOf("What to answer; this or messages.", Shape.Text("A text."), Shape.List("A conversation.", Item(), least: 1))),
        (BodyField.Messages, TextShapes.Messages()),
        (BodyField.Instructions, Shape.Text("What the model is told before everything else.")),
        (BodyField.Reasoning, Shape.Open("", [], ("effort", Shape.OrNull(TextShapes.Effort())))),
        (BodyField.ReasoningEffort, TextShapes.Effort()),
        (BodyField.MaxOutputTokens, Shape.Whole(
            "The most that is written and paid for. Where it is absent the gateway chooses it from the balance and says so in X-LLMTR-Max-Output-Tokens.",
            1, sale.Most<Xai.Catalogue.TextModel>(static model => model.MostOutputTokens))),
        (BodyField.Temperature, TextShapes.Temperature()),
        (BodyField.TopP, TextShapes.TopP()),
        (BodyField.Stop, TextShapes.Stop()),
        (BodyField.Tools, Shape.List("Functions that the caller's own program runs; no other type is taken.", Tool(), most: ToolFields.MostTools)),
        (BodyField.ToolChoice, Shape.AnyOf(
            "Whether a function must be called.",
            Shape.Word("", "auto", "none", "required"),
            Shape.Open("This one.", ["type", "name"], ("type", Shape.Word("", "function")), ("name", Shape.Text(""))))),
        (BodyField.ParallelToolCalls, Shape.Flag("Whether several may be called at once.")),
        (BodyField.Text, Shape.Open("The form of the answer.", [], ("format", Shape.OrNull(Format())))),
        (BodyField.ResponseFormat, TextShapes.ResponseFormat()),
        (BodyField.Stream, Shape.Flag("Whether the answer comes as it is written.")),
        (BodyField.Include, Shape.List("What else to send.", Shape.Word("", "reasoning.encrypted_content"))),
        (BodyField.PromptCacheKey, Shape.Text("Requests with the same key share xAI's cache.")),
        (BodyField.User, Shape.Text("The caller's own name of its user.")),
        (BodyField.SafetyIdentifier, Shape.Text("The caller's own name of its user.")),
        (BodyField.MaxBudgetUsd, Fields.MaxBudget()),
        (BodyField.Store, Shape.OnlyFalse()),
        (BodyField.Background, Shape.OnlyFalse()),
        (BodyField.ServiceTier, TextShapes.ServiceTier()),
        (BodyField.Truncation, Shape.Word("Accepted at the value that changes nothing.", "disabled")),
        (BodyField.PresencePenalty, Shape.OnlyZero()),
        (BodyField.FrequencyPenalty, Shape.OnlyZero()),
        (BodyField.TopLogprobs, Shape.OnlyZero()),
        (BodyField.Metadata, Shape.Ignored()),
        (BodyField.StreamOptions, Shape.Ignored()),
        (BodyField.PromptCacheRetention, Shape.Ignored()),
        (BodyField.MaxToolCalls, Shape.Ignored()),
        (BodyField.PreviousResponseId, Shape.Refused("Nothing is stored here; send the whole conversation.")),
        (BodyField.Conversation, Shape.Refused("Nothing is stored here; send the whole conversation.")),
        (BodyField.Prompt, Shape.Refused("Nothing is stored here; send the whole conversation.")),
        (BodyField.ContextManagement, Shape.Refused("Shorten the conversation in the client.")),
        (BodyField.MaxTokens, Shape.Refused("Use max_output_tokens.")),
        (BodyField.SearchParameters, Shape.Refused("Tools that run at the provider are not offered.")),
        (BodyField.WebSearchOptions, Shape.Refused("Tools that run at the provider are not offered.")));

    private static OpenApiSchema Item() => Shape.AnyOf(
        "A message, or a piece of an earlier answer that is handed back.",
        Shape.Open(
            "A message.",
            ["role", "content"],
            ("type", Shape.Word("May be left out.", "message")),
            ("role", Shape.Word("Who says it.", "user", "assistant", "system", "developer")),
            ("content", Content())),
        Shape.Open(
            "A function that the model called.",
            ["type", "call_id", "name", "arguments"],
            ("type", Shape.Word("", "function_call")),
            ("call_id", Shape.Text("")),
            ("name", Shape.Text("")),
            ("arguments", Shape.Text("JSON in a string."))),
        Shape.Open(
            "What the function answered.",
            ["type", "call_id", "output"],
            ("type", Shape.Word("", "function_call_output")),
            ("call_id", Shape.Text("")),
            ("output", Content())),
        Shape.Open(
            "What the model thought.",
            ["type"],
            ("type", Shape.Word("", "reasoning")),
            ("summary", Shape.List("", Thought())),
            ("content", Shape.OrNull(Shape.List("", Thought()))),
            ("encrypted_content", Shape.OrNull(Shape.Text("")))));

    private static OpenApiSchema Content() => Shape.AnyOf("", Shape.Text("A text."), Shape.List("Parts.", Part(), least: 1));

    private static OpenApiSchema Part() => Shape.AnyOf(
        "A text or an image. No file_id: files are not stored here.",
        Shape.Open("A text.", ["type", "text"], ("type", Shape.Word("", "input_text", "output_text")), ("text", Shape.Text(""))),
        Shape.Open(
            "An image.", ["type", "image_url"], ("type", Shape.Word("", "input_image")), ("image_url", Shape.Text("An https URL or a data URI of a PNG, JPEG or WebP."))));

    private static OpenApiSchema Thought() => Shape.Open("", ["type"], ("type", Shape.Word("", "summary_text", "reasoning_text")), ("text", Shape.Text("")));

    private static OpenApiSchema Tool() => Shape.Open(
        "A function.",
        ["type", "name"],
        ("type", Shape.Word("", "function")),
        ("name", Shape.Text("", least: 1)),
        ("description", new OpenApiSchema { Description = "What it does, a string." }),
        ("parameters", Shape.OrNull(TextShapes.AnySchema())));

    private static OpenApiSchema Format() => Shape.Open(
        "json_schema needs name and schema.",
        ["type"],
        ("type", Shape.Word("", "text", "json_object", "json_schema")),
        ("name", Shape.Text("")),
        ("schema", TextShapes.AnySchema()));

    private static OpenApiSchema AnswerSchema() => Shape.Open(
        "xAI's own; members that are not named here may come.",
        ["id", "object", "model", "status", "output", "usage"],
        ("id", Shape.Text("")),
        ("object", Shape.Word("", "response")),
        ("model", Shape.Text("The public name.")),
        ("status", Shape.Word("", "completed", "incomplete", "failed", "in_progress", "cancelled", "queued")),
        ("output", Shape.List("", Shape.Open("", ["type"], ("type", Shape.Text("message, reasoning, function_call, …"))))),
        ("usage", Shape.OrNull(Shape.Open(
            "", ["input_tokens", "output_tokens"],
            ("input_tokens", Shape.Whole("", 0)), ("output_tokens", Shape.Whole("", 0)), ("cost_in_usd_ticks", Shape.Whole("1 USD is 10,000,000,000 ticks.", 0))))));
}
