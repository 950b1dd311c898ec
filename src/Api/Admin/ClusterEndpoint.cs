using System.Reflection;
using LlmTr.Api.Requests;
using LlmTr.Grains.Abstractions.Cluster;

namespace LlmTr.Api.Admin;

/// <summary><c>GET /admin/v1/cluster</c>: which silos there are, what each runs and how it is.</summary>
internal static class ClusterEndpoint
{
    // Another grain of Orleans' own answers for all silos; one that hangs must not take the page with it.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(6);

    private static readonly string OwnVersion =
        typeof(ClusterEndpoint).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "unknown";

    public static async Task ReadAsync(HttpContext http)
    {
        RequestQuery.Of(http);
        var grains = http.RequestServices.GetRequiredService<IGrainFactory>();
        var clock = http.RequestServices.GetRequiredService<TimeProvider>();
        MembershipEntry[] members;
        try
        {
            members = await grains.GetGrain<IManagementGrain>(0).GetDetailedHosts().WaitAsync(Patience, clock, http.RequestAborted);
        }
        catch (Exception exception) when (exception is TimeoutException or OrleansException or InvalidOperationException or ArgumentException)
        {
            throw new Grains.Abstractions.AccountUnavailableException("No silo answers.", exception);
        }

        var alive = members.Where(static member => member.Status == SiloStatus.Active).Select(static member => member.SiloAddress).ToArray();
        var activations = await ActivationsAsync(grains, alive, clock, http.RequestAborted);
        var silos = await Task.WhenAll(members
            .OrderBy(static member => member.Status).ThenBy(static member => member.StartTime)
            .Select(member => SiloAsync(grains, member, activations, clock, http.RequestAborted)));
        await http.AnswerAsync(new ClusterAnswer(OwnVersion, clock.GetUtcNow().UtcDateTime, silos), AdminAnswerJson.Default.ClusterAnswer);
    }

    private static async Task<ILookup<SiloAddress, SimpleGrainStatistic>?> ActivationsAsync(
        IGrainFactory grains, SiloAddress[] alive, TimeProvider clock, CancellationToken cancellation)
    {
        try
        {
            var counts = await grains.GetGrain<IManagementGrain>(0).GetSimpleGrainStatistics(alive, cancellation).WaitAsync(Patience, clock, cancellation);
            return counts.ToLookup(static count => count.SiloAddress);
        }
        catch (Exception exception) when (exception is TimeoutException or OrleansException)
        {
            return null;
        }
    }

    private static async Task<SiloAnswer> SiloAsync(
        IGrainFactory grains, MembershipEntry member, ILookup<SiloAddress, SimpleGrainStatistic>? activations, TimeProvider clock, CancellationToken cancellation)
    {
        var told = member.Status == SiloStatus.Active ? await ToldAsync(grains, member.SiloAddress, clock, cancellation) : null;
        return new SiloAnswer(
            member.SiloName,
            member.SiloAddress.ToParsableString(),
            member.Status.ToString().ToLowerInvariant(),
            Utc(member.StartTime),
            Utc(member.IAmAliveTime),
            told?.Version,
            told?.Clock.UtcDateTime,
            activations is null || told is null ? null : activations[member.SiloAddress].Where(static count => IsOurs(count.GrainType))
                .GroupBy(static count => Short(count.GrainType), StringComparer.Ordinal)
                .ToDictionary(static group => group.Key, static group => group.Sum(static count => count.ActivationCount), StringComparer.Ordinal));
    }

    private static async Task<SiloView?> ToldAsync(IGrainFactory grains, SiloAddress silo, TimeProvider clock, CancellationToken cancellation)
    {
        try
        {
            return await grains.GetGrain<ISiloGrain>(silo.ToParsableString()).Read().WaitAsync(Patience, clock, cancellation);
        }
        catch (Exception exception) when (exception is TimeoutException or OrleansException)
        {
            // Told by its absence: a silo that the table calls active and that does not answer.
            return null;
        }
    }

    private static bool IsOurs(string grainType) => grainType.StartsWith("LlmTr.", StringComparison.Ordinal);

    private static string Short(string grainType)
    {
        var name = grainType.Split(',')[0];
        return name[(name.LastIndexOf('.') + 1)..];
    }

    private static DateTime Utc(DateTime time) => DateTime.SpecifyKind(time, DateTimeKind.Utc);
}

/// <summary>The cluster as this front end sees it.</summary>
internal sealed record ClusterAnswer(string FrontEndVersion, DateTime FrontEndClock, IReadOnlyList<SiloAnswer> Silos);

/// <summary>One silo. What it did not tell itself is null.</summary>
internal sealed record SiloAnswer(
    string Name, string Address, string Status, DateTime StartedAt, DateTime LastAliveAt, string? Version, DateTime? Clock, IReadOnlyDictionary<string, int>? Activations);
