using System.Text.Json;
using LlmTr.Api.Accounts;
using LlmTr.Api.Tests.Admin;
using LlmTr.Api.Tests.Running;
using LlmTr.Grains.Abstractions;
using LlmTr.Grains.Ledgers;
using LlmTr.Money;
using Microsoft.Extensions.DependencyInjection;

namespace LlmTr.Api.Tests.Customer;

/// <summary>What a report reads of a ledger of 20,000,000 entries: never more than it needs, nor than one request may.</summary>
public sealed class LongLedgerTests : IAsyncLifetime
{
    private static readonly DateTimeOffset Today = new(TimeProvider.System.GetUtcNow().UtcDateTime.Date, TimeSpan.Zero);

    private const int PerDay = 1440;

    // What one search by time takes, and the part of a page that was not needed.
    private const int Slack = 2 * 25 + 1000;

    private readonly SyntheticLedger _ledger = new()
    {
        Requests = 10_000_000,
        Step = TimeSpan.FromMinutes(1),
        Start = Today - TimeSpan.FromMinutes(10_000_000),
    };

    private TestGateway _gateway = null!;
    private TestKey _key = null!;

    public async Task InitializeAsync()
    {
        _gateway = await TestGateway.StartAsync(customize: builder => builder.Services.AddSingleton<IIncomingGrainCallFilter>(_ledger));
        _key = await _gateway.CreateKeyAsync();
        _ledger.KeyId = _key.Id;
    }

    public async Task DisposeAsync() => await _gateway.DisposeAsync();

    [Theory]
    [InlineData("customer")]
    [InlineData("csv")]
    [InlineData("admin")]
    public async Task WithoutFrom_TheLast30DaysAreRead(string report)
    {
        using var response = await ReportAsync(report, "");

        response.EnsureSuccessStatusCode();
        _ledger.TakeCount().Lines.Should().BeInRange(2 * 29 * PerDay, (2 * 30 * PerDay) + Slack);
        if (report == "customer")
            (await response.JsonAsync()).GetProperty("meta").Number("total").Should().BeInRange(29 * PerDay, 30 * PerDay);
    }

    [Theory]
    [InlineData("customer")]
    [InlineData("csv")]
    [InlineData("admin")]
    public async Task WithoutFrom_ThirtyDaysUpToTheEndOfToAreRead(string report)
    {
        using var response = await ReportAsync(report, "to=" + Day(400));

        response.EnsureSuccessStatusCode();
        _ledger.TakeCount().Lines.Should().BeInRange(2 * 30 * PerDay, (2 * 30 * PerDay) + Slack);
        var json = report == "csv" ? default : await response.JsonAsync();
        if (report == "customer")
            json.GetProperty("meta").Number("total").Should().Be(30 * PerDay);
        else if (report == "admin")
            json.Rows().Select(static day => day.Number("requests")).Should().Equal(Enumerable.Repeat((long)PerDay, 30));
    }

    [Theory]
    [InlineData("customer")]
    [InlineData("csv")]
    [InlineData("admin")]
    public async Task ATimeOfTooManyEntries_IsRefused_OnceAsManyAsOneRequestMayReadWereRead(string report)
    {
        using var response = await ReportAsync(report, "from=2015-01-01");

        (await response.ErrorAsync()).Should().Be((400, "invalid_request_error", "from"));
        (await response.Content.ReadAsStringAsync()).Should().Contain("closer to each other");
        _ledger.TakeCount().Lines.Should().BeInRange(LedgerReading.MostEntries, LedgerReading.MostEntries + 25);
    }

    [Theory]
    [InlineData("customer")]
    [InlineData("csv")]
    [InlineData("admin")]
    public async Task HoldThatIsOpen_AndCaseThatIs_DoNotMakeTheReportReadToTheEndOfTheLedger(string report)
    {
        var held = Request(400);
        _ledger.LeaveOpen(held);
        _ledger.LeaveUnreconciled(held + 1);

        using var response = await ReportAsync(report, $"from={Day(400)}&to={Day(400)}");

        response.EnsureSuccessStatusCode();
        _ledger.TakeCount().Lines.Should().BeLessThan((2 * PerDay) + Slack);
        if (report == "admin")
        {
            var json = await response.JsonAsync();
            (json.Number("unfinished"), json.Rows().Single().Number("requests")).Should().Be((2, PerDay - 2));
        }
        else if (report == "customer")
        {
            var rows = (await response.JsonAsync()).Rows();
            (Status(rows[0]), Status(rows[1])).Should().Be((null, 504));
        }
    }

