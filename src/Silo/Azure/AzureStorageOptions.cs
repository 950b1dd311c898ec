using Azure.Storage.Blobs;

namespace LlmTr.Silo.Azure;

/// <summary>Where the storage account of a cluster is: section <c>Azure</c> of the configuration. Either a connection string or a service URI.</summary>
public sealed class AzureStorageOptions
{
    private const int LongestPrefix = 50;

    /// <summary>A connection string with an account key or a shared access signature. It is a secret.</summary>
    public string? ConnectionString { get; set; }

    /// <summary>The blob service's address, such as <c>https://name.blob.core.windows.net</c>, which this process's managed identity may use.</summary>
    public string? ServiceUri { get; set; }

    /// <summary>What the names of the containers begin with: 1 to 50 small letters, digits and single dashes. Two clusters in one storage account need two.</summary>
    public string ContainerPrefix { get; set; } = "llmtr";

    /// <summary>What is wrong, as sentences that name the setting and never show a secret; empty when all is well.</summary>
    public IReadOnlyList<string> Problems()
    {
        var problems = new List<string>();
        if (string.IsNullOrWhiteSpace(ConnectionString) == string.IsNullOrWhiteSpace(ServiceUri))
            problems.Add("Set exactly one of Azure:ConnectionString (a storage account's connection string) and Azure:ServiceUri (its blob service's https address, for a managed identity).");
        else if (!string.IsNullOrWhiteSpace(ConnectionString) && !IsConnectionString(ConnectionString))
            problems.Add("Azure:ConnectionString is not a storage account's connection string. Copy it from the account's access keys.");
        else if (!string.IsNullOrWhiteSpace(ServiceUri) && !IsServiceUri(ServiceUri))
            problems.Add("Azure:ServiceUri must be an https address without a query, such as https://name.blob.core.windows.net: an identity's token is never sent in the clear.");
        if (!IsContainerPrefix(ContainerPrefix))
            problems.Add("Azure:ContainerPrefix must be 1 to 50 small letters, digits and single dashes, and begin and end with a letter or digit.");
        return problems;
    }

    private static bool IsConnectionString(string text)
    {
        try
        {
            _ = new BlobServiceClient(text);
            return true;
        }
        catch (Exception exception) when (exception is FormatException or ArgumentException)
        {
            // Its message would show parts of the secret.
            return false;
        }
    }

    private static bool IsServiceUri(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var uri) && uri.Scheme == Uri.UriSchemeHttps && uri.Query.Length == 0 && uri.UserInfo.Length == 0;

    private static bool IsContainerPrefix(string? text) =>
        text is { Length: >= 1 and <= LongestPrefix }
        && text.All(static c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c == '-')
        && text[0] != '-' && text[^1] != '-' && !text.Contains("--", StringComparison.Ordinal);
}
