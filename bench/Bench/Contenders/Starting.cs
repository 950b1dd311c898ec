using LlmTr.Bench.Processes;

namespace LlmTr.Bench.Contenders;

/// <summary>Half a start leaves nothing running.</summary>
internal static class Starting
{
    /// <summary>Does what remains of a start, and ends what was started where that fails.</summary>
    public static async Task GuardAsync(IReadOnlyList<OwnProcess> started, Func<Task> remains)
    {
        try
        {
            await remains();
        }
        catch
        {
            foreach (var process in started.Reverse())
                await process.DisposeAsync();
            throw;
        }
    }
}
