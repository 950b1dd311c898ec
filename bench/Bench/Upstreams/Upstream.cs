using LlmTr.Bench.Processes;

namespace LlmTr.Bench.Upstreams;

/// <summary>What stands in xAI's place, and costs almost nothing.</summary>
internal sealed class Upstream(OwnProcess process, Uri address) : IAsyncDisposable
{
    /// <summary>Where it is asked: scheme, host and port.</summary>
    public Uri Address => address;

    /// <summary>nginx with two fixed answers: 1 KB to a small request, 64 KB to one of 100,000 bytes and more.</summary>
    public static async Task<Upstream> StartFixedAnswersAsync(Workplace workplace, CancellationToken cancellation)
    {
        var folder = workplace.Folder("upstream");
        File.WriteAllText(Path.Combine(folder, "small.json"), FixedAnswer.OfLength(1024));
        File.WriteAllText(Path.Combine(folder, "large.json"), FixedAnswer.OfLength(64 * 1024));
        var port = Workplace.FreePort();
        // A file answers no POST, hence the detour by 405, which throws a request's body away unread. A large one must be read to its end before the answer begins, as
        // xAI does: only a proxy reads it, so there nginx asks itself.
        var process = OwnProcess.Start("upstream", workplace.Logs, NginxConfiguration.Command(folder, $$"""
            map $content_length $large { default 0; "~^[0-9]{6,}$" 1; }
            default_type application/json;
            open_file_cache max=10;
            server {
                listen 127.0.0.1:{{port}} backlog=4096;
                root {{folder}};
                location = /v1/responses {
                    error_page 405 =200 /small.json;
                    proxy_method GET;
                    proxy_pass_request_body off;
                    proxy_set_header Content-Length "";
                    if ($large) { proxy_pass http://unix:{{folder}}/large.sock; }
                    return 405;
                }
                location / { }
            }
            server {
                listen unix:{{folder}}/large.sock;
                root {{folder}};
                location / { try_files /large.json =404; }
            }
            """));
        var address = new Uri($"http://127.0.0.1:{port}");
        await process.AnswersAsync(address, cancellation);
        return new Upstream(process, address);
    }

    /// <summary>The program of streams.</summary>
    public static async Task<Upstream> StartStreamsAsync(Workplace workplace, CancellationToken cancellation)
    {
        var address = new Uri($"http://127.0.0.1:{Workplace.FreePort()}");
        var process = OwnProcess.Start("upstream-streams", workplace.Logs, ["dotnet", "bench/XaiStreams/bin/Release/net10.0/LlmTr.XaiStreams.dll", address.GetLeftPart(UriPartial.Authority)]);
        await process.AnswersAsync(address, cancellation);
        return new Upstream(process, address);
    }

    public ValueTask DisposeAsync() => process.DisposeAsync();
}
