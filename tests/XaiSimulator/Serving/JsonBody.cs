using System.Net.Mime;
using System.Text.Json;
using LlmTr.XaiSimulator.Wire;

namespace LlmTr.XaiSimulator.Serving;

/// <summary>A body of JSON turned into a typed request, as far as that went.</summary>
/// <param name="Request">The request, or null where it could not be read.</param>
/// <param name="Fields">Its top-level members.</param>
/// <param name="Unreadable">Why it could not be read; null where it could.</param>
internal sealed record JsonBody<T>(T? Request, IReadOnlyList<string> Fields, Fault? Unreadable)
    where T : class
{
    /// <summary>Reads the typed request out of an object; complaints go to the types.</summary>
    public delegate T Reader(JsonElement root, Types types);

    /// <summary>Reads a body: type of content, JSON, types, in xAI's order.</summary>
    public static JsonBody<T> Read(Incoming incoming, Reader read)
    {
        if (incoming.ContentType?.StartsWith(MediaTypeNames.Application.Json, StringComparison.OrdinalIgnoreCase) != true)
            return new JsonBody<T>(null, [], Fault.UnsupportedMediaType);

        try
        {
            var root = JsonElement.Parse(incoming.Body.Span);
            if (root.ValueKind != JsonValueKind.Object)
                return new JsonBody<T>(null, [], Fault.WrongType("invalid type, expected an object"));
            IReadOnlyList<string> fields = [.. root.EnumerateObject().Select(member => member.Name)];
            var types = new Types();
            var request = read(root, types);
            return types.Complaint is { } complaint
                ? new JsonBody<T>(null, fields, Fault.WrongType(complaint))
                : new JsonBody<T>(request, fields, null);
        }
        // The second is thrown late, for a string that is not UTF-8 or escapes half a surrogate pair: neither is JSON.
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            return new JsonBody<T>(null, [], Fault.NotJson);
        }
    }
}
