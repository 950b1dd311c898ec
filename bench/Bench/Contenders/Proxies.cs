using LlmTr.Bench.Processes;
using LlmTr.Bench.Upstreams;

namespace LlmTr.Bench.Contenders;

/// <summary>Those that count nothing: no key, no money, no storage.</summary>
internal static class Proxies
{
    /// <summary>Any text is as good a key as another where nobody looks at it.</summary>
    private static readonly string[] _keys = [.. Enumerable.Range(0, 100).Select(static number => $"llmtr-{number:d60}")];

    private static readonly Uri _path = new("/v1/responses", UriKind.Relative);

    /// <summary>Nothing in between.</summary>
    public static Task<Contender> DirectAsync(Workplace workplace, Uri upstream, CancellationToken cancellation) =>
        Task.FromResult(new Contender { Name = "direct", Address = new Uri(upstream, _path), Keys = _keys, Own = [], Started = [] });

    public static async Task<Contender> NginxAsync(Workplace workplace, Uri upstream, CancellationToken cancellation)
    {
        var address = new Uri($"http://127.0.0.1:{Workplace.FreePort()}");
        var process = OwnProcess.Start("nginx", workplace.Logs, NginxConfiguration.Command(workplace.Folder("nginx"), $$"""
            upstream xai {
                server {{upstream.Authority}};
                keepalive 4096;
                keepalive_requests 1000000000;
            }
            server {
                listen {{address.Authority}} backlog=4096;
                location / {
                    proxy_pass http://xai;
                    proxy_http_version 1.1;
                    proxy_set_header Connection "";
                    proxy_buffer_size 16k;
                    proxy_buffers 8 16k;
                    proxy_read_timeout 600s;
                    # An event must go on as it comes; and YARP sends a body on while it reads it.
                    proxy_buffering off;
                    proxy_request_buffering off;
                }
            }
            """));
        return await ReadyAsync("nginx", process, address, [], compiles: false, cancellation);
    }

    public static async Task<Contender> YarpAsync(Workplace workplace, Uri upstream, CancellationToken cancellation)
    {
        var address = new Uri($"http://127.0.0.1:{Workplace.FreePort()}");
        var process = OwnProcess.Start("yarp", workplace.Logs, ["dotnet", "bench/Yarp/bin/Release/net10.0/LlmTr.Yarp.dll", address.GetLeftPart(UriPartial.Authority), upstream.ToString()]);
        return await ReadyAsync("YARP", process, address, [], compiles: true, cancellation);
    }

    public static async Task<Contender> PortkeyAsync(Workplace workplace, Uri upstream, CancellationToken cancellation)
    {
        var address = new Uri($"http://127.0.0.1:{Workplace.FreePort()}");
        var process = OwnProcess.Start(
            "portkey",
            workplace.Logs,
            ["node", "--import", "./bench/Bench/Contenders/portkey-streams.mjs", "artifacts/portkey/node_modules/@portkey-ai/gateway/build/start-server.js", $"--port={address.Port}", "--headless"],
            new Dictionary<string, string> { ["NODE_ENV"] = "production", ["TRUSTED_CUSTOM_HOSTS"] = "127.0.0.1,localhost" });
        return await ReadyAsync(
            "Portkey", process, address, new() { ["x-portkey-provider"] = "openai", ["x-portkey-custom-host"] = new Uri(upstream, "/v1").ToString() }, compiles: true, cancellation);
    }

    private static async Task<Contender> ReadyAsync(string name, OwnProcess process, Uri address, Dictionary<string, string> headers, bool compiles, CancellationToken cancellation)
    {
        await Starting.GuardAsync([process], () => process.AnswersAsync(address, cancellation));
        return new Contender
        {
            Name = name,
            Address = new Uri(address, _path),
            Keys = _keys,
            Headers = headers,
            Compiles = compiles,
            Own = [process],
            Started = [process],
        };
    }
}
