using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using LlmTr.Api.Tests.Audio;
using LlmTr.Api.Tests.Running;

namespace LlmTr.Api.Tests.OpenApi;

/// <summary>A part of a form.</summary>
/// <param name="Name">The field's name.</param>
/// <param name="FileName">The file's own name; null for a field.</param>
/// <param name="Content">The bytes.</param>
internal sealed record FormPart(string Name, string? FileName, byte[] Content)
{
    private static readonly byte[] Png = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 1, 2, 3, 4, 5];

    /// <summary>The parts of a documented form: what the schema calls binary is a file, and a list is a part for each of its items.</summary>
    public static IReadOnlyList<FormPart> Of(JsonElement schema, JsonElement example) => [.. example.EnumerateObject().SelectMany(field =>
    {
        var isFile = IsFile(schema.GetProperty("properties").GetProperty(field.Name));
        JsonElement[] values = field.Value.ValueKind == JsonValueKind.Array ? [.. field.Value.EnumerateArray()] : [field.Value];
        return values.Select(value => isFile
            ? new FormPart(field.Name, value.GetString(), FileOf(value.GetString()!))
            : new FormPart(field.Name, null, Encoding.UTF8.GetBytes(value.ValueKind == JsonValueKind.String ? value.GetString()! : value.GetRawText())));
    })];

    /// <summary>True where the schema lets a file stand, or several.</summary>
    public static bool IsFile(JsonElement schema) =>
        schema.TryGetProperty("format", out var format) && format.GetString() == "binary"
        || schema.TryGetProperty("items", out var items) && IsFile(items)
        || schema.TryGetProperty("anyOf", out var forms) && forms.EnumerateArray().Any(IsFile);

    private static byte[] FileOf(string name) => Path.GetExtension(name) switch
    {
        ".wav" => AudioRequests.Wave(500),
        ".pcm" => new byte[8000],
        ".png" => Png,
        var other => throw new NotSupportedException($"What a file {other} holds must be said here."),
    };

    /// <summary>The parts as a client writes them.</summary>
    public static MultipartFormDataContent Write(IEnumerable<FormPart> parts)
    {
        var form = new MultipartFormDataContent();
        foreach (var part in parts)
        {
            if (part.FileName is null)
                form.Add(new ByteArrayContent(part.Content), $"\"{part.Name}\"");
            else
                form.Add(new ByteArrayContent(part.Content), $"\"{part.Name}\"", part.FileName);
        }

        return form;
    }
}

/// <summary>Sends forms.</summary>
internal static class FormRequests
{
    public static async Task<HttpResponseMessage> SendFormAsync(
        this TestKey key, DescribedOperation operation, HttpContent form, bool isDryRun = false, CancellationToken cancellation = default)
    {
        using var request = new HttpRequestMessage(operation.Method, operation.Path) { Content = form };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", key.Text);
        if (isDryRun)
            request.Headers.Add("X-LLMTR-Dry-Run", "true");
        return await key.Gateway.Http.SendAsync(request, cancellation);
    }
}
