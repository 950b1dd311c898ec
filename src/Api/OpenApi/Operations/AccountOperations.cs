using LlmTr.Api.Customer;
using Microsoft.OpenApi;

namespace LlmTr.Api.OpenApi.Operations;

/// <summary>Models, prices, balance, usage and health.</summary>
internal static class AccountOperations
{
    public static IEnumerable<Operation> All()
    {
        yield return new Operation
        {
            Method = HttpMethod.Get,
            Path = "/v1/models",
            Id = "listModels",
            Tag = "Models",
            Summary = "What is on sale",
            Caller = Caller.Anyone,
            Answers = [new Answer(200, "The models.", (Body.Json, Shape.Exact("", ("object", Shape.Word("", "list")), ("data", Shape.List("", Model())))))],
        };
        yield return new Operation
        {
            Method = HttpMethod.Get,
            Path = "/v1/models/{**id}",
            Id = "readModel",
            Tag = "Models",
            Summary = "One model",
            Description = "The id holds a slash, plain or as %2F.",
            Caller = Caller.Anyone,
            Answers = [new Answer(200, "The model.", (Body.Json, Model()))],
            Refusals = [404, 410],
        };
        yield return new Operation
        {
            Method = HttpMethod.Get,
            Path = "/api/models",
            Id = "listPrices",
            Tag = "Models",
            Summary = "Prices by operation",
            Caller = Caller.Anyone,
            Parameters =
            [
                Parameters.Query("operation", Shape.Text("Such as RESPONSES or IMAGES_EDITS.")),
                Parameters.Query("modality", Shape.Text("Such as text or image.")),
            ],
            Answers =
            [
                new Answer(200, "The prices.", (Body.Json, Shape.Exact("", ("data", Shape.List("", Shape.Exact(
                    "",
                    ("canonicalId", Shape.Text("")),
                    ("modalities", Shape.List("", Shape.Text(""))),
                    ("operations", Shape.List("", Shape.Text(""))),
                    ("pricing", Pricing()))))))),
            ],
            Refusals = [400],
        };
        yield return new Operation
        {
            Method = HttpMethod.Get,
            Path = "/v1/balance",
            Id = "readBalance",
            Tag = "Account",
            Summary = "The key's money and limits",
            Answers = [new Answer(200, "Exact decimal strings.", (Body.Json, RecordShape.Of(BalanceJson.Default.BalanceAnswer)))],
            Refusals = [400, 401, 503],
        };
        yield return Usage();
        foreach (var (path, id, what) in ((string, string, string)[])[("/health/live", "readLiveness", "The program runs"), ("/health/ready", "readReadiness", "Requests should be sent here")])
        {
            yield return new Operation
            {
                Method = HttpMethod.Get,
                Path = path,
                Id = id,
                Tag = "Service",
                Summary = what,
                Caller = Caller.Anyone,
                Answers = [new Answer(200, "Yes.", (Body.Json, Shape.Exact("", ("status", Shape.Word("", "live", "ready")))))],
                Refusals = path == "/health/ready" ? [503] : [],
            };
        }
    }

    private static Operation Usage()
    {
        var entry = Shape.OrNull(Shape.Exact(
            "With request_id only.", ("seq", Shape.Whole("", 1)), ("at", Shape.Text("")), ("amount_usd", Shape.Text("")), ("amount_ticks", Shape.Whole("", 0))));
        return new Operation
        {
            Method = HttpMethod.Get,
            Path = "/api/usage",
            Id = "readUsage",
            Tag = "Account",
            Summary = "The key's own requests, the oldest first",
            Description = "`Accept: text/csv` gives CSV. Requests that never got a hold are not listed.",
            Parameters =
            [
                Parameters.Query("from", Shape.Text("A day, YYYY-MM-DD, or a moment, in UTC; where it is absent, 30 days before the end.")),
                Parameters.Query("to", Shape.Text("A day, included, or a moment, not included.")),
                Parameters.Query("page", Shape.Whole("", 1, 1_000_000_000)),
                Parameters.Query("perPage", Shape.Whole("", 1, 1000)),
                Parameters.Query("request_id", Shape.Text("This request only, with its hold and charge.")),
            ],
            Answers =
            [
                new Answer(
                    200,
                    "The requests.",
                    (Body.Json, Shape.Exact(
                        "",
                        ("data", Shape.List("", Shape.Open(
                            "",
                            ["timestamp", "request_id", "model", "endpoint", "cost_usd", "api_key_prefix"],
                            ("timestamp", Shape.Text("")),
                            ("request_id", Shape.Text("")),
                            ("model", Shape.Text("")),
                            ("endpoint", Shape.Text("")),
                            ("input_tokens", Shape.OrNull(Shape.Whole("", 0))),
                            ("output_tokens", Shape.OrNull(Shape.Whole("", 0))),
                            ("total_tokens", Shape.OrNull(Shape.Whole("", 0))),
                            ("cost_usd", Shape.Number("", "0")),
                            ("cost_source", Shape.OrNull(Shape.Word("", "provider", "catalogue", "estimate", "operator"))),
                            ("latency_ms", Shape.OrNull(Shape.Whole("", 0))),
                            ("status_code", Shape.OrNull(Shape.Whole("", 100, 599))),
                            ("api_key_prefix", Shape.Text("")),
                            ("hold", entry),
                            ("charge", entry)))),
                        ("meta", Shape.Exact("", ("page", Shape.Whole("", 1)), ("perPage", Shape.Whole("", 1, 1000)), ("total", Shape.Whole("", 0)))))),
                    ("text/csv", null)),
            ],
            Refusals = [400, 401, 503],
        };
    }

    private static OpenApiSchema Model() => Shape.Exact(
        "",
        ("id", Shape.Text("")),
        ("object", Shape.Word("", "model")),
        ("created", Shape.Whole("Seconds since 1970.", 0)),
        ("owned_by", Shape.Text("")),
        ("endpoints", Shape.List("", Shape.Text(""), 1)),
        ("modalities", Shape.Exact("", ("input", Shape.List("", Shape.Text(""))), ("output", Shape.List("", Shape.Text(""))))),
        ("context_length", Shape.OrNull(Shape.Whole("Tokens.", 1))),
        ("pricing", Pricing()));

    private static OpenApiSchema Pricing() => Shape.List(
        "", Shape.Open("", ["operation", "metric", "unit", "price"], ("operation", Shape.Text("")), ("metric", Shape.Text("")), ("unit", Shape.Text(""))));
}
