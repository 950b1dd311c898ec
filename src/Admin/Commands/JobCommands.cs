using System.CommandLine;

namespace LlmTr.Admin.Commands;

/// <summary><c>jobs</c>.</summary>
internal static class JobCommands
{
    private static readonly Table Jobs = new(
        "No video jobs.",
        ("JOB", "id"), ("KEY", "key_id"), ("STATUS", "status"), ("MODEL", "model"), (">SECONDS", "duration_seconds"), (">COST USD", "usage.cost_usd"),
        ("@BEGUN", "created_at"), ("@ENDED", "completed_at"), ("WHY", "error.type"));

    public static Command Make()
    {
        var key = new Option<string?>("--key") { Description = "Only those of a key: its id (key_…), its prefix, or the key itself (only its id is sent)." };
        var status = new Option<string?>("--status") { Description = "queued, in_progress, succeeded, failed or expired." };
        status.AcceptOnlyFromAmong("queued", "in_progress", "succeeded", "failed", "expired");
        return new Command("jobs", "List video jobs, the youngest first.") { key, status }.Does(async (session, parsed, cancellation) =>
        {
            var path = "jobs?limit=1000";
            if (parsed.GetValue(key) is { } name)
                path += $"&key={await session.KeyIdAsync(name, cancellation)}";
            if (parsed.GetValue(status) is { } only)
                path += $"&status={only}";
            return session.Show(await session.Api.AllAsync(path, cancellation), Jobs);
        });
    }
}
