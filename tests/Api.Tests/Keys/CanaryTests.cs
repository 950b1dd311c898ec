using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Text;
using LlmTr.Api.Tests.Running;
using LlmTr.Api.Tests.Telemetry;
using LlmTr.Grains.Abstractions;
using LlmTr.XaiSimulator.Control;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace LlmTr.Api.Tests.Keys;

/// <summary>No key, prompt or answer in any log, trace, error, ledger line or file: traffic with canary strings through every ending, then everything that was written is searched.</summary>
public sealed class CanaryTests : IDisposable
{
    private const string Prompt = "canary-prompt-7c1f";
    private const string Answer = "canary-answer-91ab";
    private const string IdempotencyKey = "canary-idempotency-44d0";

    private readonly string _folder = Directory.CreateTempSubdirectory("llmtr-canary-").FullName;
    private readonly Written _written = new();

    public void Dispose()
    {
        _written.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task KeysPromptsAndAnswers_AreWrittenNowhere()
    {
        var secrets = new List<string> { Prompt, Answer, IdempotencyKey, Convert.ToBase64String(Encoding.UTF8.GetBytes(Prompt)) };
        await using (var gateway = await StartAsync())
        {
            secrets.Add(gateway.Xai.ApiKey);
            var key = await gateway.CreateKeyAsync();
            secrets.Add(key.Text[12..]);
            await EveryEndingAsync(gateway, key);
            foreach (var line in await key.SettledLedgerAsync())
                _written.Add(line.GetRawText());
            var kinds = (await key.LedgerAsync()).Select(static entry => entry.Text("kind")).Distinct();
            kinds.Should().BeEquivalentTo("hold_placed", "hold_settled", "hold_released", "unreconciled", "limits_changed", "overrun", "credited", "key_revoked");

            gateway.Xai.Requests.Should().Contain(static request => request.BodyText.Contains(Prompt), "the canaries did travel");
            _written.Answers.Should().Contain(static answer => answer.Contains(Answer), "the canaries did travel");
            var metrics = await gateway.Http.GetStringAsync("/metrics");
            metrics.Should().Contain("llmtr_settlements_total").And.Contain("gen_ai_client_token_usage_sum").And.NotContain(key.Id, "no label names a key");
            _written.Add(metrics);
            await gateway.StopAsync();
            foreach (var line in gateway.Services.GetRequiredService<JsonLog>().Lines)
                _written.Add(line);

            // The data folder is read while the gateway still owns it: afterwards the log of the last writes would be gone.
            foreach (var file in Directory.EnumerateFiles(_folder, "*", SearchOption.AllDirectories).Where(static file => Path.GetFileName(file) != "lock"))
                _written.AddFile(file);
        }

        _written.Count.Should().BeGreaterThan(100, "logs at Trace level and activities were captured");
        _written.Should().Contain(static text => text.Contains("is unreconciled"), "the gateway's own log is among them");
        _written.Should().Contain(static text => text.StartsWith('{') && text.Contains("\"request_id\""), "and the same as JSON");
        _written.Should().Contain(static text => text.Contains("gen_ai.usage.input_tokens="), "and the calls of xAI as spans");
        foreach (var secret in secrets)
            _written.Where(text => text.Contains(secret, StringComparison.OrdinalIgnoreCase)).Should().BeEmpty($"'{secret}' must not be written");
    }

    private async Task EveryEndingAsync(TestGateway gateway, TestKey key)
    {
        foreach (var stream in new[] { false, true })
        {
            foreach (var behaviour in new[]
            {
                Behaviour.None,
                Behaviour.None.With("cost", "omit"),
                Behaviour.None.With("usage", "omit"),
                Behaviour.None.With("fault", "moderated"),
                Behaviour.None.With("fault", "wrong-type"),
                Behaviour.None.With("fault", "grammar"),
                Behaviour.None.With("fault", "wrong-key"),
                Behaviour.None.With("fault", "not-json"),
                Behaviour.None.With("fault", "bad-gateway"),
                Behaviour.None.With("fault", "edge-page"),
                Behaviour.None with { Cut = stream ? BreakPoint.Stream : BreakPoint.Body, After = stream ? 8 : 300 },
                Behaviour.None with { End = Ending.Failed, After = 6 },
                Behaviour.None with { End = Ending.Error, After = 2 },
            })
            {
                gateway.Xai.Enqueue(behaviour with { Answer = Answer });
                await SendAsync(key, Body(stream));
            }
        }

        var audio = Convert.ToBase64String(Encoding.UTF8.GetBytes(Prompt));
        foreach (var behaviour in new[] { Behaviour.None, Behaviour.None.With("fault", "wrong-type"), Behaviour.None.With("fault", "bad-gateway") })
        {
            gateway.Xai.Enqueue(behaviour);
            await SendToAsync("/v1/audio/speech", key, $$"""{"model":"xai/grok-voice-tts","input":"{{Prompt}}"}""");
            gateway.Xai.Enqueue(behaviour with { Answer = Answer });
            await SendToAsync("/v1/audio/transcriptions", key, $$"""{"model":"xai/grok-voice-stt","audio_base64":"{{audio}}","prompt":"{{Prompt}}"}""");
        }

        // Refusals of our own: fields, keys, limits, repeats, a body that is no JSON, too little money. (An unknown word in the place of an item's type is named: it is no prompt.)
        foreach (var body in new[]
        {
            $$"""{"model":"xai/grok-4.3","input":[{"type":"item_reference","id":"{{Prompt}}"}]}""",
            $$"""{"model":"xai/grok-4.3","input":"{{Prompt}}","temperature":"{{Prompt}}"}""",
            $$"""{"model":"xai/grok-4.3","input":"{{Prompt}}""",
            $$"""{"model":"xai/grok-4.3","input":"{{Prompt}}","max_budget_usd":0.0000001}""",
        })
        {
            await SendAsync(key, body);
        }

        await SendAsync(key, Body(false), ("Idempotency-Key", IdempotencyKey));
        await SendAsync(key, Body(false), ("Idempotency-Key", IdempotencyKey));
        await SendAsync(key, Body(true), ("Idempotency-Key", IdempotencyKey));
        await SendAsync(key, Body(false), ("Idempotency-Key", IdempotencyKey + new string('x', 300)));
        await SendAsync(key, Body(false), ("X-LLMTR-Dry-Run", "true"));
        await SendAsync(key with { Text = key.Text[..^1] + (key.Text[^1] == 'A' ? 'B' : 'A') }, Body(false));

        gateway.Xai.Enqueue(Behaviour.None with { Answer = Answer, Cost = CostSwitch.Ticks(60_000_000_000) });
        await SendAsync(key, Body(false));
        await SendAsync(key, Body(false));
        await key.Account().Credit(new Credit { CreditId = "more", Amount = new(50_000_000_000), Actor = "tests" });
        await key.LimitAsync(new KeyLimits { MaxConcurrent = 1, RequestsPerMinute = 1 });
        await SendAsync(key, Body(false));
        await key.Account().Revoke(new RevokeKey { Actor = "tests" });
        await SendAsync(key, Body(false));
    }

    private static string Body(bool stream) => $$"""{"model":"xai/grok-4.3","input":"{{Prompt}}"{{(stream ? ",\"stream\":true" : "")}}}""";

    private Task SendAsync(TestKey key, string body, params (string Name, string Value)[] headers) => SendToAsync("/v1/responses", key, body, headers);

    private async Task SendToAsync(string path, TestKey key, string body, params (string Name, string Value)[] headers)
    {
        using var response = await key.Gateway.SendAsync(HttpMethod.Post, path, key.Text, body, default, headers);
        var text = await response.Content.ReadAsStringAsync();
        foreach (var header in response.Headers)
            _written.Add($"{header.Key}: {string.Join(", ", header.Value)}");

        // What went well is xAI's answer, which is the customer's; what went wrong is ours.
        if (response.IsSuccessStatusCode)
            _written.Answers.Add(text);
        else
            _written.Add(text);
        foreach (var frame in text.Split("\n\n").Where(static frame => frame.StartsWith("event: error", StringComparison.Ordinal)))
            _written.Add(frame);
    }

    private Task<TestGateway> StartAsync() => TestGateway.StartAsync(dataPath: _folder, configuration: new() { ["Logs:Format"] = "json" }, customize: builder =>
    {
        builder.Services.PostConfigure<LoggerFilterOptions>(static options =>
        {
            options.Rules.Clear();
            options.MinLevel = LogLevel.Trace;
        });
        builder.Services.AddSingleton<ILoggerProvider>(_written);
        JsonLog.AddTo(builder.Services);
    });

    /// <summary>Everything that was logged or traced, whatever its category, level or source.</summary>
    private sealed class Written : ConcurrentBag<string>, ILoggerProvider
    {
        private readonly ActivityListener _activities;

        public Written()
        {
            _activities = new ActivityListener
            {
                ShouldListenTo = static _ => true,
                Sample = static (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
                ActivityStopped = activity => Add(string.Join(' ', activity.TagObjects.Concat(activity.Events.SelectMany(static told => told.Tags)).Concat(activity.Baggage.Select(static item => new KeyValuePair<string, object?>(item.Key, item.Value)))
                    .Append(new("", activity.DisplayName)).Append(new("status", activity.StatusDescription)).Select(static tag => string.Create(CultureInfo.InvariantCulture, $"{tag.Key}={tag.Value}")))),
            };
            ActivitySource.AddActivityListener(_activities);
        }

        /// <summary>What the customer was sent of xAI's.</summary>
        public ConcurrentBag<string> Answers { get; } = [];

        // As Latin-1 every byte is a character, so that a text can be searched for in any file.
        public void AddFile(string path)
        {
            using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            using var reader = new StreamReader(file, Encoding.Latin1);
            Add(reader.ReadToEnd());
        }

        public ILogger CreateLogger(string categoryName) => new CapturedLog(this, categoryName);

        public void Dispose() => _activities.Dispose();

        private sealed class CapturedLog(Written written, string category) : ILogger
        {
            public IDisposable? BeginScope<TState>(TState state)
                where TState : notnull
            {
                written.Add($"{category}: {state}");
                return null;
            }

            public bool IsEnabled(LogLevel logLevel) => true;

            public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
            {
                written.Add($"{category}: {formatter(state, exception)} {exception}");
                if (state is IEnumerable<KeyValuePair<string, object?>> values)
                    written.Add(string.Join(' ', values.Select(static value => $"{value.Key}={value.Value}")));
            }
        }
    }
}
