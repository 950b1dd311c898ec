using Orleans.Dashboard;

namespace LlmTr.Api.Admin;

/// <summary>
/// Orleans' own dashboard, where it is switched on. It knows no users of its own and shows the names of grains, which are ids of keys and jobs: nobody sees it without the
/// admin token. A browser asks for it as a password.
/// </summary>
internal static class Dashboard
{
    /// <summary>Where it is.</summary>
    public const string Path = "/admin/dashboard";

    /// <summary>Maps it.</summary>
    public static void MapDashboard(this IEndpointRouteBuilder routes) => routes.MapOrleansDashboard(Path);

    /// <summary>True for a request that a browser may make with a password.</summary>
    public static bool IsFor(HttpRequest request) => request.Path.StartsWithSegments(Path, StringComparison.OrdinalIgnoreCase);
}
