using LlmTr.Api.Admin;
using LlmTr.Api.Usage;
using LlmTr.Api.Video;
using Microsoft.OpenApi;

namespace LlmTr.Api.OpenApi.Operations;

/// <summary>What operators can do, but for looking.</summary>
internal static class AdminOperations
{
    private static readonly int[] OfKey = [400, 401, 404, 500, 503];

    public static IEnumerable<Operation> All()
    {
        yield return Post("/keys", "createKey", "Makes a key", CreateKey(), [new Answer(201, "The key, with its secret, which is shown this once.", (Body.Json, Key()))], [400, 401, 413, 503]) with
        {
            Bodies = [new Body(Body.Json, CreateKey(), ("key", """{"label":"first","credit_usd":"5","limits":{"requests_per_minute":60,"budget":{"amount_usd":"1.5","period":"day"}},"expires_at":"2099-01-31T00:00:00Z"}"""))],
        };
        yield return Get("/keys", "listKeys", "The keys", RecordShape.Of(AdminAnswerJson.Default.Keys), [400, 401, 503], [Parameters.Query("prefix", Shape.Text("The beginning of a key or of its id.")), .. Paging(200)]);
        yield return Get("/keys/{id}", "readKey", "One key", Key(), OfKey);
        yield return Post("/keys/{id}", "changeKey", "Changes a key", ChangeKey(), [new Answer(200, "The key.", (Body.Json, Key()))], [.. OfKey, 409, 413]) with { Method = HttpMethod.Patch };
        yield return Post("/keys/{id}/rotate", "rotateKey", "Gives a key a new secret", Rotate(), [new Answer(200, "The key, with its new secret, which is shown this once.", (Body.Json, Key()))], [.. OfKey, 409, 413]);
        yield return Post("/keys/{id}/revoke", "revokeKey", "Ends a key for ever", Revoke(), [new Answer(200, "The key.", (Body.Json, Key()))], [.. OfKey, 413]) with { BodyIsOptional = true };
        yield return Posting("credits", "creditKey", "Puts money in");
        yield return Posting("debits", "debitKey", "Takes money out, at most what is available");
        yield return Resolve();
        foreach (var read in AdminReads.All())
            yield return read;
    }

    /// <summary>A route that reads.</summary>
    public static Operation Get(string path, string id, string summary, OpenApiSchema answer, IReadOnlyList<int> refusals, IReadOnlyList<OpenApiParameter>? parameters = null) => new()
    {
        Method = HttpMethod.Get,
        Path = $"/admin/v1{path}",
        Id = id,
        Tag = "Operators",
        Summary = summary,
        Caller = Caller.Operator,
        Parameters = parameters ?? [],
        Answers = [new Answer(200, "What was asked for.", (Body.Json, answer))],
        Refusals = refusals,
    };

    /// <summary>What lists take.</summary>
    public static IReadOnlyList<OpenApiParameter> Paging(int most) =>
        [Parameters.Query("after", Shape.Text("What the part before gave as next_after.")), Parameters.Query("limit", Shape.Whole("The most rows.", 1, most))];

    private static Operation Post(string path, string id, string summary, OpenApiSchema body, IReadOnlyList<Answer> answers, IReadOnlyList<int> refusals) => new()
    {
        Method = HttpMethod.Post,
        Path = $"/admin/v1{path}",
        Id = id,
        Tag = "Operators",
        Summary = summary,
        Caller = Caller.Operator,
        Parameters = [Parameters.Header(AdminCall.ActorHeader, Shape.Text("Who does it, for the ledger.", 1, 64, "^[!-~]+$"))],
        Bodies = [new Body(Body.Json, body)],
        Answers = answers,
        Refusals = refusals,
    };

    private static Operation Posting(string what, string id, string summary)
    {
        var post = Post(
            $"/keys/{{id}}/{what}", id, summary,
            RecordShape.Of(AdminRequestJson.Default.PostingRequest, static body =>
            {
                body.Property("reference", "Such as an invoice.", 200, 1);
                body.Property("note", "Why.", 1000, 1);
                body.Replace("amount_usd", Amount("Above zero."), isRequired: true);
            }),
            [new Answer(200, "The key after it.", (Body.Json, Key()))],
            [.. OfKey, 402, 409, 413]);
        return post with
        {
            Parameters = [.. post.Parameters, Parameters.Header("Idempotency-Key", Shape.Text("The same name posts once, for ever.", 1, 255), isRequired: true)],
            Bodies = [post.Bodies[0] with { Examples = [(what, """{"amount_usd":"0.5","reference":"invoice 7","note":"paid"}""")] }],
        };
    }

    private static Operation Resolve() => Post(
        "/unreconciled/{id}", "resolveCase", "Closes a case of a charge that is not known",
        RecordShape.Of(AdminRequestJson.Default.ResolveRequest, static body =>
        {
            body.Property("note", "Why.", 1000, 1);
            body.Replace("settle_usd", Shape.OrNull(Amount("What it truly cost; this or waive.")));
        }),
        [new Answer(200, "What became of it.", (Body.Json, RecordShape.Of(AdminAnswerJson.Default.ResolvedAnswer)))],
        [.. OfKey, 409, 413]);

