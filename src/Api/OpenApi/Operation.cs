using Microsoft.OpenApi;

namespace LlmTr.Api.OpenApi;

/// <summary>What the document says of one method of one route.</summary>
internal sealed record Operation
{
    /// <summary>The HTTP method.</summary>
    public required HttpMethod Method { get; init; }

    /// <summary>The route's pattern as it is mapped.</summary>
    public required string Path { get; init; }

    /// <summary>A name for programs, one for each operation.</summary>
    public required string Id { get; init; }

    /// <summary>The group that it is shown in.</summary>
    public required string Tag { get; init; }

    /// <summary>One line.</summary>
    public required string Summary { get; init; }

    /// <summary>More, in Markdown.</summary>
    public string? Description { get; init; }

    /// <summary>Who may call it.</summary>
    public Caller Caller { get; init; } = Caller.Customer;

    /// <summary>The forms of the body; none without a body.</summary>
    public IReadOnlyList<Body> Bodies { get; init; } = [];

    /// <summary>Query and headers; those of the path are added from its pattern.</summary>
    public IReadOnlyList<OpenApiParameter> Parameters { get; init; } = [];

    /// <summary>What comes back when all is well.</summary>
    public required IReadOnlyList<Answer> Answers { get; init; }

    /// <summary>The statuses of the refusals, beyond those of every route.</summary>
    public IReadOnlyList<int> Refusals { get; init; } = [];

    /// <summary>True where a request is held, sent to xAI and charged.</summary>
    public bool IsCharged { get; init; }

    /// <summary>True for the one body of a route that may be left out.</summary>
    public bool BodyIsOptional { get; init; }
}

/// <summary>Who may call a route.</summary>
internal enum Caller
{
    /// <summary>Everyone.</summary>
    Anyone,

    /// <summary>Who has a key.</summary>
    Customer,

    /// <summary>Who has the admin token.</summary>
    Operator,
}

/// <summary>One form of a body.</summary>
/// <param name="MediaType">The content type.</param>
/// <param name="Schema">What it must be.</param>
/// <param name="Examples">Names and texts of valid bodies.</param>
internal sealed record Body(string MediaType, OpenApiSchema Schema, params (string Name, string Json)[] Examples)
{
    public const string Json = "application/json";
    public const string Form = "multipart/form-data";
}

/// <summary>One answer.</summary>
/// <param name="Status">The HTTP status.</param>
/// <param name="What">What it means.</param>
/// <param name="Contents">Its forms: content type and schema; null where it is not JSON.</param>
internal sealed record Answer(int Status, string What, params (string MediaType, OpenApiSchema? Schema)[] Contents);
