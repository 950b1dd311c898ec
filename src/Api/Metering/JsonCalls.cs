using LlmTr.Api.Errors;
using LlmTr.Api.Keys;
using LlmTr.Api.Requests;
using LlmTr.Xai.Catalogue;

namespace LlmTr.Api.Metering;

/// <summary>Runs the metered calls whose request is a body of JSON.</summary>
internal static class JsonCalls
{
    /// <summary>Turns a body into a request, or says what is wrong with it. Exactly one of the two is returned.</summary>
    /// <param name="body">The whole body, which outlives the call.</param>
    /// <param name="catalogue">What is sold at this moment: a request keeps its prices though the file changes under it.</param>
    /// <param name="metering">What the call will use.</param>
    public delegate (IMeteredRequest? Request, ApiError? Error) Parse(PooledBody body, ModelCatalogue catalogue, MeteringServices metering);

    /// <summary>Reads, parses and runs.</summary>
    /// <param name="http">The request and its response.</param>
    /// <param name="key">The caller's key.</param>
    /// <param name="mostBytes">The largest body in bytes; more is a 413.</param>
    /// <param name="parse">The endpoint's own reading of it.</param>
    public static async Task RunAsync(HttpContext http, PresentedKey key, long mostBytes, Parse parse) =>
        await RunAsync(http, key, await PooledBody.ReadAsync(http, mostBytes), parse);

    /// <summary>Parses and runs.</summary>
    /// <param name="http">The request and its response.</param>
    /// <param name="key">The caller's key.</param>
    /// <param name="received">The body, or why there is none; disposed here.</param>
    /// <param name="parse">The endpoint's own reading of it.</param>
    public static async Task RunAsync(HttpContext http, PresentedKey key, (PooledBody? Body, ApiError? Error) received, Parse parse)
    {
        var metering = http.RequestServices.GetRequiredService<MeteringServices>();
        var (body, error) = received;
        if (body is null)
        {
            await ErrorWriter.WriteAsync(http, error!);
            return;
        }

        // The parsed request points into the body, which must outlive the call.
        using (body)
        {
            (var request, error) = await ParseAsync(http, body, metering, parse);
            if (request is null)
            {
                await ErrorWriter.WriteAsync(http, error!);
                return;
            }

            using var call = new MeteredCall(http, key, request, metering);
            await call.RunAsync();
        }
    }

    private static async ValueTask<(IMeteredRequest? Request, ApiError? Error)> ParseAsync(
        HttpContext http, PooledBody body, MeteringServices metering, Parse parse)
    {
        var length = body.Bytes.Length;
        var large = http.RequestServices.GetRequiredService<LargeBodies>();
        if (!await large.EnterAsync(length, http.RequestAborted))
            return (null, GatewayErrors.TooManyLargeBodies);
        IMeteredRequest? request;
        ApiError? error;
        try
        {
            (request, error) = parse(body, http.RequestServices.GetRequiredService<ModelCatalogue>(), metering);
        }
        finally
        {
            large.Exit(length);
        }

        if (request is { MustBeCounted: true })
            error = await CountAsync(request, large, http.RequestAborted);
        return error is null ? (request, null) : (null, error);
    }

    private static async ValueTask<ApiError?> CountAsync(IMeteredRequest request, LargeBodies large, CancellationToken cancellation)
    {
        if (!await large.EnterAsync(cancellation))
            return GatewayErrors.TooManyLargeBodies;
        try
        {
            return request.Count();
        }
        finally
        {
            large.Exit();
        }
    }
}
