namespace LlmTr.Silo.Media;

/// <summary>Where files may be fetched from: section <c>Media</c> of the configuration.</summary>
public sealed class MediaOptions
{
    /// <summary>What <see cref="IsValid"/> asks for, as a sentence for who configured it.</summary>
    public const string Requirement = "Media:Hosts must be names of hosts, such as vidgen.x.ai, without scheme, port or path; Media:InsecureAuthority must be a host and a port.";

    /// <summary>The only hosts that files are fetched from, by https; names exactly. xAI's is <c>vidgen.x.ai</c> (xAI contract, section 6.2).</summary>
    public ISet<string> Hosts { get; } = new HashSet<string>(StringComparer.OrdinalIgnoreCase) { "vidgen.x.ai" };

    /// <summary>A host and port that may also be reached by http and at a private address: a simulator's. Null for none.</summary>
    public string? InsecureAuthority { get; set; }

    /// <summary>True when all are of their forms.</summary>
    public bool IsValid =>
        Hosts.All(static host => Uri.CheckHostName(host) == UriHostNameType.Dns)
        && (InsecureAuthority is null || (Uri.TryCreate($"http://{InsecureAuthority}/", UriKind.Absolute, out var url) && url.Authority == InsecureAuthority));
}
