using LlmTr.Api.Admin;

namespace LlmTr.Api.Hosting;

/// <summary>What browsers are told: that an answer is what it says it is, and of the pages, that nothing of them comes from, or goes to, anybody else.</summary>
internal static class PageHeaders
{
    /// <summary>Sets them, before anything else answers.</summary>
    public static void UsePageHeaders(this IApplicationBuilder app) => app.Use(static (http, next) =>
    {
        http.Response.Headers.XContentTypeOptions = "nosniff";

        // Orleans' own page has scripts in its text, and knows no nonce.
        if (Dashboard.IsFor(http.Request))
            http.Response.Headers.MarkAsPage("'unsafe-inline'");
        return next(http);
    });

    /// <summary>Makes an answer a page whose scripts are the program's own files and those that carry a nonce.</summary>
    /// <param name="headers">Of the answer.</param>
    /// <param name="nonce">Made for this answer alone.</param>
    public static void MarkAsPageOf(this IHeaderDictionary headers, string nonce) => headers.MarkAsPage($"'nonce-{nonce}'");

    // Styles are written by the pages' scripts.
    private static void MarkAsPage(this IHeaderDictionary headers, string inlineScripts)
    {
        headers["Referrer-Policy"] = "no-referrer";
        headers.XFrameOptions = "DENY";
        headers.ContentSecurityPolicy =
            $"default-src 'none'; script-src 'self' {inlineScripts}; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; font-src 'self' data:; connect-src 'self'; "
            + "base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
    }
}
