using System.Net.Mime;
using LlmTr.Money;

namespace LlmTr.XaiSimulator.Wire;

public sealed partial record Fault
{
    /// <summary>The team that every text names.</summary>
    internal const string Team = "00000000-0000-4000-8000-000000000000";

    private const string NoCredit = $"Your team {Team} has either used all available credits or reached its monthly spending limit. "
        + "To continue making API requests, please purchase more credits or raise your spending limit.";

    private const string AtCapacity = "The service is temporarily at capacity. Please retry your request shortly.";

    /// <summary>A wrong API key: 400 and not 401 (captured).</summary>
    public static readonly Fault WrongKey = new("wrong-key", 400, Slug.InvalidArgument,
        "Incorrect API key provided. You can obtain an API key from https://console.x.ai.");

    /// <summary>No Authorization header.</summary>
    public static readonly Fault NoCredentials = new("no-credentials", 401, Slug.NoCredentials, "No credentials presented.");

    /// <summary>A body that is not JSON: plain text; its wording is not known.</summary>
    public static readonly Fault NotJson = new("not-json", 400, null, "Failed to parse the request body as JSON")
    {
        ContentType = MediaTypeNames.Text.Plain,
    };

    /// <summary>A GET where a POST belongs, and the like; the body was never seen.</summary>
    public static readonly Fault MethodNotAllowed = Empty("method-not-allowed", 405);

    /// <summary>A body that is not declared as JSON; the text was never seen.</summary>
    public static readonly Fault UnsupportedMediaType = new("unsupported-media-type", 415, null, "Expected a request with Content-Type: application/json")
    {
        ContentType = MediaTypeNames.Text.Plain,
    };

    /// <summary>The retired <c>search_parameters</c>; the code word was never seen.</summary>
    public static readonly Fault LiveSearch = new("live-search", 410, "410", "Live search is deprecated. Please switch to the Agent Tools API");

    /// <summary>A client-side tool on the multi-agent model.</summary>
    public static readonly Fault MultiAgentTool = new("multi-agent-tool", 400, Slug.InvalidArgument,
        "Client-side tools for multi-agent models require beta access");

    /// <summary>The team has no credit left. Not to be retried.</summary>
    public static readonly Fault Credits = new("credits", 403, Slug.PermissionDenied, NoCredit);

    /// <summary>Too many requests in a second.</summary>
    public static readonly Fault Rate = new("rate", 429, Slug.ResourceExhausted,
        $"Too many requests for team {Team} and model grok-4.3. Requests per Second (actual/limit): 31/30");

    /// <summary>The service has no room.</summary>
    public static readonly Fault Capacity = new("capacity", 429, Sentence.ResourceExhausted, AtCapacity);

    /// <summary>The model has no room: the one that may be retried before anything was answered.</summary>
    public static readonly Fault ModelCapacity = new("model-capacity", 503, Sentence.Unavailable,
        "Service temporarily unavailable. The model is at capacity and currently cannot serve this request. Please try again later.");

    /// <summary>The model was reached and said nothing. Also the text of an error in mid-stream.</summary>
    public static readonly Fault NoModelResponse = new("no-model-response", 503, Sentence.Unavailable,
        "Service temporarily unavailable. The model did not respond to this request.");

    /// <summary>A video that nobody started, or not yet; only the envelope is known.</summary>
    public static readonly Fault UnknownVideo = new("unknown-video", 404, Slug.NotFound, "The requested video does not exist.");

    /// <summary>The edge's plain 502.</summary>
    public static readonly Fault BadGateway = EdgeCode("bad-gateway", 502);

    /// <summary>The edge's plain 520.</summary>
    public static readonly Fault Edge520 = EdgeCode("edge-520", 520);

    /// <summary>The edge's 502 as a page.</summary>
    public static readonly Fault EdgePage = new("edge-page", 502, null,
        "<!DOCTYPE html>\n<html><head><title>api.x.ai | 502: Bad gateway</title></head>\n<body><h1>Bad gateway</h1><p>Error code 502</p><p>Cloudflare</p></body></html>\n")
    {
        ContentType = MediaTypeNames.Text.Html,
    };

    /// <summary>The proxy behind the edge lost its upstream; its status was not recorded, 503 is what that proxy sends.</summary>
    public static readonly Fault Envoy = new("envoy", 503, null, "upstream connect error or disconnect/reset before headers. reset reason: connection termination")
    {
        ContentType = MediaTypeNames.Text.Plain,
    };

