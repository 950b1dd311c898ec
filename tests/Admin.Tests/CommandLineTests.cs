using LlmTr.Api.Tests.Running;
using LlmTr.XaiSimulator.Control;

namespace LlmTr.Admin.Tests;

/// <summary>Every command against a running gateway: what it prints, what it does, how it ends.</summary>
public sealed class CommandLineTests(SharedGateway shared) : IClassFixture<SharedGateway>
{
    private TestGateway Gateway => shared.Gateway;

    [Fact]
    public async Task LifeOfAKey_FromTheCommandLineAlone()
    {
        var made = (await Cli.RunAsync(
            Gateway, "keys", "create", "a customer", "--credit", "10", "--models", "xai/grok-4.3", "--budget", "100/month", "--json")).Json();
        var (id, secret) = (made.Text("id"), made.Text("key"));
        made.GetProperty("limits").GetProperty("budget").Text("period").Should().Be("month");

        // By id, by prefix and by the key itself.
        foreach (var name in (string[])[id, secret[..14], secret])
            (await Cli.RunAsync(Gateway, "keys", "show", name, "--json")).Json().Text("id").Should().Be(id);

        var limits = (await Cli.RunAsync(Gateway, "keys", "limits", id, "--max-concurrent", "2", "--budget", "none", "--json")).Json().GetProperty("limits");
        limits.GetRawText().Where(c => !char.IsWhiteSpace(c)).Should().Equal("""{"max_concurrent":2,"models":["xai/grok-4.3"]}""");

        (await Cli.RunAsync(Gateway, "credit", id, "2.5", "--id", "one", "--json")).Json().Text("balance_usd").Should().Be("12.5");
        (await Cli.RunAsync(Gateway, "credit", id, "2.5", "--id", "one", "--json")).Json().Text("balance_usd").Should().Be("12.5");
        (await Cli.RunAsync(Gateway, "debit", id, "0.5", "--note", "back", "--json")).Json().Text("balance_usd").Should().Be("12");
        (await Cli.RunAsync(Gateway, "debit", id, "99")).Should().Match<CliResult>(result => result.ExitCode == 1 && result.Errors.Contains("available"));
        (await Cli.RunAsync(Gateway, "balance", id)).Output.Should().Be("Balance USD    12\nHeld USD       0\nAvailable USD  12\n");

        (await Cli.RunAsync(Gateway, "keys", "set", id, "--label", "renamed", "--json")).Json().Text("label").Should().Be("renamed");
        (await Cli.RunAsync(Gateway, "keys", "list")).Output.Should().Contain(id).And.Contain("renamed").And.StartWith("ID ");
        var rotated = (await Cli.RunAsync(Gateway, "keys", "rotate", id, "--grace-seconds", "0", "--json")).Json().Text("key");
        (await Gateway.SendAsync(HttpMethod.Get, "/v1/balance", secret, null)).StatusCode.Should().Be(System.Net.HttpStatusCode.Unauthorized);
        (await Gateway.SendAsync(HttpMethod.Get, "/v1/balance", rotated, null)).StatusCode.Should().Be(System.Net.HttpStatusCode.OK);

        (await Cli.RunAsync(Gateway, "keys", "revoke", id, "--reason", "gone", "--json")).Json().Text("status").Should().Be("revoked");
        (await Cli.RunAsync(Gateway, "keys", "set", id, "--disabled", "true")).ExitCode.Should().Be(1);
        var show = await Cli.RunAsync(Gateway, "ledger", "show", id);
        show.Output.Should().Contain("key_revoked").And.Contain("admin/tester").And.Contain("gone");
        show.Output.Should().NotContain(secret).And.NotContain(rotated);
    }

