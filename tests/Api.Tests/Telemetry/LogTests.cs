using System.Text.Json;
using LlmTr.Api.Tests.Processes;
using LlmTr.Api.Tests.Running;
using LlmTr.Api.Tests.Video;
using LlmTr.Grains.Accounts;
using LlmTr.Silo.Sqlite;
using LlmTr.XaiSimulator;
using LlmTr.XaiSimulator.Control;
using LlmTr.XaiSimulator.Wire;
using Microsoft.Extensions.DependencyInjection;

namespace LlmTr.Api.Tests.Telemetry;

/// <summary>Every line that belongs to a request says to which, on both sides of a grain call.</summary>
public sealed class LogTests
{
    [Fact]
    public async Task LinesOfARequest_OnTheFrontEndAndInTheSilo_CarryItsIdAndItsTrace()
    {
        await using var gateway = await TestGateway.StartAsync(
            configuration: new() { ["Logs:Format"] = "json", ["Metering:SettlePatience"] = "00:00:00.100" },
            customize: static builder =>
            {
                JsonLog.AddTo(builder.Services);
                builder.Services.AddSingleton<SqliteLedgerStore>();
                builder.Services.AddSingleton(static services => new FaultyLedgerStore(services.GetRequiredService<SqliteLedgerStore>()));
                builder.Services.AddSingleton<ILedgerStore>(static services => services.GetRequiredService<FaultyLedgerStore>());
            });
        var (key, ledger) = (await gateway.CreateKeyAsync(), gateway.Services.GetRequiredService<FaultyLedgerStore>());
        ledger.IsDown = true;
        using var refused = await key.PostAsync(TestKey.Hello);
        ledger.IsDown = false;
        var log = gateway.Services.GetRequiredService<JsonLog>();

        var id = refused.Header("X-Request-Id");
        var frontEnd = log.Entries("LlmTr.Api.Accounts.AccountClient");
        frontEnd.Should().NotBeEmpty().And.AllSatisfy(entry => JsonLog.Scoped(entry, "request_id").Should().Be(id));
        frontEnd.Should().AllSatisfy(static entry => JsonLog.Scoped(entry, "trace_id").Should().HaveLength(32));
        frontEnd.Select(static entry => entry.Text("Message").Split(' ')[0]).Distinct().Should().Equal("PlaceHold", "Release");
        var silo = log.Entries("LlmTr.Grains.Accounts.ApiKeyGrain");
        silo.Should().NotBeEmpty().And.AllSatisfy(entry => JsonLog.Scoped(entry, "request_id").Should().Be(id));
        log.Lines.Should().AllSatisfy(static line => line.TrimEnd('\n').Should().NotContain("\n"));
    }

    [Fact]
    public async Task LinesOfAVideoJob_CarryTheIdOfTheRequestThatBeganIt()
    {
        await using var gateway = await TestGateway.StartAsync(
            configuration: new(VideoGateway.Fast) { ["Logs:Format"] = "json" }, customize: static builder => JsonLog.AddTo(builder.Services));
        var key = await gateway.CreateKeyAsync();
        gateway.Xai.Enqueue(Behaviour.None with { PollFaults = 2, PollFault = Fault.Credits });
        using var response = await key.StartVideoAsync();
        await response.Content.ReadAsStringAsync();

        // Told once, although xAI said so twice.
        var alarm = gateway.Services.GetRequiredService<JsonLog>().Entries("LlmTr.Grains.Video.DurableVideoJob").Should().ContainSingle().Subject;
        alarm.Text("LogLevel").Should().Be("Critical");
        JsonLog.Scoped(alarm, "request_id").Should().Be(response.Header("X-Request-Id"));
    }

    [Theory]
    [InlineData("json")]
    [InlineData("text")]
    public async Task Program_InEitherForm_WritesOneLineForEachEntryWithTheRequestsId(string format)
    {
        var data = Directory.CreateTempSubdirectory("llmtr-test-").FullName;
        try
        {
            await using var xai = await Simulator.StartAsync();
            xai.Enqueue(Behaviour.None.With("fault", "credits"));
            string id, errors;
            await using (var gateway = await GatewayProcess.StartAsync(xai.BaseUrl, xai.ApiKey, data, ("Logs__Format", format)))
            {
                var key = await gateway.AdminAsync(HttpMethod.Post, "/admin/v1/keys", """{"label":"log","credit_usd":5}""");
                using var response = await gateway.SendAsync(HttpMethod.Post, "/v1/responses", key.Text("key"), TestKey.Hello);
                id = response.Header("X-Request-Id")!;
                await gateway.TerminateAsync();
                (_, errors) = await gateway.EndAsync();
            }

            var lines = errors.Split('\n', StringSplitOptions.RemoveEmptyEntries);
            var alarm = lines.Should().ContainSingle(static line => line.Contains("check the platform key", StringComparison.Ordinal)).Subject;
            if (format == "json")
            {
                lines.Should().AllSatisfy(static line => JsonSerializer.Deserialize<JsonElement>(line).Text("Timestamp").Should().EndWith("Z"));
                JsonLog.Scoped(JsonSerializer.Deserialize<JsonElement>(alarm), "request_id").Should().Be(id);
            }
            else
            {
                alarm.Should().Contain($"request_id={id} trace_id=");
            }
        }
        finally
        {
            Directory.Delete(data, recursive: true);
        }
    }

    [Theory]
    [InlineData("Logs__Format", "xml", "Logs:Format is 'xml', but must be text or json.")]
    [InlineData("Telemetry__Otlp", "yes", "Telemetry:Otlp is 'yes', but must be true or false.")]
    public async Task Program_WithAWrongSetting_EndsWithASentenceThatNamesIt(string name, string value, string sentence)
    {
        var data = Directory.CreateTempSubdirectory("llmtr-test-").FullName;
        try
        {
            await using var gateway = GatewayProcess.Start(("PORT", "0"), ("XAI_BASE_URL", "http://127.0.0.1:9/v1"), ("LLMTR_DATA", data), (name, value));

            (await gateway.EndAsync()).Should().Be((1, sentence + "\n"));
        }
        finally
        {
            Directory.Delete(data, recursive: true);
        }
    }
}
