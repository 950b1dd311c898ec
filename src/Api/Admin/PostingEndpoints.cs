using LlmTr.Api.Errors;
using LlmTr.Grains.Abstractions;

namespace LlmTr.Api.Admin;

/// <summary>Money that operators put into a key or take out of it. The same <c>Idempotency-Key</c> posts once, for ever.</summary>
internal static class PostingEndpoints
{
    private const int MaxReferenceChars = 200, MaxNoteChars = 1000, MaxIdempotencyKeyChars = 255;

    public static async Task CreditAsync(HttpContext http)
    {
        var (id, posting, idempotencyKey) = await ReadAsync(http);
        await AnswerAsync(http, id, await http.CommandAsync(id, new Credit
        {
            CreditId = idempotencyKey,
            Amount = posting.AmountUsd!.Value,
            Reference = posting.Reference,
            Note = posting.Note,
            Actor = http.Actor(),
        }, static (account, command) => account.Credit(command), GatewayErrors.PostingNotAnswered));
    }

    public static async Task DebitAsync(HttpContext http)
    {
        var (id, posting, idempotencyKey) = await ReadAsync(http);
        await AnswerAsync(http, id, await http.CommandAsync(id, new Debit
        {
            DebitId = idempotencyKey,
            Amount = posting.AmountUsd!.Value,
            Reference = posting.Reference,
            Note = posting.Note,
            Actor = http.Actor(),
        }, static (account, command) => account.Debit(command), GatewayErrors.PostingNotAnswered));
    }

    private static async Task<(string Id, PostingRequest Posting, string IdempotencyKey)> ReadAsync(HttpContext http)
    {
        var id = http.KeyId();
        var posting = await http.BodyAsync(AdminRequestJson.Default.PostingRequest);
        if (posting.AmountUsd is not { IsPositive: true })
            throw AdminCall.Invalid("amount_usd", "amount_usd is required and must be above zero.");
        AdminCall.RequireText("reference", posting.Reference, MaxReferenceChars);
        AdminCall.RequireText("note", posting.Note, MaxNoteChars);
        var header = http.Request.Headers["Idempotency-Key"];
        if (header is not [{ Length: > 0 and <= MaxIdempotencyKeyChars } idempotencyKey])
        {
            throw AdminCall.Invalid(
                "Idempotency-Key", $"One Idempotency-Key header is required, with 1 to {MaxIdempotencyKeyChars} characters: the same key posts once, for ever.");
        }

        return (id, posting, idempotencyKey);
    }

    private static Task AnswerAsync(HttpContext http, string id, OperatorReply reply) => reply switch
    {
        { Outcome: OperatorOutcome.Done, Account: { } account } => http.AnswerAsync(KeyAnswer.Of(id, account), AdminAnswerJson.Default.KeyAnswer),
        _ => throw new RefusedException(reply.Outcome switch
        {
            OperatorOutcome.UnknownKey => AdminCall.UnknownKey,
            OperatorOutcome.Conflict => new ApiError(
                409, "idempotency_conflict", "This Idempotency-Key posted another amount before. Use a new one for a new posting.", "Idempotency-Key"),
            OperatorOutcome.OutOfRange => ApiError.InvalidRequest("The sums of the key's ledger would pass the largest amount that can be written.", "amount_usd"),
            OperatorOutcome.InsufficientBalance => Short(reply.Account),
            OperatorOutcome.Revoked => new ApiError(409, "invalid_request_error", "This key is revoked."),
            _ => throw new InvalidOperationException($"The account answered {reply.Outcome} to a posting."),
        }),
    };

    private static ApiError Short(AccountView? account) => new(
        402,
        "insufficient_balance",
        "A debit takes at most what is available: what open holds have reserved is not there to be taken.",
        "amount_usd",
        account is null ? null : [new("available_usd", account.Available.ToUsdString())]);
}
