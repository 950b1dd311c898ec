using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using LlmTr.Api.Accounts;
using LlmTr.Api.Errors;
using LlmTr.Api.Keys;
using LlmTr.Api.Requests;
using LlmTr.Grains.Abstractions;

namespace LlmTr.Api.Admin;

/// <summary>What every operator's route does alike: which key, who asks, reading the body, writing the answer.</summary>
internal static class AdminCall
{
    /// <summary>Names the operator behind the shared token, for the ledger. A claim, not a proof: the token alone decides what may be done.</summary>
    public const string ActorHeader = "X-LLMTR-Actor";

    /// <summary>The actor of a call that names none.</summary>
    public const string UnnamedActor = "admin";

    private const int MaxBodyBytes = 64 * 1024;
    private const int MaxActorChars = 64;

    /// <summary>404: there is no such key.</summary>
    public static ApiError UnknownKey { get; } = new(404, "not_found", "There is no key with this id.");

    /// <summary>The accounts.</summary>
    public static AccountClient Accounts(this HttpContext http) => http.RequestServices.GetRequiredService<AccountClient>();

    /// <summary>The key that the path names.</summary>
    /// <exception cref="RefusedException">404: no key can have this id.</exception>
    public static string KeyId(this HttpContext http) =>
        http.Request.RouteValues["id"] is string id && KeyFormat.IsKeyId(id) ? id : throw new RefusedException(UnknownKey);

    /// <summary>The account that the path names.</summary>
    /// <exception cref="RefusedException">404: no such key.</exception>
    /// <exception cref="AccountUnavailableException">Nobody could tell, or its ledger is broken.</exception>
    public static Task<AccountView> AccountAsync(this HttpContext http) => AccountAsync(http, http.KeyId());

    /// <summary>An account.</summary>
    /// <exception cref="RefusedException">404: no such key.</exception>
    /// <exception cref="AccountUnavailableException">Nobody could tell, or its ledger is broken.</exception>
    public static async Task<AccountView> AccountAsync(this HttpContext http, string keyId)
    {
        var (told, account) = await http.Accounts().ReadAsync(keyId, http.RequestAborted);
        return account ?? throw (told ? new RefusedException(UnknownKey) : new AccountUnavailableException());
    }

    /// <summary>Has an account carry out a command.</summary>
    /// <exception cref="RefusedException">503: whether it was carried out is not known.</exception>
    /// <exception cref="AccountUnavailableException">The ledger is broken.</exception>
    public static async Task<TReply> CommandAsync<TCommand, TReply>(
        this HttpContext http, string keyId, TCommand command, Func<IApiKeyGrain, TCommand, Task<TReply>> call, ApiError? notAnswered = null)
        where TReply : class =>
        await http.Accounts().AskAsync(keyId, command, call, http.RequestAborted) ?? throw new RefusedException(notAnswered ?? GatewayErrors.CommandNotAnswered);

    /// <summary>Who asks, for the ledger: <c>admin</c>, or <c>admin/name</c> where the call names an operator.</summary>
    /// <exception cref="RefusedException">400: not a name.</exception>
    public static string Actor(this HttpContext http)
    {
        var name = http.Request.Headers[ActorHeader].ToString();
        if (name.Length == 0)
            return UnnamedActor;
        return name.Length <= MaxActorChars && name.All(static c => c is > ' ' and <= '~')
            ? $"{UnnamedActor}/{name}"
            : throw Invalid(ActorHeader, $"{ActorHeader} must have at most {MaxActorChars} printable ASCII characters and no spaces.");
    }

    /// <summary>Reads the body; an empty one is an empty object.</summary>
    /// <exception cref="RefusedException">400 or 413: it is not what the route takes.</exception>
    public static async Task<T> BodyAsync<T>(this HttpContext http, JsonTypeInfo<T> type)
        where T : class
    {
        var (body, error) = await PooledBody.ReadAsync(http, MaxBodyBytes);
        if (body is null)
            throw new RefusedException(error!);
        using (body)
        {
            try
            {
                var bytes = body.Bytes.IsEmpty ? "{}"u8 : body.Bytes.Span;
                return JsonSerializer.Deserialize(bytes, type) ?? throw new RefusedException(ApiError.InvalidRequest("The request body must be a JSON object."));
            }
            catch (JsonException exception)
            {
                // The path names the field; the exception's own words would show type names of ours.
                var field = exception.Path?.TrimStart('$', '.') is { Length: > 0 } path ? path : null;
                throw new RefusedException(ApiError.InvalidRequest(
                    field is null
                        ? "The request body must be a JSON object with the fields that docs/operate.md lists for this route, each once."
                        : $"'{field}' is not a field of this route, appears twice, or has a value of the wrong form.",
                    field));
            }
        }
    }

    /// <summary>Answers 200, or the status that is set already, with JSON.</summary>
    public static async Task AnswerAsync<T>(this HttpContext http, T answer, JsonTypeInfo<T> type)
    {
        var body = JsonSerializer.SerializeToUtf8Bytes(answer, type);
        http.Response.ContentType = "application/json; charset=utf-8";
        http.Response.ContentLength = body.Length;
        await http.Response.BodyWriter.WriteAsync(body, http.RequestAborted);
    }

    /// <summary>True when the caller asks for a media type by its name.</summary>
    public static bool Accepts(this HttpContext http, string mediaType) =>
        http.Request.Headers.Accept.ToString().Contains(mediaType, StringComparison.OrdinalIgnoreCase);

    /// <summary>Checks a text of the operator's.</summary>
    /// <exception cref="RefusedException">400: missing, empty, too long, or not Unicode.</exception>
    public static void RequireText(string name, string? value, int mostChars, bool required = false)
    {
        if (value is null ? required : value.Length == 0 || value.Length > mostChars)
            throw Invalid(name, $"{name} {(required ? "is required:" : "must have")} 1 to {mostChars} characters.");
    }

    /// <summary>A 400 that names a field.</summary>
    public static RefusedException Invalid(string param, string message) => new(ApiError.InvalidRequest(message, param));
}
