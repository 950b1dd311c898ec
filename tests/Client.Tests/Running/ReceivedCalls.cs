using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;

namespace LlmTr.Client.Tests.Running;

/// <summary>Stands in front of the gateway and keeps what one customer asked it, the client's own repeats included.</summary>
internal sealed class ReceivedCalls : IStartupFilter
{
    private readonly Lock _lock = new();
    private readonly List<int> _statuses = [];
    private string _authorization = "";
    private Action<int>? _answering;

    /// <summary>The status of each call in the order in which they came; 0 where none was sent, since the client had left.</summary>
    public IReadOnlyList<int> Statuses
    {
        get
        {
            lock (_lock)
                return [.. _statuses];
        }
    }

    /// <summary>Forgets the calls, and keeps those of this key from now on.</summary>
    public void Follow(string key)
    {
        lock (_lock)
        {
            _statuses.Clear();
            (_authorization, _answering) = ($"Bearer {key}", null);
        }
    }

    /// <summary>Runs an action before the headers of each answer leave.</summary>
    public void BeforeAnswers(Action<int> action)
    {
        lock (_lock)
            _answering = action;
    }

    public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => app =>
    {
        app.Use((http, rest) =>
        {
            if (Add(http.Request) is { } number)
                http.Response.OnStarting(() => AnswerAsync(number, http.Response.StatusCode));
            return rest(http);
        });
        next(app);
    };

    private int? Add(HttpRequest request)
    {
        lock (_lock)
        {
            if (request.Headers.Authorization != _authorization)
                return null;
            _statuses.Add(0);
            return _statuses.Count - 1;
        }
    }

    private Task AnswerAsync(int number, int status)
    {
        Action<int>? answering;
        lock (_lock)
        {
            // The calls of a scenario before may still end in this one.
            if (number < _statuses.Count)
                _statuses[number] = status;
            answering = _answering;
        }

        answering?.Invoke(status);
        return Task.CompletedTask;
    }
}
