using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace LlmTr.Admin;

/// <summary>The gateway's admin API, and nothing else of the gateway: what works against one process works against a cluster.</summary>
internal sealed class AdminApi : IDisposable
{
    private const string NextSeqHeader = "X-LLMTR-Next-Seq";
    private const string BrokenHeader = "X-LLMTR-Ledger-Broken";

    private readonly HttpClient _http;
    private readonly Uri _url;

    public AdminApi(Uri url, string token, string? actor)
    {
        _url = url;
        _http = new HttpClient { BaseAddress = new Uri(url, "/admin/v1/"), Timeout = TimeSpan.FromSeconds(60) };
        _http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
        if (actor is not null)
            _http.DefaultRequestHeaders.Add("X-LLMTR-Actor", actor);
    }

    public Task<JsonElement> GetAsync(string path, CancellationToken cancellation) => JsonAsync(HttpMethod.Get, path, null, null, cancellation);

    public Task<JsonElement> PostAsync(string path, JsonObject body, CancellationToken cancellation, string? idempotencyKey = null) =>
        JsonAsync(HttpMethod.Post, path, body, idempotencyKey, cancellation);

    public Task<JsonElement> PatchAsync(string path, JsonObject body, CancellationToken cancellation) =>
        JsonAsync(HttpMethod.Patch, path, body, null, cancellation);

    /// <summary>All rows of a list, page after page.</summary>
    public async Task<Listing> AllAsync(string path, CancellationToken cancellation)
    {
        var all = new Listing([], []);
        for (string? after = ""; after is not null;)
        {
            var page = await GetAsync(after.Length == 0 ? path : $"{path}{(path.Contains('?', StringComparison.Ordinal) ? '&' : '?')}after={Uri.EscapeDataString(after)}", cancellation);
            all.Add(page);
            after = page.GetProperty("next_after").GetString();
        }

        return all;
    }

    /// <summary>A part of a ledger in a form of text; where the next part begins, null at the end; and what is wrong with the ledger where the gateway does not open it, else null.</summary>
    public async Task<(byte[] Text, long? NextSeq, string? Broken)> LedgerAsync(string keyId, long fromSeq, string mediaType, CancellationToken cancellation)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, $"keys/{keyId}/ledger?from_seq={fromSeq}&limit=1000");
        request.Headers.Accept.ParseAdd(mediaType);
        using var response = await SendAsync(request, cancellation);
        var next = response.Headers.TryGetValues(NextSeqHeader, out var values) && long.TryParse(values.First(), out var seq) ? seq : (long?)null;
        var broken = response.Headers.TryGetValues(BrokenHeader, out var why) ? string.Join(' ', why) : null;
        return (await response.Content.ReadAsByteArrayAsync(cancellation), next, broken);
    }

    public void Dispose() => _http.Dispose();

    private async Task<JsonElement> JsonAsync(HttpMethod method, string path, JsonObject? body, string? idempotencyKey, CancellationToken cancellation)
    {
        using var request = new HttpRequestMessage(method, path);
        if (body is not null)
            request.Content = new StringContent(body.ToJsonString(), Encoding.UTF8, "application/json");
        if (idempotencyKey is not null)
            request.Headers.TryAddWithoutValidation("Idempotency-Key", idempotencyKey);
        using var response = await SendAsync(request, cancellation);
        try
        {
            return JsonSerializer.Deserialize<JsonElement>(await response.Content.ReadAsByteArrayAsync(cancellation));
        }
        catch (JsonException)
        {
            throw NotAGateway();
        }
    }

    private async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellation)
    {
        HttpResponseMessage response;
        try
        {
            response = await _http.SendAsync(request, cancellation);
        }
        catch (HttpRequestException exception)
        {
            throw Unreachable(exception.Message);
        }
        catch (TaskCanceledException) when (!cancellation.IsCancellationRequested)
        {
            throw Unreachable("no answer came in time");
        }

        if (response.IsSuccessStatusCode)
            return response;
        using (response)
        {
            var message = Message(await response.Content.ReadAsByteArrayAsync(cancellation)) ?? throw NotAGateway();
            throw new CommandFailureException(
                response.StatusCode == HttpStatusCode.ServiceUnavailable ? ExitCode.Unreachable : ExitCode.Refused, $"{message} ({(int)response.StatusCode})");
        }
    }

    private CommandFailureException Unreachable(string why) => new(
        ExitCode.Unreachable, $"The gateway at {_url} cannot be reached ({why.TrimEnd('.')}). Start it, or say where it is with --url or LLMTR_URL.");

    private CommandFailureException NotAGateway() => new(
        ExitCode.Unreachable, $"What answers at {_url} is not this gateway's admin API. Say where it is with --url or LLMTR_URL.");

    private static string? Message(byte[] body)
    {
        try
        {
            return JsonSerializer.Deserialize<JsonElement>(body).GetProperty("error").GetProperty("message").GetString();
        }
        catch (Exception exception) when (exception is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            return null;
        }
    }
}
