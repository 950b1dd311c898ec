using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using LlmTr.Api.Accounts;
using LlmTr.Api.Errors;
using LlmTr.Api.Keys;
using LlmTr.Api.Requests;
using LlmTr.Grains.Abstractions;
using LlmTr.Money;

namespace LlmTr.Api.Admin;

/// <summary>What operators can do: <c>/admin/v1</c>. <see cref="AdminGuard"/> has checked the token before anything here runs.</summary>
internal static class AdminEndpoints
{
    private const string Actor = "admin";
    private const int MaxBodyBytes = 64 * 1024;
    private const int MaxLabelChars = 200, MaxReferenceChars = 200, MaxNoteChars = 1000, MaxIdempotencyKeyChars = 255;
    private const int DefaultLedgerPage = 100, MaxLedgerPage = 1000;

    /// <summary>Maps the routes.</summary>
    public static void MapAdmin(this IEndpointRouteBuilder routes)
    {
        var admin = routes.MapGroup("/admin/v1");
        admin.MapPost("/keys", CreateKeyAsync);
        admin.MapGet("/keys/{id}", ReadKeyAsync);
        admin.MapPost("/keys/{id}/credits", CreditAsync);
        admin.MapGet("/keys/{id}/ledger", ReadLedgerAsync);
    }

    private static async Task CreateKeyAsync(HttpContext http, AccountClient accounts, KeyFormat keys)
    {
        var (request, error) = await ReadAsync(http, AdminJson.Default.CreateKeyRequest);
        if (request is null)
        {
            await ErrorWriter.WriteAsync(http, error!);
            return;
        }

        error = TextError("label", request.Label, MaxLabelChars, required: true)
            ?? (request.CreditUsd is { IsNegative: true } ? Invalid("credit_usd", "credit_usd must be zero or more.") : null);
        if (error is not null)
        {
            await ErrorWriter.WriteAsync(http, error);
            return;
        }

        var issued = keys.New();
        var reply = await accounts.RepeatAsync(issued.KeyId, new IssueKey
        {
            Secret = issued.Secret,
            Prefix = issued.Prefix,
            Label = request.Label!,
            Credit = request.CreditUsd ?? UsdTicks.Zero,
            Actor = Actor,
        }, static (account, command) => account.Issue(command), http.RequestAborted);
        if (reply is not { Outcome: OperatorOutcome.Done, Account: { } account })
        {
            await ErrorWriter.WriteAsync(http, reply is null ? GatewayErrors.AccountsUnavailable : GatewayErrors.Internal);
            return;
        }

        http.Response.StatusCode = StatusCodes.Status201Created;
        http.Response.Headers.Location = $"/admin/v1/keys/{issued.KeyId}";
        await WriteAsync(http, KeyResponse.Of(issued.KeyId, account, issued.Text));
    }

    private static async Task ReadKeyAsync(HttpContext http, string id, AccountClient accounts)
    {
        if (!KeyFormat.IsKeyId(id))
        {
            await ErrorWriter.WriteAsync(http, UnknownKey);
            return;
        }

        var (told, account) = await accounts.ReadAsync(id, http.RequestAborted);
        if (account is null)
            await ErrorWriter.WriteAsync(http, told ? UnknownKey : GatewayErrors.AccountsUnavailable);
        else
            await WriteAsync(http, KeyResponse.Of(id, account));
    }

