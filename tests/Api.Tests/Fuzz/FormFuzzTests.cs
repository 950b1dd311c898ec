using System.Collections.Concurrent;
using LlmTr.Api.Tests.OpenApi;
using LlmTr.Api.Tests.Running;
using LlmTr.Money;

namespace LlmTr.Api.Tests.Fuzz;

/// <summary>
/// Forms made from the document by chance: broken in their frame, their parts and their fields. What must be refused is refused with the envelope, nothing is a fault of the
/// gateway's, and nothing is charged. A twentieth of <see cref="FuzzSettings.Cases"/>.
/// </summary>
public sealed class FormFuzzTests(SharedGateway shared) : IClassFixture<SharedGateway>
{
    private const int AtOnce = 8;

    [Fact]
    public async Task Forms_AreRefusedAsDocumented_AndNothingIsCharged()
    {
        var description = await ApiDescription.ReadAsync(shared.Gateway, "v1");
        var forms = description.Operations.Where(static operation => operation.Form is not null).ToArray();
        var others = description.Operations.Where(static operation => operation.IsCharged && operation.Form is null).ToArray();
        var cases = FuzzSettings.Cases / 20;
        var wrong = new ConcurrentBag<string>();
        var (taken, refused) = (0, 0);

        await Parallel.ForEachAsync(Enumerable.Range(FuzzSettings.Seed, cases), new ParallelOptions { MaxDegreeOfParallelism = AtOnce }, async (seed, cancellation) =>
        {
            var random = new Random(seed);
            var made = forms[seed % forms.Length];
            var form = FuzzedForm.Of(description, made, random);
            var isElsewhere = random.Next(12) == 0;
            var operation = isElsewhere ? others[random.Next(others.Length)] : made;
            var mayBeValid = form.MayBeValid && !isElsewhere;
            using var content = new ByteArrayContent(form.Bytes);
            content.Headers.TryAddWithoutValidation("Content-Type", form.ContentType);

            // What may be valid must not be paid for: it is only quoted.
            using var response = await shared.Key.SendFormAsync(operation, content, isDryRun: mayBeValid, cancellation);
            var status = (int)response.StatusCode;
            if (status < 400)
                Interlocked.Increment(ref taken);
            else
                Interlocked.Increment(ref refused);
            var complaint = status switch
            {
                >= 500 or 401 => $"{operation}: {status}",
                < 400 when !mayBeValid => $"{operation} took what must be refused",
                _ => await description.ComplaintAsync(operation, response),
            };
            if (complaint is not null)
                wrong.Add($"seed {seed}: {complaint}: {form.ContentType}: {FuzzSettings.Shown(form.Bytes)}");
        });

        wrong.Order(StringComparer.Ordinal).Take(25).Should().BeEmpty("{0} of {1} cases are wrong", wrong.Count, cases);
        refused.Should().BeGreaterThan(cases / 2, "else the cases are not what they should be");
        taken.Should().BeGreaterThan(cases / 20, "else all are refused for the same reason");
        shared.Gateway.Xai.Requests.Should().BeEmpty();
        (await shared.Key.ReadAsync()).Should().Be(new TestAccount(UsdTicks.FromUsd(5), UsdTicks.Zero, 0));
        (await shared.Key.LedgerAsync()).Should().BeEmpty();
    }
}
