using System.Collections.Concurrent;
using System.Net.Http.Headers;
using System.Text;
using LlmTr.Api.Tests.OpenApi;
using LlmTr.Api.Tests.Running;
using LlmTr.Money;

namespace LlmTr.Api.Tests.Fuzz;

/// <summary>
/// Requests made from the document by chance: what the document forbids is refused with the envelope, what it allows is at worst refused with it, nothing is a fault of the
/// gateway's, and nothing is charged. <see cref="FuzzSettings"/> says how many.
/// </summary>
public sealed class DocumentFuzzTests(SharedGateway shared) : IClassFixture<SharedGateway>
{
    private const int AtOnce = 8;

    [Fact]
    public async Task Bodies_AreRefusedAsDocumented_AndNothingIsCharged()
    {
        var customers = await ApiDescription.ReadAsync(shared.Gateway, "v1");
        var operators = await ApiDescription.ReadAsync(shared.Gateway, "admin");
        var targets = customers.Operations.Select(operation => (Description: customers, Operation: operation))
            .Concat(operators.Operations.Select(operation => (Description: operators, Operation: operation)))
            .Where(static target => target.Operation.Schema is not null).ToArray();
        var before = shared.Gateway.Xai.Requests.Count;
        var wrong = new ConcurrentBag<string>();
        var refused = 0;

        await Parallel.ForEachAsync(Enumerable.Range(FuzzSettings.Seed, FuzzSettings.Cases), new ParallelOptions { MaxDegreeOfParallelism = AtOnce }, async (seed, cancellation) =>
        {
            var random = new Random(seed);
            var (description, operation) = targets[seed % targets.Length];
            var body = FuzzedBody.Of(description, operation, random);
            if (body.MayBeValid && !operation.IsCharged)
                return;
            using var response = await SendAsync(operation, body, cancellation);
            var status = (int)response.StatusCode;
            if (status is >= 400 and < 500)
                Interlocked.Increment(ref refused);
            var complaint = status switch
            {
                >= 500 or 401 => $"{operation}: {status}",
                < 400 when !body.MayBeValid => $"{operation} took what the document forbids",
                _ => await description.ComplaintAsync(operation, response),
            };
            if (complaint is not null)
                wrong.Add($"seed {seed}: {complaint}: {FuzzSettings.Shown(body.Bytes)}");
        });

        wrong.Order(StringComparer.Ordinal).Take(25).Should().BeEmpty("{0} of {1} cases are wrong", wrong.Count, FuzzSettings.Cases);
        refused.Should().BeGreaterThan(FuzzSettings.Cases / 2, "else the cases are not what they should be");
        shared.Gateway.Xai.Requests.Should().HaveCount(before);
        (await shared.Key.ReadAsync()).Should().Be(new TestAccount(UsdTicks.FromUsd(5), UsdTicks.Zero, 0));
        (await shared.Key.LedgerAsync()).Should().BeEmpty();
    }

    [Fact]
    public async Task QueriesAndPaths_AreNeverAFault()
    {
        var wrong = new ConcurrentBag<string>();
        foreach (var name in (string[])["v1", "admin"])
        {
            var description = await ApiDescription.ReadAsync(shared.Gateway, name);
            var targets = description.Operations.Where(static operation => operation.Method == HttpMethod.Get && !operation.Path.StartsWith("/health/", StringComparison.Ordinal)).ToArray();
            await Parallel.ForEachAsync(Enumerable.Range(FuzzSettings.Seed, FuzzSettings.Cases / 10), new ParallelOptions { MaxDegreeOfParallelism = AtOnce }, async (seed, cancellation) =>
            {
                var random = new Random(seed);
                var operation = targets[seed % targets.Length];
                var path = FuzzedPath(operation, random);
                using var response = await shared.Gateway.SendAsync(HttpMethod.Get, path, name == "v1" ? shared.Key.Text : TestGateway.AdminToken, body: null, cancellation);
                var complaint = (int)response.StatusCode >= 500 ? $"{(int)response.StatusCode}" : await description.ComplaintAsync(operation, response);
                if (complaint is not null)
                    wrong.Add($"seed {seed}: {complaint}: {path}");
            });
        }

        wrong.Order(StringComparer.Ordinal).Take(25).Should().BeEmpty();
    }

    private async Task<HttpResponseMessage> SendAsync(DescribedOperation operation, FuzzedBody body, CancellationToken cancellation)
    {
        using var request = new HttpRequestMessage(operation.Method, operation.Path.Replace("{id}", shared.Key.Id, StringComparison.Ordinal));
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", operation.Path.StartsWith("/admin/", StringComparison.Ordinal) ? TestGateway.AdminToken : shared.Key.Text);
        request.Content = new ByteArrayContent(body.Bytes);
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");

        // What may be valid must not be paid for: it is only quoted.
        if (body.MayBeValid)
            request.Headers.Add("X-LLMTR-Dry-Run", "true");
        return await shared.Gateway.Http.SendAsync(request, cancellation);
    }

    private string FuzzedPath(DescribedOperation operation, Random random)
    {
        var id = random.Next(3) == 0 ? shared.Key.Id : Uri.EscapeDataString(Unquoted(random) is { Length: > 0 } text ? text : "x");
        var path = new StringBuilder(operation.Path.Replace("{id}", id, StringComparison.Ordinal));
        var known = operation.Json.TryGetProperty("parameters", out var parameters)
            ? parameters.EnumerateArray().Where(static parameter => parameter.Text("in") == "query").Select(static parameter => parameter.Text("name")).ToArray()
            : [];
        for (var count = random.Next(4); count > 0; count--)
        {
            var name = known.Length == 0 || random.Next(6) == 0 ? "no_such" : known[random.Next(known.Length)];
            path.Append(path.ToString().Contains('?', StringComparison.Ordinal) ? '&' : '?').Append(name).Append('=').Append(Uri.EscapeDataString(Unquoted(random)));
        }

        return path.ToString();
    }

    // At most what fits into the first line of a request.
    private static string Unquoted(Random random)
    {
        var text = NastyValues.Text(random).Trim('"');
        return text.Length > 500 ? text[..500] : text;
    }
}
