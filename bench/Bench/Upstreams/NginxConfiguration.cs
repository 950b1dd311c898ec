namespace LlmTr.Bench.Upstreams;

/// <summary>How nginx is run here: one worker, everything in one folder, no log of requests.</summary>
internal static class NginxConfiguration
{
    /// <summary>The command that runs a configuration whose <c>http</c> block holds these directives.</summary>
    public static string[] Command(string folder, string http)
    {
        var path = Path.Combine(folder, "nginx.conf");
        File.WriteAllText(path, $$"""
            {{(Environment.IsPrivilegedProcess ? "user root;" : "")}}
            worker_processes 1;
            worker_rlimit_nofile 16384;
            daemon off;
            pid {{folder}}/nginx.pid;
            error_log {{folder}}/error.log;
            events { worker_connections 8192; }
            http {
                access_log off;
                client_body_temp_path {{folder}}/body;
                proxy_temp_path {{folder}}/proxy;
                fastcgi_temp_path {{folder}}/fastcgi;
                uwsgi_temp_path {{folder}}/uwsgi;
                scgi_temp_path {{folder}}/scgi;
                keepalive_requests 1000000000;
                client_body_buffer_size 512k;
                client_max_body_size 0;
                sendfile on;
                tcp_nopush on;
                {{http}}
            }
            """);
        return ["nginx", "-e", Path.Combine(folder, "start.log"), "-c", path];
    }
}
