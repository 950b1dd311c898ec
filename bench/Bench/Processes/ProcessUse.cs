using System.Globalization;

namespace LlmTr.Bench.Processes;

/// <summary>What processes have taken of the machine, as the kernel counts it.</summary>
/// <param name="Cpu">Time in user mode and in the kernel, in steps of 10 ms.</param>
/// <param name="ResidentBytes">Memory that is in RAM. Pages which processes share count for each.</param>
internal readonly record struct ProcessUse(TimeSpan Cpu, long ResidentBytes)
{
    // proc(5): the number of clock ticks in a second is 100 on every Linux that .NET runs on.
    private const int TicksPerSecond = 100;

    public static ProcessUse operator +(ProcessUse one, ProcessUse other) => new(one.Cpu + other.Cpu, one.ResidentBytes + other.ResidentBytes);

    /// <summary>The use of a process and of all that live below it.</summary>
    public static ProcessUse OfTree(int root)
    {
        var all = Directory.EnumerateDirectories("/proc").Select(Path.GetFileName).Where(static name => int.TryParse(name, out _)).Select(Read!).OfType<Entry>().ToList();
        var use = default(ProcessUse);
        var found = new Queue<int>([root]);
        while (found.TryDequeue(out var pid))
        {
            foreach (var entry in all)
            {
                if (entry.Pid == pid)
                    use += entry.Use;
                else if (entry.Parent == pid)
                    found.Enqueue(entry.Pid);
            }
        }
        return use;
    }

    private static Entry? Read(string pid)
    {
        try
        {
            var stat = File.ReadAllText($"/proc/{pid}/stat");
            // The second field is the program's name in parentheses and may hold anything: the third one begins after the last of them.
            var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
            var ticks = Number(fields[11]) + Number(fields[12]);
            return new Entry((int)Number(pid), (int)Number(fields[1]), new ProcessUse(TimeSpan.FromSeconds((double)ticks / TicksPerSecond), Number(fields[21]) * Environment.SystemPageSize));
        }
        catch (IOException)
        {
            // It has ended meanwhile.
            return null;
        }
    }

    private static long Number(string field) => long.Parse(field, CultureInfo.InvariantCulture);

    private sealed record Entry(int Pid, int Parent, ProcessUse Use);
}