    private static async Task CreditAsync(HttpContext http, string id, AccountClient accounts)
    {
        var (request, error) = await ReadAsync(http, AdminJson.Default.CreditRequest);
        if (error is null)
        {
            error = request!.AmountUsd is { IsPositive: true } ? null : Invalid("amount_usd", "amount_usd is required and must be above zero.");
            error ??= TextError("reference", request.Reference, MaxReferenceChars) ?? TextError("note", request.Note, MaxNoteChars);
        }

        var idempotencyKey = http.Request.Headers["Idempotency-Key"].ToString();
        if (idempotencyKey.Length is 0 or > MaxIdempotencyKeyChars)
            error ??= Invalid("Idempotency-Key", $"The Idempotency-Key header is required, with 1 to {MaxIdempotencyKeyChars} characters: the same key posts once, for ever.");
        if (!KeyFormat.IsKeyId(id))
            error = UnknownKey;
        if (error is not null)
        {
            await ErrorWriter.WriteAsync(http, error);
            return;
        }

        var reply = await accounts.RepeatAsync(id, new Credit
        {
            CreditId = idempotencyKey,
            Amount = request!.AmountUsd!.Value,
            Reference = request.Reference,
            Note = request.Note,
            Actor = Actor,
        }, static (account, command) => account.Credit(command), http.RequestAborted);
        if (reply is { Outcome: OperatorOutcome.Done, Account: { } account })
        {
            await WriteAsync(http, KeyResponse.Of(id, account));
            return;
        }

        await ErrorWriter.WriteAsync(http, reply?.Outcome switch
        {
            OperatorOutcome.UnknownKey => UnknownKey,
            OperatorOutcome.Conflict => new ApiError(
                409, "idempotency_conflict", "This Idempotency-Key posted another amount before. Use a new one for a new credit.", "Idempotency-Key"),
            OperatorOutcome.OutOfRange => Invalid("amount_usd", "The balance would pass the largest amount that an account can hold."),
            _ => GatewayErrors.AccountsUnavailable,
        });
    }

    private static async Task ReadLedgerAsync(HttpContext http, string id, AccountClient accounts)
    {
        var fromSeq = QueryNumber(http, "from_seq", 1, 1, long.MaxValue - MaxLedgerPage);
        var limit = QueryNumber(http, "limit", DefaultLedgerPage, 1, MaxLedgerPage);
        if (!KeyFormat.IsKeyId(id) || fromSeq is null || limit is null)
        {
            await ErrorWriter.WriteAsync(http, !KeyFormat.IsKeyId(id)
                ? UnknownKey
                : Invalid(fromSeq is null ? "from_seq" : "limit", $"from_seq is a whole number from 1 on, limit one from 1 to {MaxLedgerPage}."));
            return;
        }

        var page = await accounts.ReadLedgerAsync(id, fromSeq.Value, (int)limit.Value, http.RequestAborted);
        if (page is null || (page.Lines.Count == 0 && fromSeq == 1))
            await ErrorWriter.WriteAsync(http, page is null ? GatewayErrors.AccountsUnavailable : UnknownKey);
        else
            await LedgerWriter.WriteAsync(http, page);
    }

    private static ApiError UnknownKey { get; } = new(404, "not_found", "There is no key with this id.");

    private static ApiError Invalid(string param, string message) => new(400, "invalid_request_error", message, param);

    private static ApiError? TextError(string name, string? value, int mostChars, bool required = false)
    {
        if (value is null)
            return required ? Invalid(name, $"{name} is required: 1 to {mostChars} characters.") : null;
        return value.Length == 0 || value.Length > mostChars ? Invalid(name, $"{name} must have 1 to {mostChars} characters.") : null;
    }

    private static long? QueryNumber(HttpContext http, string name, long otherwise, long least, long most)
    {
        var text = http.Request.Query[name].ToString();
        if (text.Length == 0)
            return otherwise;
        return long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most ? number : null;
    }

    private static async Task<(T? Request, ApiError? Error)> ReadAsync<T>(HttpContext http, JsonTypeInfo<T> type)
        where T : class
    {
        var (body, error) = await PooledBody.ReadAsync(http, MaxBodyBytes);
        if (body is null)
            return (null, error);
        using (body)
        {
            try
            {
                return JsonSerializer.Deserialize(body.Bytes.Span, type) is { } request
                    ? (request, null)
                    : (null, new ApiError(400, "invalid_request_error", "The request body must be a JSON object."));
            }
            catch (JsonException exception)
            {
                // The path names the field; the exception's own words would show type names of ours.
                var field = exception.Path?.TrimStart('$', '.') is { Length: > 0 } path ? path : null;
                var what = field is null
                    ? "The request body must be a JSON object with the fields that the README lists for this route, each once."
                    : $"'{field}' is not a field of this route, appears twice, or has a value of the wrong form.";
                return (null, new ApiError(400, "invalid_request_error", what, field));
            }
        }
    }

    private static async Task WriteAsync(HttpContext http, KeyResponse response)
    {
        http.Response.ContentType = "application/json; charset=utf-8";
        await JsonSerializer.SerializeAsync(http.Response.Body, response, AdminJson.Default.KeyResponse, http.RequestAborted);
    }
}
