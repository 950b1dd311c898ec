using System.Globalization;
using System.Text;
using LlmTr.Cluster.Tests.Faults;

namespace LlmTr.Cluster.Tests;

/// <summary>A run as a table for the documentation.</summary>
internal static class ChaosReport
{
    public static string Of(IReadOnlyList<FaultReport> reports, Audit.Audit audit)
    {
        var text = new StringBuilder();
        text.AppendLine("| fault | times | calls meanwhile | failed | beyond the target | longest gap, its keys | longest gap, other keys |");
        text.AppendLine("|---|---|---|---|---|---|---|");
        foreach (var group in reports.GroupBy(static report => report.Fault.Name))
        {
            var failed = group.SelectMany(static report => report.Failed).ToArray();
            var why = failed.Length == 0 ? "0" : $"{failed.Length} ({FaultReport.Why(failed)})";
            var ofVictim = group.Max(static report => report.LongestGapOfVictim);
            text.AppendLine(
                CultureInfo.InvariantCulture,
                $"| {group.Key} | {group.Count()} | {group.Sum(static report => report.Calls)} | {why} | {group.Sum(static report => report.BeyondTarget.Count)} | {Seconds(ofVictim)} | {Seconds(group.Max(static report => report.LongestGap))} |");
        }

        text.AppendLine().AppendLine(audit.Summary + ".");
        text.AppendLine(audit.Findings.Count == 0 ? "Invariants: all hold." : $"Invariants: {audit.Findings.Count} findings.");
        return text.ToString();
    }

    private static string Seconds(TimeSpan? time) => time is { } gap ? string.Create(CultureInfo.InvariantCulture, $"{gap.TotalSeconds:F1} s") : "–";
}
