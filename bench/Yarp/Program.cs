using Yarp.ReverseProxy.Configuration;

// A proxy that does nothing but pass on: the measure of what Kestrel and HttpClient alone cost. Arguments: where to listen, and the upstream's address.
// The program's own folder: the usual one, where the benchmark was started, is watched for changes with all below it, and every write to a ledger there would wake this process.
var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { ContentRootPath = AppContext.BaseDirectory });
builder.Logging.ClearProviders();
builder.WebHost.UseUrls(args[0]).ConfigureKestrel(static kestrel => kestrel.Limits.MaxRequestBodySize = null);
builder.Services.AddReverseProxy().LoadFromMemory(
    [new RouteConfig { RouteId = "all", ClusterId = "upstream", Match = new RouteMatch { Path = "{**all}" } }],
    [new ClusterConfig { ClusterId = "upstream", Destinations = new Dictionary<string, DestinationConfig> { ["only"] = new() { Address = args[1] } } }]);
var app = builder.Build();
app.MapReverseProxy();
await app.RunAsync();
