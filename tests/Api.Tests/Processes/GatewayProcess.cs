using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;

namespace LlmTr.Api.Tests.Processes;

/// <summary>The gateway as the program that it is, so that it can be killed. It is killed at the latest when this object goes.</summary>
public sealed class GatewayProcess : IAsyncDisposable
{
    private const string AdminToken = "admin-token-of-the-tests";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly Process _process;
    private readonly Task<string> _errors;

    private GatewayProcess(Process process)
    {
        _process = process;
        _errors = process.StandardError.ReadToEndAsync();
    }

    public HttpClient Http { get; } = new(new SocketsHttpHandler()) { Timeout = TimeSpan.FromSeconds(60) };

    /// <summary>The memory that the process has in use, bytes.</summary>
    public long WorkingSetBytes
    {
        get
        {
            _process.Refresh();
            return _process.WorkingSet64;
        }
    }

    /// <summary>The processor time that it has used.</summary>
    public TimeSpan ProcessorTime
    {
        get
        {
            _process.Refresh();
            return _process.TotalProcessorTime;
        }
    }

    /// <summary>Starts the program and does not wait for anything.</summary>
    public static GatewayProcess Start(params (string Name, string Value)[] environment)
    {
        var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "LlmTr.Api.dll")])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var name in (string[])["PORT", "XAI_API_KEY", "XAI_BASE_URL", "LLMTR_DATA", "LLMTR_ADMIN_TOKEN", "LLMTR_MODELS", "LLMTR_SIGNING_SECRET"])
            start.Environment.Remove(name);
        start.Environment["LLMTR_ADMIN_TOKEN"] = AdminToken;
        foreach (var (name, value) in environment)
            start.Environment[name] = value;
        return new GatewayProcess(Process.Start(start)!);
    }

    /// <summary>Starts the program on a free port and waits until it answers.</summary>
    public static async Task<GatewayProcess> StartAsync(Uri xai, string xaiKey, string dataPath, params (string Name, string Value)[] more)
    {
        var gateway = Start([("PORT", "0"), ("XAI_BASE_URL", xai.ToString()), ("XAI_API_KEY", xaiKey), ("LLMTR_DATA", dataPath), .. more]);
        using var limit = new CancellationTokenSource(Patience);
        while (await gateway._process.StandardOutput.ReadLineAsync(limit.Token) is { } line)
        {
            if (line.Contains("Base URL", StringComparison.Ordinal))
            {
                gateway.Http.BaseAddress = new Uri(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[^1]);
                _ = gateway._process.StandardOutput.ReadToEndAsync(CancellationToken.None);
                return gateway;
            }
        }

        throw new InvalidOperationException("The gateway did not start: " + await gateway._errors);
    }

    /// <summary>Waits for the end of the program: its exit code, and what it wrote to its error stream.</summary>
    public async Task<(int ExitCode, string Errors)> EndAsync()
    {
        using var limit = new CancellationTokenSource(Patience);
        await _process.WaitForExitAsync(limit.Token);
        return (_process.ExitCode, await _errors);
    }

    /// <summary><c>kill -9</c>.</summary>
    public async Task KillAsync()
    {
        _process.Kill();
        await EndAsync();
    }

    /// <summary><c>kill -TERM</c>; does not wait.</summary>
    public async Task TerminateAsync()
    {
        using var kill = Process.Start("kill", ["-TERM", _process.Id.ToString(CultureInfo.InvariantCulture)]);
        await kill.WaitForExitAsync();
    }

    public async Task<HttpResponseMessage> SendAsync(HttpMethod method, string path, string bearer, string? body = null)
    {
        using var request = new HttpRequestMessage(method, path);
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", bearer);
        if (body is not null)
            request.Content = new StringContent(body, Encoding.UTF8, "application/json");
        return await Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
    }

    public async Task<JsonElement> AdminAsync(HttpMethod method, string path, string? body = null)
    {
        using var response = await SendAsync(method, path, AdminToken, body);
        response.EnsureSuccessStatusCode();
        return JsonSerializer.Deserialize<JsonElement>(await response.Content.ReadAsStringAsync());
    }

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        if (!_process.HasExited)
            await KillAsync();
        _process.Dispose();
    }
}