    private static OpenApiSchema CreateKey() => RecordShape.Of(AdminRequestJson.Default.CreateKeyRequest, static body =>
    {
        body.Replace("label", Shape.Text("A name for people.", 1, 200), isRequired: true);
        body.Property("reason", "Why.", 1000, 1);
        body.Property("expires_at", "A moment with its zone.");
        body.Replace("credit_usd", Shape.OrNull(Amount("The first credit.")));
    });

    private static OpenApiSchema ChangeKey() => RecordShape.Of(AdminRequestJson.Default.ChangeKeyRequest, static body =>
    {
        body.Property("label", "A name for people.", 200, 1);
        body.Property("reason", "Why.", 1000, 1);
        body.Property("expires_at", "A moment with its zone, or never.");
    });

    private static OpenApiSchema Rotate() => RecordShape.Of(AdminRequestJson.Default.RotateRequest, static body =>
    {
        body.Property("reason", "Why.", 1000, 1);
        body.Replace("grace_seconds", Shape.Whole("How long the old secret stays good; 0 ends it at once.", 0, 366L * 24 * 60 * 60), isRequired: true);
    });

    private static OpenApiSchema Revoke() => RecordShape.Of(AdminRequestJson.Default.RevokeRequest, static body => body.Property("reason", "Why.", 1000, 1));

    private static OpenApiSchema Key() => RecordShape.Of(AdminAnswerJson.Default.KeyAnswer);

    private static OpenApiSchema Amount(string what) => Shape.AnyOf(
        $"USD, a decimal string or number of at most 10 decimals. {what}",
        Shape.Number("", "0"),
        Shape.Text("", pattern: @"^[0-9]+(\.[0-9]{1,10})?$"));
}

/// <summary>What operators can look at.</summary>
internal static class AdminReads
{
    private static readonly int[] OfKey = [400, 401, 404, 500, 503];

    public static IEnumerable<Operation> All()
    {
        var ledger = Shape.Exact(
            "",
            ("data", Shape.List("Lines as they are stored.", Shape.AnyOf(
                "",
                Shape.Open("", ["seq", "at", "kind"], ("seq", Shape.Whole("", 1)), ("at", Shape.Text("")), ("kind", Shape.Text(""))),
                Shape.Text("A line of a broken ledger that is no JSON."),
                Shape.Open("Of a broken ledger: anything.", [])))),
            ("next_seq", Shape.OrNull(Shape.Whole("Where the next part begins; null at the end.", 1))),
            ("broken", Shape.OrNull(Shape.Text("What is wrong with the ledger where it contradicts itself; then nothing may be believed by its lines. Null for a good one."))));
        yield return AdminOperations.Get(
            "/keys/{id}/ledger", "readLedger", "A key's ledger", ledger, OfKey,
            [Parameters.Query("from_seq", Shape.Whole("", 1)), Parameters.Query("limit", Shape.Whole("The most lines.", 1, 1000))]) with
        {
            Description = "`Accept: application/x-ndjson` or `text/csv` gives those; then the headers X-LLMTR-Next-Seq and X-LLMTR-Ledger-Broken say what `next_seq` and `broken` do. A broken ledger is shown too.",
            Answers = [new Answer(200, "A part of it.", (Body.Json, ledger), ("application/x-ndjson", null), ("text/csv", null))],
        };
        yield return AdminOperations.Get("/keys/{id}/holds", "listHolds", "A key's open holds", RecordShape.Of(AdminAnswerJson.Default.Holds), OfKey, AdminOperations.Paging(1000));
        yield return AdminOperations.Get(
            "/keys/{id}/usage", "sumUsage", "A key's usage in groups", RecordShape.Of(AdminAnswerJson.Default.UsageGroupsAnswer), OfKey,
            [
                Parameters.Query("group_by", Shape.Word("", UsageGroups.Names)),
                Parameters.Query("from", Shape.Text("A day or a moment, UTC.")),
                Parameters.Query("to", Shape.Text("A day, included, or a moment, not included.")),
            ]);
        yield return AdminOperations.Get("/cluster", "readCluster", "The silos, their versions and what they host", RecordShape.Of(AdminAnswerJson.Default.ClusterAnswer), [400, 401, 503]);
        yield return AdminOperations.Get("/overruns", "listOverruns", "The operator's own losses", RecordShape.Of(AdminAnswerJson.Default.OverrunPage), [400, 401, 503], AdminOperations.Paging(1000));
        yield return AdminOperations.Get("/unreconciled", "listCases", "Charges that are not known", RecordShape.Of(AdminAnswerJson.Default.Cases), [400, 401, 503], AdminOperations.Paging(1000));
        yield return AdminOperations.Get(
            "/jobs", "listJobs", "Video jobs of all keys", VideoOperations.Page(), [400, 401, 503],
            [Parameters.Query("key", Shape.Text("Only this key's.")), .. VideoOperations.Listing(VideoReads.MostAdminPage)]);
    }
}
