using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using LlmTr.Api.Tests.OpenApi;

namespace LlmTr.Api.Tests.Fuzz;

/// <summary>A body that was made from a documented one by changes that a seed chooses, and what the document says of it.</summary>
internal sealed record FuzzedBody(byte[] Bytes, bool MayBeValid)
{
    private const string Hole = "\"\uE000hole\"";

    private static readonly JsonDocumentOptions Strict = new() { AllowDuplicateProperties = false };

    /// <summary>Makes one.</summary>
    public static FuzzedBody Of(ApiDescription description, DescribedOperation operation, Random random)
    {
        var text = Changed(operation, random);
        var bytes = random.Next(8) == 0 ? Damaged(text, random) : Encoding.UTF8.GetBytes(text);
        var isLeftOut = bytes.Length == 0 && !operation.NeedsBody;
        return new FuzzedBody(bytes, isLeftOut || IsValid(description, operation, bytes));
    }

    private static string Changed(DescribedOperation operation, Random random)
    {
        var example = operation.Examples.Count > 0 ? operation.Examples[random.Next(operation.Examples.Count)].GetRawText() : "{}";
        var body = JsonNode.Parse(example)!.AsObject();
        var known = operation.Schema!.Value.GetProperty("properties").EnumerateObject().Select(static field => field.Name).ToArray();
        var holes = new List<string>();
        for (var changes = random.Next(1, 4); changes > 0; changes--)
        {
            var places = NastyValues.Places(body);
            switch (random.Next(5))
            {
                case 0 when places.Count > 0:
                    Remove(places[random.Next(places.Count)]);
                    break;
                case 1:
                    Put(body, random.Next(3) == 0 ? "no_such_field" : known[random.Next(known.Length)], holes, random);
                    break;
                case 2:
                    Put(body, known[random.Next(known.Length)], holes, random);
                    break;
                default:
                    if (places.Count > 0)
                        Put(places[random.Next(places.Count)], holes, random);
                    break;
            }
        }

        var text = new StringBuilder(body.ToJsonString(new JsonSerializerOptions { WriteIndented = random.Next(4) == 0 }));
        var marker = JsonValue.Create("\uE000hole").ToJsonString();
        foreach (var hole in holes)
        {
            var at = text.ToString().IndexOf(marker, StringComparison.Ordinal);
            if (at >= 0)
                text.Remove(at, marker.Length).Insert(at, hole);
        }

        return text.ToString();
    }

    private static void Put(JsonObject body, string name, List<string> holes, Random random)
    {
        holes.Add(NastyValues.Text(random));
        body[name] = JsonNode.Parse(Hole);
    }

    private static void Put((JsonNode Parent, string? Name, int Index) place, List<string> holes, Random random)
    {
        holes.Add(NastyValues.Text(random));
        if (place.Parent is JsonObject json)
            json[place.Name!] = JsonNode.Parse(Hole);
        else
            place.Parent.AsArray()[place.Index] = JsonNode.Parse(Hole);
    }

    private static void Remove((JsonNode Parent, string? Name, int Index) place)
    {
        if (place.Parent is JsonObject json)
            json.Remove(place.Name!);
        else
            place.Parent.AsArray().RemoveAt(place.Index);
    }

    private static byte[] Damaged(string text, Random random)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        switch (random.Next(8))
        {
            case 0:
                return bytes[..random.Next(bytes.Length)];
            case 1:
                bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
                return bytes;
            case 2:
                return [.. bytes, .. Encoding.UTF8.GetBytes(NastyValues.Text(random))];
            case 3:
                return [0xEF, 0xBB, 0xBF, .. bytes];
            case 4:
                return Encoding.Unicode.GetBytes(text);
            case 5:
                return Encoding.UTF8.GetBytes($"{{\"model\":\"xai/grok-4.3\",{text[1..]}");
            case 6:
                return Encoding.UTF8.GetBytes(NastyValues.Deep(random.Next(1, 5000), random));
            default:
                var garbage = new byte[random.Next(200)];
                random.NextBytes(garbage);
                return garbage;
        }
    }

    private static bool IsValid(ApiDescription description, DescribedOperation operation, byte[] bytes)
    {
        try
        {
            using var json = JsonDocument.Parse(bytes, Strict);
            return description.Check.Complaint(operation.Schema!.Value, json.RootElement) is null;
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            // No JSON, or half of a surrogate pair in it, which no string can hold.
            return false;
        }
    }
}
