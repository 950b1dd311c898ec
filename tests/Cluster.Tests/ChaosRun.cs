using System.Text.Json;
using LlmTr.Cluster.Tests.Faults;
using LlmTr.Cluster.Tests.Load;
using LlmTr.Cluster.Tests.Topology;

namespace LlmTr.Cluster.Tests;

/// <summary>A cluster under load that is broken again and again, and looked at each time.</summary>
internal sealed class ChaosRun : IAsyncDisposable
{
    private const int Keys = 9, OtherCallers = 4;

    // So long all must have been well before the next fault, so that each is seen by itself.
    private static readonly TimeSpan Calm = TimeSpan.FromSeconds(2);

    // The longest life of a hold as the cluster is configured, and some.
    private static readonly TimeSpan LongestHold = TimeSpan.FromSeconds(85);

    private readonly GrainPlaces _places;
    private readonly LoadBalancer _balancer;
    private readonly Clients _clients;
    private readonly List<FaultReport> _reports = [];
    private TimeSpan _struck;
    private TimeSpan _hit;
    private TimeSpan _lastHold;
    private int _strikes;

    private ChaosRun(TestCluster cluster, GrainPlaces places, IReadOnlyList<CustomerKey> customers)
    {
        (Cluster, _places, Customers) = (cluster, places, customers);
        _balancer = new LoadBalancer(cluster.FrontEnds.Select(static frontEnd => frontEnd.BaseUrl));
        _clients = new Clients(_balancer, Log, customers, OtherCallers);
    }

    public TestCluster Cluster { get; }

    public CallLog Log { get; } = new();

    public IReadOnlyList<CustomerKey> Customers { get; }

    public IReadOnlyList<FaultReport> Reports => _reports;

    /// <summary>Starts the cluster and the load; returns when every key has had answers.</summary>
    public static async Task<ChaosRun> StartAsync(ClusterBuild build)
    {
        var cluster = await TestCluster.StartAsync(build, silos: 3, frontEnds: 2);
        try
        {
            var customers = new List<CustomerKey>();
            for (var i = 0; i < Keys; i++)
                customers.Add(await MakeCustomerAsync(cluster));
            var run = new ChaosRun(cluster, await cluster.ConnectAsync(), customers);
            await run.WarmUpAsync();
            return run;
        }
        catch
        {
            await cluster.DisposeAsync();
            throw;
        }
    }

    /// <summary>Strikes once, and looks at what it did.</summary>
    public async Task<FaultReport> StrikeAsync(Fault fault)
    {
        var places = await PlacesAsync();

        // Each in turn, but a silo without a key would show nothing.
        var silos = Cluster.Silos.Where(silo => places.ContainsValue(silo.SiloPort)).ToArray();
        var strike = new Strike(Cluster, silos[_strikes % silos.Length], Cluster.FrontEnds[_strikes % Cluster.FrontEnds.Count], () => _struck = _hit = Log.Now, () => _hit = Log.Now, member => _balancer.WaitUntilSendsToAsync(member.BaseUrl));
        _strikes++;
        HashSet<CustomerKey> victims = fault.HitsSilo ? [.. places.Where(place => place.Value == strike.Silo.SiloPort).Select(static place => place.Key)] : [];
        await fault.StrikeAsync(strike);
        await Cluster.WaitUntilReadyAsync();
        var mended = Log.Now;

        // What still fails for this fault must not be counted for the next one.
        await Log.WaitForCallsUntilAsync(mended);
        await Task.Delay(Calm);
        _lastHold = mended;
        var report = FaultReport.Of(fault, fault.HitsSilo ? strike.Silo.Name : "", victims, _struck, _hit, mended, Log);
        _reports.Add(report);
        return report;
    }

    /// <summary>Ends the load, waits until what the faults left behind is past its deadlines, and judges.</summary>
    public async Task<Audit.Audit> JudgeAsync()
    {
        await _clients.FinishAsync();

        // Holds of processes that died are open until their deadlines; a read after that shows them as expired.
        while (Log.Now < _lastHold + LongestHold && await HasOpenHoldsAsync())
            await Task.Delay(TimeSpan.FromSeconds(1));
        return await Audit.Audit.OfAsync(Cluster, Log, Customers);
    }

    public async ValueTask DisposeAsync()
    {
        await _clients.DisposeAsync();
        await _balancer.DisposeAsync();
        await _places.DisposeAsync();
        await Cluster.DisposeAsync();
    }

    private static async Task<CustomerKey> MakeCustomerAsync(TestCluster cluster)
    {
        var key = await cluster.AdminJsonAsync(HttpMethod.Post, "/admin/v1/keys", """{"label":"chaos","credit_usd":"1000"}""");
        return new CustomerKey(key.GetProperty("id").GetString()!, key.GetProperty("key").GetString()!);
    }

    private async Task WarmUpAsync()
    {
        // Cold processes are slow: what they do then says nothing about faults.
        const int answersOfEach = 20;
        while (Customers.Any(key => Log.Calls.Count(call => call.Key == key && call.IsGood) < answersOfEach))
        {
            if (Log.Now > TimeSpan.FromMinutes(1))
                throw new TimeoutException($"The load does not come up: {FaultReport.Why(Log.Calls.Where(static call => !call.IsGood))}\n{Cluster.LogTails()}");
            await Task.Delay(TimeSpan.FromMilliseconds(100));
        }
    }

    private async Task<Dictionary<CustomerKey, int?>> PlacesAsync()
    {
        var places = new Dictionary<CustomerKey, int?>();
        foreach (var key in Customers)
            places.Add(key, await _places.SiloPortOfAsync(key.Id));
        return places;
    }

    private async Task<bool> HasOpenHoldsAsync()
    {
        foreach (var key in Customers)
        {
            JsonElement account = await Cluster.AdminJsonAsync(HttpMethod.Get, $"/admin/v1/keys/{key.Id}");
            if (account.GetProperty("held_ticks").GetInt64() > 0)
                return true;
        }

        return false;
    }
}