    [Fact]
    public async Task Cases_AreListedSettledAndWaived()
    {
        var key = await Gateway.CreateKeyAsync();
        Gateway.Xai.Enqueue(Behaviour.None with { Cut = BreakPoint.Before }, times: 2);
        for (var i = 0; i < 2; i++)
            (await key.PostAsync(TestKey.Hello)).Dispose();

        var cases = (await Cli.RunAsync(Gateway, "unreconciled", "list", "--json")).Json().GetProperty("data").EnumerateArray()
            .Where(row => row.Text("key") == key.Id).Select(row => row.Text("id")).ToArray();
        cases.Should().HaveCount(2);
        (await Cli.RunAsync(Gateway, "unreconciled", "settle", cases[0], "6", "--note", "n", "--json")).Json().Text("overrun_usd").Should().Be("1");
        (await Cli.RunAsync(Gateway, "unreconciled", "waive", cases[1], "--json")).Json().Text("outcome").Should().Be("waived");
        (await Cli.RunAsync(Gateway, "unreconciled", "waive", "req_0192f0c4b7a87aaaaaaaaaaaaaaaaaaa")).ExitCode.Should().Be(1);
        (await Cli.RunAsync(Gateway, "overruns")).Output.Should().Contain(key.Id);
        (await Cli.RunAsync(Gateway, "holds", key.Id)).Output.Should().Be("No open holds.\n");
    }

    [Fact]
    public async Task Jobs_AreListedByKeyAndStatus()
    {
        var key = await Gateway.CreateKeyAsync();
        using (var made = await Gateway.SendAsync(
            HttpMethod.Post, "/v1/video/generations", key.Text, """{"model":"xai/grok-imagine-video","prompt":"A cup of tea","duration_seconds":2}"""))
            made.StatusCode.Should().Be(System.Net.HttpStatusCode.OK);

        var job = (await Cli.RunAsync(Gateway, "jobs", "--key", key.Id, "--status", "succeeded", "--json")).Json().GetProperty("data").EnumerateArray().Single();
        (job.Text("key_id"), job.Text("status"), job.Number("duration_seconds")).Should().Be((key.Id, "succeeded", 2));
        var begun = DateTimeOffset.FromUnixTimeSeconds(job.Number("created_at")).ToString("yyyy-MM-ddTHH:mm:ssZ", System.Globalization.CultureInfo.InvariantCulture);
        (await Cli.RunAsync(Gateway, "jobs", "--key", key.Text[..14])).Output.Should().StartWith("JOB ").And.Contain(job.Text("id")).And.Contain(begun).And.NotContain("@");
        (await Cli.RunAsync(Gateway, "jobs")).Output.Should().Contain(job.Text("id"));
        (await Cli.RunAsync(Gateway, "jobs", "--key", key.Id, "--status", "failed")).Output.Should().Be("No video jobs.\n");
        (await Cli.RunAsync(Gateway, "jobs", "--status", "over")).ExitCode.Should().Be(2);
    }

