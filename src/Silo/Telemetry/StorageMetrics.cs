using System.Diagnostics;
using System.Diagnostics.Metrics;
using LlmTr.Grains.Accounts;
using LlmTr.Grains.Telemetry;

namespace LlmTr.Silo.Telemetry;

/// <summary>What can be asked of the ledger store.</summary>
public enum StorageOperation
{
    /// <summary>The end of an account's ledger.</summary>
    Load,

    /// <summary>Lines behind a position.</summary>
    Append,

    /// <summary>Lines from a sequence number on.</summary>
    Read,

    /// <summary>A snapshot is kept.</summary>
    SaveSnapshot,

    /// <summary>The names of accounts.</summary>
    List,
}

/// <summary>How long the ledger store takes and how often it fails.</summary>
public sealed class StorageMetrics
{
    private readonly Histogram<double> _duration;
    private readonly Histogram<long> _lines;
    private readonly KindCounts<StorageOperation> _failures;
    private readonly KindCounts<Conflict> _conflicts;
    private readonly string[] _names = [.. Enum.GetNames<StorageOperation>().Select(System.Text.Json.JsonNamingPolicy.SnakeCaseLower.ConvertName)];

    /// <summary>Makes the instruments.</summary>
    public StorageMetrics(IMeterFactory meters)
    {
        var meter = meters.Create(GatewayTelemetry.Name);
        _duration = meter.CreateHistogram(
            "llmtr.storage.duration", "s", "Time of one operation of the ledger store, failed ones included.", advice: new InstrumentAdvice<double>
            {
                HistogramBucketBoundaries = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2, 5],
            });
        _lines = meter.CreateHistogram("llmtr.ledger.append.lines", "{line}", "Lines that went out together in one append of one account.", advice: new InstrumentAdvice<long>
        {
            HistogramBucketBoundaries = [1, 2, 4, 8, 16, 32, 64, 128, 256, 1024],
        });
        _failures = new(meter, "llmtr.storage.failures", "{failure}", "operation", "Operations of the ledger store that failed; conflicts are none.");
        _conflicts = new(meter, "llmtr.ledger.conflicts", "{conflict}", "operation", "Appends that were refused because another writer had been there.");
    }

    /// <summary>Records the end of an operation.</summary>
    /// <param name="operation">Which.</param>
    /// <param name="took">How long it took.</param>
    /// <param name="failure">What it threw; null when it went well.</param>
    public void Ended(StorageOperation operation, TimeSpan took, Exception? failure)
    {
        _duration.Record(took.TotalSeconds, new TagList { { "operation", _names[(int)operation] } });
        if (failure is LedgerConflictException)
            _conflicts.Add(Conflict.Append);
        else if (failure is not (null or OperationCanceledException))
            _failures.Add(operation);
    }

    /// <summary>Records how many lines share an append.</summary>
    public void Appending(int lines) => _lines.Record(lines);

    private enum Conflict
    {
        Append,
    }
}
