using LlmTr.Api.Responses;
using Microsoft.OpenApi;

namespace LlmTr.Api.OpenApi.Operations;

/// <summary>What the two faces of the text models have in common.</summary>
internal static class TextShapes
{
    private static readonly string[] Efforts = ["none", "minimal", "low", "medium", "high", "xhigh"];

    public static OpenApiSchema Model(OnSale sale) => Shape.Text(
        $"One of {sale.Names<Xai.Catalogue.TextModel>()}; the prefix xai/ may be left out. A suffix chooses the effort: :min, :low, :medium, :med, :high, :xhigh or :max.", least: 1);

    public static OpenApiSchema Effort() => Shape.Word("How hard the model thinks; which levels a model takes is in its description. On a multi-agent model, the number of agents.", Efforts);

    public static OpenApiSchema Temperature() => Shape.Number("", "0", "2");

    public static OpenApiSchema TopP() => Shape.Number("", "0", "1");

    public static OpenApiSchema Stop() => Shape.AnyOf(
        "Where to stop.", Shape.Text("One text."), Shape.List("Up to four texts.", Shape.Text(""), most: ScalarFields.MostStops));

    public static OpenApiSchema ServiceTier() => Shape.Word("Accepted where it changes nothing.", "auto", "default");

    /// <summary>A schema of JSON for a function's arguments or an answer: whatever the caller writes.</summary>
    public static OpenApiSchema AnySchema() => Shape.Open("A JSON Schema.", []);

    /// <summary>The list of messages that chat completions takes.</summary>
    public static OpenApiSchema Messages() => Shape.List(
        "The conversation.",
        Shape.Open(
            "A message.",
            ["role"],
            ("role", Shape.Word("Who says it.", "system", "developer", "user", "assistant", "tool")),
            ("content", Shape.OrNull(Shape.AnyOf("What is said; may be missing only beside tool_calls.", Shape.Text("As one text."), Shape.List("In parts.", ChatPart(), least: 1)))),
            ("tool_calls", Shape.OrNull(Shape.List("The functions that the assistant called; only its own messages have them.", ChatCall(), least: 1))),
            ("tool_call_id", new OpenApiSchema { Description = "A string; required in the message of a tool: which call it answers." })),
        least: 1);

    /// <summary>The form of an answer as chat completions writes it.</summary>
    public static OpenApiSchema ResponseFormat() => Shape.Open(
        "The form that the answer must have.",
        ["type"],
        ("type", Shape.Word("json_schema needs json_schema beside it.", "text", "json_object", "json_schema")),
        ("json_schema", Shape.Open("The schema and its name.", ["name", "schema"], ("name", Shape.Text("")), ("schema", AnySchema()))));

    private static OpenApiSchema ChatPart() => Shape.Open(
        "A text, or an image in a message of the user.",
        ["type"],
        ("type", Shape.Word("", "text", "image_url")),
        ("text", Shape.OrNull(Shape.Text("Of a text."))),
        ("image_url", Shape.OrNull(Shape.AnyOf(
            "Of an image: an https URL or a data URI of a PNG, JPEG or WebP.",
            Shape.Text(""),
            Shape.Open("", ["url"], ("url", Shape.Text("")), ("detail", Shape.OrNull(Shape.Text(""))))))));

    private static OpenApiSchema ChatCall() => Shape.Open(
        "A call.",
        ["id", "function"],
        ("id", Shape.Text("")),
        ("type", Shape.Word("", "function")),
        ("function", Shape.Open("", ["name", "arguments"], ("name", Shape.Text("")), ("arguments", Shape.Text("JSON in a string.")))));
}