    [Fact]
    public async Task Export_ComesBackToTheSameEndHash_AndATamperedOneIsNamedByItsLine()
    {
        // Label and note that would break a careless CSV.
        var made = (await Cli.RunAsync(Gateway, "keys", "create", "Ada \"the, first\"; =1+1 ğ", "--credit", "3", "--json")).Json();
        var key = new TestKey(Gateway, made.Text("id"), made.Text("key"));
        for (var i = 0; i < 3; i++)
            (await key.PostAsync(TestKey.Hello)).EnsureSuccessStatusCode();
        await key.SettledLedgerAsync();
        var folder = Directory.CreateTempSubdirectory("llmtr-test-");
        try
        {
            var online = (await Cli.RunAsync(Gateway, "ledger", "verify", key.Id, "--json")).Json().GetProperty("data")[0];
            (online.Text("verdict"), online.Number("entries"), online.Text("balance_usd")).Should().Be(("ok", 8, (await key.ReadAsync()).Balance.ToUsdString()));
            foreach (var format in (string[])["ndjson", "csv"])
            {
                var file = Path.Combine(folder.FullName, "ledger." + format);
                (await Cli.RunAsync(Gateway, "ledger", "export", key.Id, "--format", format, "--output", file)).ExitCode.Should().Be(0);
                (await Cli.RunAsync(Gateway, "ledger", "export", key.Id, "--format", format)).Output.Should().Be(await File.ReadAllTextAsync(file));
                (await Cli.RunAsync(Gateway, "ledger", "verify", "--file", file, "--json")).Json().GetProperty("data")[0].Text("end_hash").Should().Be(online.Text("end_hash"));

                // A cheaper fourth line, then a line dropped: the chain shows the one behind, the sums the line itself.
                var lines = await File.ReadAllLinesAsync(file);
                var first = format == "csv" ? 1 : 0;
                lines[first + 3] = lines[first + 3].Replace("hold_settled", "hold_released", StringComparison.Ordinal);
                await File.WriteAllLinesAsync(file, lines);
                await ShouldBreakAtAsync(file, 4);
                await File.WriteAllLinesAsync(file, [.. lines[..(first + 3)], .. lines[(first + 4)..]]);
                await ShouldBreakAtAsync(file, 4);
            }
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Fact]
    public async Task Verify_WithoutAKey_ChecksAll()
    {
        await Gateway.CreateKeyAsync();
        await Gateway.CreateKeyAsync();

        var verdicts = (await Cli.RunAsync(Gateway, "ledger", "verify", "--json")).Json().GetProperty("data").EnumerateArray().ToArray();

        verdicts.Length.Should().BeGreaterThanOrEqualTo(2);
        verdicts.Should().OnlyContain(verdict => verdict.Text("verdict") == "ok");
    }

    [Theory]
    [InlineData("nonsense")]
    [InlineData("keys")]
    [InlineData("keys", "create")]
    [InlineData("credit", "key_00000000001", "ten")]
    [InlineData("credit", "key_00000000001", "0")]
    [InlineData("keys", "rotate", "key_00000000001")]
    [InlineData("keys", "limits", "key_00000000001", "--budget", "100/year")]
    [InlineData("keys", "limits", "key_00000000001", "--max-concurrent", "few")]
    [InlineData("keys", "set", "key_00000000001")]
    [InlineData("usage", "key_00000000001", "--group-by", "colour")]
    [InlineData("keys", "list", "--url", "not a url")]
    [InlineData("keys", "list", "--token-file", "/nonexistent/token")]
    public async Task WrongCommandLine_EndsWith2_AndASentence(params string[] args)
    {
        var result = await Cli.RunAsync(Gateway, args);

        result.ExitCode.Should().Be(2);
        result.Errors.Should().NotBeNullOrWhiteSpace().And.NotContain("   at ");
    }

    [Fact]
    public async Task NoTokenIs2_WrongTokenIs1_NoGatewayIs3()
    {
        var url = ("LLMTR_URL", Gateway.Http.BaseAddress!.ToString());
        (await Cli.RunAsync(["keys", "list"], url)).Should().Match<CliResult>(result => result.ExitCode == 2 && result.Errors.Contains("LLMTR_ADMIN_TOKEN"));
        (await Cli.RunAsync(["keys", "list"], url, ("LLMTR_ADMIN_TOKEN", "wrong"))).Should().Match<CliResult>(result => result.ExitCode == 1 && result.Errors.Contains("401"));
        var unreachable = await Cli.RunAsync(["credit", "key_00000000001", "1"], ("LLMTR_URL", "http://127.0.0.1:1"), ("LLMTR_ADMIN_TOKEN", "t"));
        unreachable.ExitCode.Should().Be(3);
        unreachable.Errors.Should().Contain("--id cli-", "a second try must not post twice");
    }

    [Fact]
    public async Task TokenFile_OpensTheGateway()
    {
        var file = Path.GetTempFileName();
        try
        {
            await File.WriteAllTextAsync(file, TestGateway.AdminToken + "\n");
            (await Cli.RunAsync(["keys", "list", "--token-file", file, "--url", Gateway.Http.BaseAddress!.ToString()])).ExitCode.Should().Be(0);
        }
        finally
        {
            File.Delete(file);
        }
    }

    private static async Task ShouldBreakAtAsync(string file, long line)
    {
        var result = await Cli.RunAsync(["ledger", "verify", "--file", file, "--json"]);
        result.ExitCode.Should().Be(1);
        System.Text.Json.JsonSerializer.Deserialize<System.Text.Json.JsonElement>(result.Output).GetProperty("data")[0].Number("wrong_line").Should().Be(line);
    }
}
