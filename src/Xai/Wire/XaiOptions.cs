namespace LlmTr.Xai.Wire;

/// <summary>Where xAI is and how connections to it are kept.</summary>
public sealed class XaiOptions
{
    /// <summary>The longest API key that is accepted, in characters; it keeps a request's headers in one packet.</summary>
    private const int MaxKeyLength = 512;

    /// <summary>The address in front of every path, without a trailing slash or with one; <c>https://api.x.ai/v1</c> as shipped.</summary>
    public string BaseUrl { get; set; } = "https://api.x.ai/v1";

    /// <summary>The platform's own key at xAI, 1–512 visible ASCII characters. Null or empty: no <c>Authorization</c> is sent.</summary>
    public string? ApiKey { get; set; }

    /// <summary>How long a connection, its TLS handshake included, may take to come about, in seconds; 1–120.</summary>
    public int ConnectTimeoutSeconds { get; set; } = 10;

    /// <summary>
    /// How long an unused connection is kept, in seconds; 1–300. Short, because a request on a connection that the other side has just given up is lost, and
    /// nobody can say then whether it was served.
    /// </summary>
    public int IdleConnectionSeconds { get; set; } = 30;

    /// <summary>How long a connection is used at all, in seconds; 10–3600. Then the name is looked up anew.</summary>
    public int ConnectionLifetimeSeconds { get; set; } = 300;

    /// <summary>What is wrong with these values, one sentence for each; empty when they are fit for use. The key is in none of them.</summary>
    public IReadOnlyList<string> FindProblems()
    {
        var problems = new List<string>();
        AddUrlProblem(problems);
        if (!string.IsNullOrEmpty(ApiKey) && (ApiKey.Length > MaxKeyLength || ApiKey.Any(c => c is <= ' ' or > '~')))
            problems.Add($"The xAI API key must be 1 to {MaxKeyLength} visible ASCII characters without spaces; check how it was copied.");
        AddRangeProblem(problems, nameof(ConnectTimeoutSeconds), ConnectTimeoutSeconds, 1, 120);
        AddRangeProblem(problems, nameof(IdleConnectionSeconds), IdleConnectionSeconds, 1, 300);
        AddRangeProblem(problems, nameof(ConnectionLifetimeSeconds), ConnectionLifetimeSeconds, 10, 3600);
        return problems;
    }

    private void AddUrlProblem(List<string> problems)
    {
        if (!Uri.TryCreate(BaseUrl, UriKind.Absolute, out var url) || url.Scheme is not ("https" or "http"))
            problems.Add("The xAI base URL must be an absolute http or https address, such as https://api.x.ai/v1.");
        else if (url.UserInfo.Length > 0 || url.Query.Length > 0 || url.Fragment.Length > 0)
            problems.Add("The xAI base URL must have no user, query or fragment; only scheme, host, port and path.");
        else if (url.Scheme == "http" && (url.Host == "x.ai" || url.Host.EndsWith(".x.ai", StringComparison.OrdinalIgnoreCase)))
            problems.Add("The xAI base URL must use https: over http the platform's key would travel in the clear.");
    }

    private static void AddRangeProblem(List<string> problems, string name, int value, int least, int most)
    {
        if (value < least || value > most)
            problems.Add($"{name} of xAI must be {least} to {most} seconds; it is {value}.");
    }
}
