using System.Text.RegularExpressions;
using LlmTr.Api.Tests.Running;

namespace LlmTr.Api.Tests.Telemetry;

/// <summary>What <c>GET /metrics</c> shows.</summary>
internal sealed partial record Scrape(string Text)
{
    /// <summary>The names of all series, as PromQL names them.</summary>
    public IReadOnlySet<string> Series => SeriesName().Matches(Text).Select(static match => match.Groups[1].Value).ToHashSet();

    public static async Task<Scrape> OfAsync(TestGateway gateway) => new(await gateway.Http.GetStringAsync("/metrics"));

    [GeneratedRegex(@"^([a-zA-Z_:][\w:]*)(?:\{| )", RegexOptions.Multiline)]
    private static partial Regex SeriesName();
}
