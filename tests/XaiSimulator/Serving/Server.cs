using System.Net.Mime;
using System.Text;
using LlmTr.XaiSimulator.Control;
using LlmTr.XaiSimulator.Recording;
using LlmTr.XaiSimulator.Uploads;
using LlmTr.XaiSimulator.Wire;

namespace LlmTr.XaiSimulator.Serving;

/// <summary>The way of every request under <c>/v1</c>: read, record, find its behaviour, hold, delay, decide, bill, send.</summary>
internal sealed class Server(SimulatorOptions options, Script script, Gate gate, FrameSteps steps, BookKeeper books)
{
    private const int LongestBodyWithFiles = 64 * 1024;

    private readonly Delivery _delivery = new(steps, options.Pace, options.Time);

    /// <summary>Serves one request until it has ended.</summary>
    /// <param name="http">The request.</param>
    /// <param name="area">What understands its route.</param>
    /// <param name="stopping">Cancelled when the simulator stops.</param>
    public async Task ServeAsync(HttpContext http, IArea area, CancellationToken stopping)
    {
        using var gone = CancellationTokenSource.CreateLinkedTokenSource(http.RequestAborted, stopping);
        // A client that leaves before its request is complete has asked nothing, and is not recorded.
        var incoming = await ReadAsync(http.Request, area, gone.Token);
        var asked = area.Read(incoming);
        var request = books.Open(number => Record(number, http.Request, incoming, asked));
        var outcome = Outcome.Aborted;
        try
        {
            outcome = await AnswerAsync(http, incoming, asked, request, gone.Token);
        }
        catch (OperationCanceledException) when (gone.IsCancellationRequested)
        {
            http.Abort();
        }
        finally
        {
            books.Close(request, outcome);
        }
    }

    private async Task<Outcome> AnswerAsync(HttpContext http, Incoming incoming, IAsked asked, RecordedRequest request, CancellationToken gone)
    {
        var behaviour = script.Take(incoming.Method, incoming.Path, asked.Prompt, asked.Model);
        string? problem = null;
        try
        {
            behaviour = PromptMarker.Apply(behaviour, asked.MarkerText);
        }
        catch (FormatException exception)
        {
            problem = exception.Message;
        }

        await gate.PassAsync(incoming.Method, incoming.Path, asked.Prompt, asked.Model, gone);
        if (behaviour.Delay > TimeSpan.Zero)
            await Task.Delay(behaviour.Delay, options.Time, gone);

        var turn = new Turn(incoming, behaviour, options.Time.GetUtcNow(), options.ApiKey, options.Errors);
        var reply = (problem is null ? asked.Answer(turn) : Misspelt(problem)) with { RetryAfter = behaviour.RetryAfter };
        books.Bill(request, reply);
        return await _delivery.SendAsync(http, reply, behaviour, request, gone);
    }

    /// <summary>A marker that means nothing is a mistake in a test: it must not pass for a healthy answer.</summary>
    private static Reply Misspelt(string problem) =>
        new(501, MediaTypeNames.Text.Plain, [Encoding.UTF8.GetBytes($"xAI simulator: the prompt's marker cannot be used: {problem}")]);

    private async Task<Incoming> ReadAsync(HttpRequest request, IArea area, CancellationToken cancellationToken)
    {
        var upload = area.TakesUploads ? await UploadReader.ReadAsync(request, cancellationToken) : null;
        var body = upload is null ? await BodyAsync(request, cancellationToken) : default;
        return new Incoming(request.Method, request.Path, request.ContentType, request.Headers.Authorization, body, options.Time.GetUtcNow())
        {
            Upload = upload,
            Origin = $"{request.Scheme}://{request.Host}",
            Range = request.Headers.Range,
            IfRange = request.Headers.IfRange,
        };
    }

    private static async Task<ReadOnlyMemory<byte>> BodyAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        using var body = new MemoryStream((int)Math.Min(request.ContentLength ?? 0, int.MaxValue / 2));
        await request.Body.CopyToAsync(body, cancellationToken);
        return body.GetBuffer().AsMemory(0, (int)body.Length);
    }

    private static RecordedRequest Record(long number, HttpRequest request, Incoming incoming, IAsked asked) => new()
    {
        Number = number,
        Method = incoming.Method,
        Path = incoming.Path + request.QueryString,
        Headers = [.. request.Headers.Select(header => KeyValuePair.Create(header.Key, header.Value.ToString()))],
        Body = asked.Parts.Count > 0 && incoming.Body.Length > LongestBodyWithFiles ? default : incoming.Body,
        BodyBytes = request.ContentLength ?? incoming.Upload?.Parts.Sum(part => part.Bytes) ?? incoming.Body.Length,
        Parts = asked.Parts,
        Facts = asked.Facts,
        Fields = asked.Fields,
        UnknownFields = asked.UnknownFields,
        Model = asked.Model,
    };
}
