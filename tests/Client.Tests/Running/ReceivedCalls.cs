using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;

namespace LlmTr.Client.Tests.Running;

/// <summary>Stands in front of the gateway and keeps what one customer asked it, the client's own repeats included.</summary>
internal sealed class ReceivedCalls : IStartupFilter
{
    private readonly Lock _lock = new();
    private readonly List<Call> _calls = [];
    private string _authorization = "";
    private Action? _beforeAnswers;

    /// <summary>The status of each call in the order in which they came; 0 where none was sent, since the client had left.</summary>
    public IReadOnlyList<int> Statuses
    {
        get
        {
            lock (_lock)
                return [.. _calls.Select(static call => call.Status)];
        }
    }

    /// <summary>Forgets the calls, and keeps those of this key from now on.</summary>
    public void Follow(string key)
    {
        lock (_lock)
        {
            _calls.Clear();
            (_authorization, _beforeAnswers) = ($"Bearer {key}", null);
        }
    }

    /// <summary>Runs an action before the headers of each answer leave.</summary>
    public void BeforeAnswers(Action action)
    {
        lock (_lock)
            _beforeAnswers = action;
    }

    public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => app =>
    {
        app.Use((http, rest) =>
        {
            if (Add(http.Request) is { } call)
                http.Response.OnStarting(() => AnswerAsync(call, http));
            return rest(http);
        });
        next(app);
    };

    private Call? Add(HttpRequest request)
    {
        lock (_lock)
        {
            if (request.Headers.Authorization != _authorization)
                return null;
            var call = new Call();
            _calls.Add(call);
            return call;
        }
    }

    private Task AnswerAsync(Call call, HttpContext http)
    {
        // Kestrel starts an answer that nobody waits for, too.
        if (http.RequestAborted.IsCancellationRequested)
            return Task.CompletedTask;
        Action? action;
        lock (_lock)
        {
            call.Status = http.Response.StatusCode;
            action = _beforeAnswers;
        }

        action?.Invoke();
        return Task.CompletedTask;
    }

    private sealed class Call
    {
        public int Status { get; set; }
    }
}
