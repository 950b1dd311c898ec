using LlmTr.Bench.Processes;

namespace LlmTr.Bench.Contenders;

/// <summary>This gateway, with all that it does: authentication, durable holds and settlements, the ledger.</summary>
internal static class Gateways
{
    private const string Api = "src/Api/bin/Release/net10.0/LlmTr.Api.dll";
    private const string Silo = "src/Silo/bin/Release/net10.0/LlmTr.Silo.dll";

    /// <summary>One process with its ledger in SQLite, <c>synchronous=FULL</c>.</summary>
    public static async Task<Contender> EmbeddedAsync(Workplace workplace, Uri upstream, CancellationToken cancellation)
    {
        var address = new Uri($"http://127.0.0.1:{Workplace.FreePort()}");
        var process = OwnProcess.Start("embedded", workplace.Logs, ["dotnet", Api], FrontEnd(workplace.Folder("embedded"), address, upstream));
        return await ReadyAsync("embedded", address, [], [process], [address], cancellation);
    }

    /// <summary>A front end and a silo, with membership in Redis and the ledger in Azurite, which stands for a storage account.</summary>
    public static async Task<Contender> ClusterAsync(Workplace workplace, Uri upstream, CancellationToken cancellation)
    {
        var folder = workplace.Folder("cluster");
        var (redisPort, azurite) = (Workplace.FreePort(), new Uri($"http://127.0.0.1:{Workplace.FreePort()}"));
        List<OwnProcess> needed =
        [
            OwnProcess.Start("redis", workplace.Logs, ["redis-server", "--bind", "127.0.0.1", "--port", $"{redisPort}", "--dir", folder, "--save", "", "--appendonly", "yes"]),
            OwnProcess.Start("azurite", workplace.Logs, [
                "node", "artifacts/azurite/node_modules/azurite/dist/src/blob/main.js", "--blobHost", "127.0.0.1", "--blobPort", $"{azurite.Port}",
                "--location", Path.Combine(folder, "azurite"), "--skipApiVersionCheck", "--disableTelemetry", "--silent"]),
        ];
        await Starting.GuardAsync(needed, () => needed[1].AnswersAsync(azurite, cancellation));

        // The account and its key are Azurite's, published, and open nothing else.
        var cluster = new Dictionary<string, string>
        {
            ["Cluster__Mode"] = "Redis",
            ["Cluster__Redis"] = $"127.0.0.1:{redisPort}",
            ["Azure__ConnectionString"] = "DefaultEndpointsProtocol=http;AccountName=devstoreaccount1;AccountKey="
                + $"Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==;BlobEndpoint={azurite}devstoreaccount1;",
        };
        var (siloAddress, address) = (new Uri($"http://127.0.0.1:{Workplace.FreePort()}"), new Uri($"http://127.0.0.1:{Workplace.FreePort()}"));
        var silo = OwnProcess.Start("silo", workplace.Logs, ["dotnet", Silo], new Dictionary<string, string>(cluster)
        {
            ["HOST"] = "127.0.0.1",
            ["PORT"] = $"{siloAddress.Port}",
            ["Cluster__Address"] = "127.0.0.1",
            ["Cluster__SiloPort"] = $"{Workplace.FreePort()}",
            ["Cluster__GatewayPort"] = $"{Workplace.FreePort()}",
            ["XAI_API_KEY"] = "xai-none",
            ["XAI_BASE_URL"] = new Uri(upstream, "/v1").ToString(),
        });
        var frontEnd = OwnProcess.Start("front-end", workplace.Logs, ["dotnet", Api], new Dictionary<string, string>([.. cluster, .. FrontEnd(folder, address, upstream)]));
        return await ReadyAsync("front end + silo", address, needed, [silo, frontEnd], [siloAddress, address], cancellation);
    }

    private static Dictionary<string, string> FrontEnd(string data, Uri address, Uri upstream) => new()
    {
        ["HOST"] = "127.0.0.1",
        ["PORT"] = $"{address.Port}",
        ["LLMTR_DATA"] = data,
        ["LLMTR_ADMIN_TOKEN"] = AdminApi.Token,
        ["LLMTR_SIGNING_SECRET"] = "a secret that signs the keys of one benchmark",
        ["XAI_API_KEY"] = "xai-none",
        ["XAI_BASE_URL"] = new Uri(upstream, "/v1").ToString(),
    };

    private static async Task<Contender> ReadyAsync(
        string name, Uri address, IReadOnlyList<OwnProcess> needed, IReadOnlyList<OwnProcess> own, IReadOnlyList<Uri> telling, CancellationToken cancellation)
    {
        OwnProcess[] all = [.. needed, .. own];
        var keys = new List<string>();
        var admin = new AdminApi(address);
        await Starting.GuardAsync(all, async () =>
        {
            await own[^1].AnswersAsync(new Uri(address, "/health/ready"), cancellation, mustSucceed: true);
            while (keys.Count < 100)
                keys.Add(await admin.MakeKeyAsync("10000", cancellation));
        });
        return new Contender
        {
            Name = name,
            Address = new Uri(address, "/v1/responses"),
            Keys = keys,
            MakeKeyAsync = admin.MakeKeyAsync,
            Compiles = true,
            Own = own,
            Started = all,
            Metrics = [.. telling.Select(static one => new Uri(one, "/metrics"))],
        };
    }
}