    /// <summary>Every row, also those that only a behaviour produces, in the order of the table.</summary>
    public static IReadOnlyList<Fault> All { get; } =
    [
        WrongKey,
        NoCredentials,
        NotJson,
        WrongType("missing field `input`"),
        UnsupportedArgument("metadata"),
        UnsupportedOnModel("frequencyPenalty"),
        EffortNotSupported("grok-4.20-0309-reasoning"),
        MultiAgentTool,
        new("multi-agent-tool-old", 400, Slug.InvalidArgument, "Client side tool is not supported for multi-agent models"),
        Moderated("Generated image rejected by content moderation.") with { Cost = new UsdTicks(500_000_000) },
        Credits,
        new("credits-429", 429, Sentence.ResourceExhausted, NoCredit),
        UnknownModel("grok-nope"),
        ModelNotFound("grok-nope"),
        UnknownVideo,
        new("unreachable-image", 400, Slug.InvalidArgument, "Failed to fetch the image from its URL."), // The text was never seen.
        MethodNotAllowed,
        UnsupportedMediaType,
        LiveSearch,
        new("too-large", 413, Slug.InvalidArgument, "The request is too large."), // The body was never seen.
        Rate,
        Capacity,
        Capacity with { Name = "capacity-422", Status = 422 },
        Capacity with { Name = "capacity-500", Status = 500 },
        ModelCapacity,
        NoModelResponse,
        new("grammar", 503, Sentence.Unavailable, "Service temporarily unavailable. Grammar is too complex."),
        new("pending", 202, null, """{"status":"pending","progress":1}""") { IsWholeBody = true },
        BadGateway,
        Edge520,
        EdgePage,
        Envoy,
    ];

    /// <summary>A wrong type, a missing field or an unknown word: 422. The text after the colon is not known.</summary>
    internal static Fault WrongType(string detail) => new("wrong-type", 422, Slug.InvalidArgument,
        $"Failed to deserialize the JSON body into the target type: {detail}");

    /// <summary>An argument that the route does not take.</summary>
    internal static Fault UnsupportedArgument(string argument) => new("unsupported-argument", 400, "400", $"Argument not supported: {argument}");

    /// <summary>An argument that the model does not take, in camel case as observed; the code word was never seen.</summary>
    internal static Fault UnsupportedOnModel(string argument) => new("unsupported-on-model", 400, Slug.InvalidArgument,
        $"Argument not supported on this model: {argument}");

    /// <summary>Something that was generated and then refused.</summary>
    internal static Fault Moderated(string text) => new("moderated", 400, Slug.Moderated, text);

    /// <summary>A reasoning effort on a model that has none.</summary>
    internal static Fault EffortNotSupported(string model) => new("effort-not-supported", 400, Slug.InvalidArgument,
        $"Model {model} does not support parameter reasoningEffort.");

    /// <summary>An argument out of its range or against another one; such texts are not known.</summary>
    internal static Fault InvalidArgument(string text) => new("invalid-argument", 400, Slug.InvalidArgument, text);

    /// <summary>An argument that is wrong, without a code word, as speech was seen to answer.</summary>
    internal static Fault WithoutCode(string text) => new("argument", 400, null, text);

    /// <summary>Something that does not exist; only the envelope is known.</summary>
    internal static Fault NotFound(string text) => new("not-found", 404, Slug.NotFound, text);

    /// <summary>A model that does not exist, or that the team may not use.</summary>
    internal static Fault UnknownModel(string model) => new("unknown-model", 404, Slug.NotFound,
        $"The model {model} does not exist or your team {Team} does not have access to it. "
        + "If you believe this is a mistake, please contact support and quote your team ID and the model name.");

    /// <summary>What a prober saw in place of <see cref="UnknownModel"/>, and what a missing model gives; the code word was never seen.</summary>
    internal static Fault ModelNotFound(string model) => new("model-not-found", 400, Slug.InvalidArgument, $"Model not found: {model}");

    /// <summary>The row of that name, or null.</summary>
    internal static Fault? ByName(string name) => All.FirstOrDefault(fault => fault.Name == name);

    /// <summary>The usual body of a bare status: the first row that has it, or the edge's text; of a success none at all.</summary>
    internal static Fault ForStatus(int status) => status switch
    {
        400 => InvalidArgument("The request is not valid."),
        404 => NotFound("The requested resource does not exist."),
        502 => BadGateway,
        503 => ModelCapacity,
        429 => Rate,
        _ => All.FirstOrDefault(fault => fault.Status == status) ?? (status < 400 ? Empty("empty", status) : EdgeCode("edge", status)),
    };

    private static Fault Empty(string name, int status) => new(name, status, null, "") { ContentType = MediaTypeNames.Text.Plain };

    private static Fault EdgeCode(string name, int status) => new(name, status, null, $"error code: {status}") { ContentType = MediaTypeNames.Text.Plain };
}