    [Fact]
    public async Task CaseThatWasClosedMuchLater_ShowsItsCharge_AsFarAsOneRequestMayRead()
    {
        var (near, far) = (Request(400), Request(400) + 1);
        _ledger.LeaveUnreconciled(near, settledWith: near + (LedgerReading.MostEntries / 4), cost: 70);
        _ledger.LeaveUnreconciled(far, settledWith: far + (LedgerReading.MostEntries / 2), cost: 70);

        using var log = await ReportAsync("customer", $"from={Day(400)}&to={Day(400)}");
        _ledger.TakeCount().Lines.Should().BeInRange(LedgerReading.MostEntries, LedgerReading.MostEntries + 25);
        var rows = (await log.JsonAsync()).Rows();
        rows[0].GetProperty("cost_usd").GetRawText().Should().Be("0.000000007");
        rows[1].GetProperty("cost_usd").GetRawText().Should().Be("0");
        Status(rows[1]).Should().Be(504);

        using var sums = await ReportAsync("admin", $"from={Day(400)}&to={Day(400)}");
        _ledger.TakeCount().Lines.Should().BeInRange(LedgerReading.MostEntries, LedgerReading.MostEntries + 25);
        var json = await sums.JsonAsync();
        (json.Number("unfinished"), json.Rows().Single().Number("requests")).Should().Be((1, PerDay - 1));
    }

    [Fact]
    public async Task RequestAskedForByItsId_TakesAPageOrTwo_WhateverBecameOfIt()
    {
        var (settled, held, unreconciled, unknown) = (Request(400), Request(500), Request(600), Request(700));
        _ledger.LeaveOpen(held);
        _ledger.LeaveUnreconciled(unreconciled);
        _ledger.Replace(SyntheticLedger.EndOf(unknown) - 1, static hold => hold with { Kind = LedgerEntryKind.Credited, RequestId = null });

        foreach (var (request, rows) in new[] { (settled, 1), (held, 1), (unreconciled, 1), (unknown, 0) })
        {
            using var response = await ReportAsync("customer", "request_id=" + _ledger.IdOf(request));
            (await response.JsonAsync()).Rows().Should().HaveCount(rows);
            _ledger.TakeCount().Lines.Should().BeLessThan(2 * Slack);
        }
    }

    [Fact]
    public async Task MomentsNarrowTheTimeToLessThanADay()
    {
        var at = _ledger.AtOf(Request(400));
        using var response = await ReportAsync("customer", $"from={at.AddHours(1):yyyy-MM-ddTHH:mm:ssZ}&to={at.AddHours(2):yyyy-MM-ddTHH:mm:ss.fffZ}");

        (await response.JsonAsync()).GetProperty("meta").Number("total").Should().Be(60);
    }

    [Fact]
    public async Task CountsOfAnOldLedgerThatNoRequestCanHave_StayWithinTheLargestNumber()
    {
        for (var i = 0; i < 3; i++)
            _ledger.Replace(SyntheticLedger.EndOf(Request(400) + i), static end => end with { InputTokens = long.MaxValue - 5, OutputTokens = 9 });

        using var log = await ReportAsync("customer", $"from={Day(400)}&to={Day(400)}");
        using var csv = await ReportAsync("csv", $"from={Day(400)}&to={Day(400)}");
        using var sums = await ReportAsync("admin", $"from={Day(400)}&to={Day(400)}");

        (await log.JsonAsync()).Rows()[0].Number("total_tokens").Should().Be(long.MaxValue);
        (await csv.Content.ReadAsStringAsync()).Split("\r\n")[1].Should().Contain($",{long.MaxValue - 5},9,{long.MaxValue},");
        (await sums.JsonAsync()).Rows().Single().Number("input_tokens").Should().Be(long.MaxValue);
    }

    [Fact]
    public async Task Overruns_AreLookedForPartByPart()
    {
        _ledger.Overruns = new UsdTicks(1);
        _ledger.Replace(LedgerReading.MostEntries + 10, static entry => entry with { Kind = LedgerEntryKind.Overrun });

        var first = await _gateway.GetAsync("/overruns");
        (first.Rows().Length, first.Text("next_after")).Should().Be((0, $"{_key.Id}.{LedgerReading.MostEntries}"));
        _ledger.TakeCount().Lines.Should().Be(LedgerReading.MostEntries);
        var second = await _gateway.GetAsync("/overruns?limit=1&after=" + first.Text("next_after"));
        second.Rows().Single().Number("seq").Should().Be(LedgerReading.MostEntries + 10);
    }

    private static long? Status(JsonElement row) => row.GetProperty("status_code") is { ValueKind: JsonValueKind.Number } code ? code.GetInt64() : null;

    // The first request of a day, counted back from today.
    private long Request(int daysAgo) => _ledger.Requests - ((long)daysAgo * PerDay);

    private string Day(int daysAgo) => _ledger.AtOf(Request(daysAgo)).ToString("yyyy-MM-dd", null);

    private Task<HttpResponseMessage> ReportAsync(string report, string query) => report switch
    {
        "customer" => _gateway.SendAsync(HttpMethod.Get, "/api/usage?" + query, _key.Text, null),
        "csv" => _gateway.SendAsync(HttpMethod.Get, "/api/usage?" + query, _key.Text, null, default, ("Accept", "text/csv")),
        _ => _gateway.AdminAsync(HttpMethod.Get, $"/admin/v1/keys/{_key.Id}/usage?{query}"),
    };
}
