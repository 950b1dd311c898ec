namespace LlmTr.Api.Errors;

/// <summary>Whatever goes wrong, the client gets the envelope: never an empty body, never a stack trace.</summary>
internal static partial class ErrorMiddleware
{
    public static void UseErrorEnvelope(this IApplicationBuilder app)
    {
        var logger = app.ApplicationServices.GetRequiredService<ILoggerFactory>().CreateLogger("LlmTr.Api.Errors");
        app.Use(async (http, next) =>
        {
            try
            {
                await next(http);
                if (Missing(http) is { } error)
                    await ErrorWriter.WriteAsync(http, error);
            }
            catch (Exception) when (http.RequestAborted.IsCancellationRequested)
            {
                LogClientLeft(logger, http.Request.Method, http.Request.Path);
            }
            catch (BadHttpRequestException exception) when (!http.Response.HasStarted)
            {
                await ErrorWriter.WriteAsync(http, GatewayErrors.BodyNotRead("it is malformed or came too slowly.") with { Status = exception.StatusCode });
            }
            catch (Exception exception)
            {
                LogFault(logger, http.Request.Method, http.Request.Path, exception);
                if (http.Response.HasStarted)
                    http.Abort();
                else
                    await ErrorWriter.WriteAsync(http, GatewayErrors.Internal);
            }
        });
    }

    // Routing answers with a bare status where no route matches.
    private static ApiError? Missing(HttpContext http)
    {
        if (http.Response.HasStarted || http.GetEndpoint() is RouteEndpoint)
            return null;
        return http.Response.StatusCode switch
        {
            StatusCodes.Status404NotFound => GatewayErrors.NotFound(http.Request.Path),
            StatusCodes.Status405MethodNotAllowed => GatewayErrors.MethodNotAllowed(http.Request.Method, http.Request.Path),
            _ => null,
        };
    }

    [LoggerMessage(LogLevel.Information, "{Method} {Path}: the client left.")]
    private static partial void LogClientLeft(ILogger logger, string method, string path);

    [LoggerMessage(LogLevel.Error, "{Method} {Path} failed.")]
    private static partial void LogFault(ILogger logger, string method, string path, Exception exception);
}
