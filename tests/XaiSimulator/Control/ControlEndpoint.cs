using System.Globalization;
using System.Net.Mime;
using System.Text.Json;

namespace LlmTr.XaiSimulator.Control;

/// <summary>The control surface over HTTP, under <c>/_sim</c>: the same as <see cref="Simulator"/> offers in process. It asks for no key, but listens on 127.0.0.1 only.</summary>
internal sealed class ControlEndpoint(Simulator simulator)
{
    /// <summary>Where all its paths begin.</summary>
    public const string Root = "/_sim";

    /// <summary>Serves one control request.</summary>
    public async Task ServeAsync(HttpContext http)
    {
        var cancellationToken = http.RequestAborted;
        var (status, body) = await AnswerAsync(http.Request, cancellationToken);
        http.Response.StatusCode = status;
        if (body is null)
            return;
        http.Response.ContentType = MediaTypeNames.Application.Json;
        http.Response.ContentLength = body.Length;
        await http.Response.Body.WriteAsync(body, cancellationToken);
    }

    private async Task<(int Status, byte[]? Body)> AnswerAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        try
        {
            switch (request.Method, request.Path.Value![Root.Length..])
            {
                case ("POST", "/script"):
                    foreach (var entry in ScriptJson.Read(await BodyAsync(request, cancellationToken)))
                        simulator.Enqueue(entry.Behaviour, entry.Times, entry.Match);
                    return (204, null);
                case ("DELETE", "/script"):
                    simulator.ClearScript();
                    return (204, null);
                case ("POST", "/gate/close"):
                    simulator.Gate.Close(request.ContentLength is null or 0 ? null : ScriptJson.ReadMatch(await BodyAsync(request, cancellationToken)));
                    return (204, null);
                case ("POST", "/gate/open"):
                    simulator.Gate.Open();
                    return (204, null);
                case ("GET", "/gate"):
                    await simulator.Gate.WaitForWaitingAsync(Number(request, "waiting", 0), cancellationToken);
                    return (200, ControlJson.Gate(simulator.Gate));
                case ("POST", "/frames"):
                    simulator.Steps.Allow(Math.Max(1, Number(request, "allow", 1)));
                    return (204, null);
                case ("DELETE", "/files"):
                    simulator.ExpireFiles(Number(request, "status", 403));
                    return (204, null);
                case ("POST", "/videos/finish"):
                    simulator.FinishVideos(request.Query["id"]);
                    return (204, null);
                case ("GET", "/videos"):
                    return (200, ControlJson.Videos(simulator.VideoBooks, simulator.Videos));
                case ("GET", "/requests"):
                    await simulator.WaitForRequestsAsync(Number(request, "arrived", 0), cancellationToken);
                    return (200, ControlJson.Requests(simulator.Requests));
                case ("DELETE", "/requests"):
                    simulator.ForgetRequests();
                    return (204, null);
                case ("GET", "/books"):
                    if (request.Query["idle"] == "true")
                        await simulator.WaitForIdleAsync(cancellationToken);
                    return (200, ControlJson.Books(simulator.Books, simulator.Requests));
                case ("DELETE", "/books"):
                    simulator.ResetBooks();
                    return (204, null);
                default:
                    return (404, ControlJson.Problem("There is no such control; README.md of the simulator lists them."));
            }
        }
        catch (Exception exception) when (exception is FormatException or JsonException or InvalidOperationException)
        {
            return (400, ControlJson.Problem(exception.Message));
        }
    }

    private static async Task<JsonElement> BodyAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        using var document = await JsonDocument.ParseAsync(request.Body, default, cancellationToken);
        return document.RootElement.Clone();
    }

    private static int Number(HttpRequest request, string name, int otherwise)
    {
        string? text = request.Query[name];
        if (text is null)
            return otherwise;
        return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? number
            : throw new FormatException($"{name} takes a whole number.");
    }
}
