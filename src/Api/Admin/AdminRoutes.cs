using LlmTr.Api.Errors;

namespace LlmTr.Api.Admin;

/// <summary>What operators can do: <c>/admin/v1</c>. <see cref="AdminGuard"/> has checked the token before anything here runs.</summary>
internal static class AdminRoutes
{
    /// <summary>Maps the routes.</summary>
    public static void MapAdmin(this IEndpointRouteBuilder routes)
    {
        var admin = routes.MapGroup("/admin/v1");
        admin.MapPost("/keys", RefusedException.Answered(KeyEndpoints.CreateAsync));
        admin.MapGet("/keys", RefusedException.Answered(KeyEndpoints.ListAsync));
        admin.MapGet("/keys/{id}", RefusedException.Answered(KeyEndpoints.ReadAsync));
        admin.MapPatch("/keys/{id}", RefusedException.Answered(KeyEndpoints.ChangeAsync));
        admin.MapPost("/keys/{id}/rotate", RefusedException.Answered(KeyEndpoints.RotateAsync));
        admin.MapPost("/keys/{id}/revoke", RefusedException.Answered(KeyEndpoints.RevokeAsync));
        admin.MapPost("/keys/{id}/credits", RefusedException.Answered(PostingEndpoints.CreditAsync));
        admin.MapPost("/keys/{id}/debits", RefusedException.Answered(PostingEndpoints.DebitAsync));
        admin.MapGet("/keys/{id}/ledger", RefusedException.Answered(LedgerEndpoints.ReadAsync));
        admin.MapGet("/keys/{id}/holds", RefusedException.Answered(LedgerEndpoints.HoldsAsync));
        admin.MapGet("/keys/{id}/usage", RefusedException.Answered(LedgerEndpoints.UsageAsync));
        admin.MapGet("/cluster", RefusedException.Answered(ClusterEndpoint.ReadAsync));
        admin.MapGet("/overruns", RefusedException.Answered(CaseEndpoints.OverrunsAsync));
        admin.MapGet("/unreconciled", RefusedException.Answered(CaseEndpoints.UnreconciledAsync));
        admin.MapPost("/unreconciled/{id}", RefusedException.Answered(CaseEndpoints.ResolveAsync));
    }
}
