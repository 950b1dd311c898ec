using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using LlmTr.Api.Tests.OpenApi;

namespace LlmTr.Api.Tests.Fuzz;

/// <summary>A form that was made from a documented one by changes that a seed chooses, and whether the document and the rules of forms let it pass.</summary>
/// <param name="Bytes">The body.</param>
/// <param name="ContentType">What it is said to be.</param>
/// <param name="MayBeValid">False where it must be refused.</param>
internal sealed record FuzzedForm(byte[] Bytes, string ContentType, bool MayBeValid)
{
    private const int LongestField = 32 * 1024;
    private const int MostParts = 32;

    private static readonly UTF8Encoding StrictUtf8 = new(false, throwOnInvalidBytes: true);

    private static readonly string[] LiteralTypes = ["\"boolean\"", "\"number\"", "\"integer\""];

    private static readonly string[] OtherTypes = ["multipart/mixed", "application/x-www-form-urlencoded", "text/plain", "application/json", "multipart/form-data;;;="];

    private static readonly string[] UnknownNames =
        ["no_such_field", "Model", "model ", "", "[]", "images", "file[]", "image_url", "__proto__", "ığüş", "😀", "a;b", "prompt\0", new('a', 2000), new('a', 20_000)];

    // What a part's header may say of a file behind its name, in ways that readers of headers stumble over.
    private static readonly string[] OddHeads =
    [
        "; filename*=utf-7''x.mp3", "; filename=\"=?utf-7?B?QQ==?=\"", "; filename=\"=?utf-16?B?ANg=?=\"", "; filename=\"=?utf-8?B?////?=\"", "; filename*=UTF-8''%ff%fe", "; filename*=x",
        "; filename*=''", "; filename=\"=?none?B?QQ==?=\"", "; filename=\"=?utf-8?Q?=41?=\"", "; filename=\"\"", "; filename", "; filename=a\\", "; name=\"=?utf-7?B?QQ==?=\"", "; name*=utf-7''file",
        "; size=-1", "; creation-date=\"x\"", ";;;", "; =", "; filename=\"=?utf-8?B?QQ==", "\r\n folded", "\r\nContent-Disposition: form-data; name=\"file\"", "\r\nContent-Transfer-Encoding: base64",
        "\r\nContent-Type: text/plain; charset=utf-7", "\r\nContent-Length: 9",
    ];

    /// <summary>Makes one.</summary>
    public static FuzzedForm Of(ApiDescription description, DescribedOperation operation, Random random)
    {
        var schema = operation.Form!.Value;
        var parts = FormPart.Of(schema, operation.FormExamples[random.Next(operation.FormExamples.Count)]).ToList();
        for (var changes = random.Next(4); changes > 0; changes--)
            Change(parts, schema, random);
        var boundary = random.Next(3) switch { 0 => new string('b', 70), 1 => "=_Part:1 (x)", _ => $"----{random.NextInt64():x}" };
        var form = new FuzzedForm(Written(parts, boundary), $"multipart/form-data; boundary=\"{boundary}\"", IsValid(description, schema, parts));
        return random.Next(3) == 0 ? Damaged(form, parts, boundary, random) : form;
    }

    private static void Change(List<FormPart> parts, JsonElement schema, Random random)
    {
        var known = schema.GetProperty("properties").EnumerateObject().Where(static field => !FormPart.IsFile(field.Value)).Select(static field => field.Name).ToArray();
        var at = random.Next(parts.Count + 1);
        switch (random.Next(10))
        {
            case 0 when parts.Count > 0:
                parts.RemoveAt(random.Next(parts.Count));
                break;
            case 1 when parts.Count > 0:
                parts.Insert(at, parts[random.Next(parts.Count)]);
                break;
            case 2:
                parts.Insert(at, new FormPart(UnknownNames[random.Next(UnknownNames.Length)], null, Text(random)));
                break;
            case 3:
                var name = known[random.Next(known.Length)];
                parts.InsertRange(at, Enumerable.Repeat(new FormPart(name, null, Text(random)), random.Next(6) == 0 ? 40 : 1));
                break;
            case 4 when parts.FindIndex(static part => part.FileName is not null) is >= 0 and var file:
                parts[file] = parts[file] with { Content = random.Next(2) == 0 ? [] : Text(random) };
                break;
            default:
                // In the place of a field that is there.
                if (parts.FindIndex(random.Next(parts.Count + 1), static part => part.FileName is null) is >= 0 and var field)
                    parts[field] = parts[field] with { Content = Text(random) };
                break;
        }
    }

    private static byte[] Text(Random random) => random.Next(8) switch
    {
        0 => Encoding.UTF8.GetBytes(new string('x', LongestField + random.Next(-1, 2))),
        1 => [0xC3, 0x28, (byte)random.Next(256)],
        2 => [],
        3 => Encoding.UTF8.GetBytes("a\r\n--not the boundary\r\nContent-Disposition: form-data; name=\"model\"\r\n\r\nx"),
        _ => Encoding.UTF8.GetBytes(random.Next(2) == 0 ? NastyValues.Text(random) : NastyValues.Text(random).Trim('"')),
    };

    private static byte[] Written(IEnumerable<FormPart> parts, string boundary, string newLine = "\r\n", Func<string, string>? headers = null)
    {
        using var bytes = new MemoryStream();
        foreach (var part in parts)
        {
            var head = $"Content-Disposition: form-data; name=\"{part.Name}\"{(part.FileName is { } file ? $"; filename=\"{file}\"" : "")}";
            bytes.Write(Encoding.UTF8.GetBytes($"--{boundary}{newLine}{headers?.Invoke(head) ?? head}{newLine}{newLine}"));
            bytes.Write(part.Content);
            bytes.Write(Encoding.UTF8.GetBytes(newLine));
        }

        bytes.Write(Encoding.UTF8.GetBytes($"--{boundary}--{newLine}"));
        return bytes.ToArray();
    }

    private static FuzzedForm Damaged(FuzzedForm form, List<FormPart> parts, string boundary, Random random)
    {
        var refused = form with { MayBeValid = false };
        switch (random.Next(20))
        {
            case 0:
                return refused with { ContentType = "multipart/form-data" };
            case 1:
                return refused with { ContentType = "multipart/form-data; boundary=" };
            case 2:
                return refused with { ContentType = "multipart/form-data; boundary=another" };
            case 3:
                return refused with { ContentType = $"multipart/form-data; boundary={new string('b', random.Next(71, 3000))}" };
            case 4:
                return refused with { ContentType = OtherTypes[random.Next(OtherTypes.Length)] };
            case 5:
                // All but the line end behind the last boundary and the two dashes before it.
                return refused with { Bytes = form.Bytes[..random.Next(form.Bytes.Length - 4)] };
            case 6:
                return refused with { Bytes = [] };
            case 7:
                var garbage = new byte[random.Next(1, 5000)];
                random.NextBytes(garbage);
                return refused with { Bytes = garbage };
            case 8:
                return Headed(static _ => "Content-Type: text/plain");
            case 9:
                return Headed(static _ => "no header");
            case 10:
                return Headed(static head => head.Replace("form-data", "attachment", StringComparison.Ordinal));
            case 11:
                return Headed(static head => head + string.Concat(Enumerable.Range(0, 40).Select(static i => $"\r\nX-{i}: y")));
            case 12:
                return form with { MayBeValid = true, Bytes = Written(parts, boundary, "\n") };
            case 13:
                return form with { MayBeValid = true, Bytes = [.. "preamble\r\n"u8, .. form.Bytes, .. "epilogue"u8] };
            case 14:
                return form with { ContentType = form.ContentType.Replace("; ", "; charset=utf-7; ", StringComparison.Ordinal) };
            case >= 15 and <= 18:
                // Nobody says which of these are understood; none may be a fault of the gateway's.
                return form with { MayBeValid = true, Bytes = Written(parts, boundary, headers: head => head + OddHeads[random.Next(OddHeads.Length)]) };
            default:
                var changed = (byte[])form.Bytes.Clone();
                changed[random.Next(changed.Length)] = (byte)random.Next(256);
                return form with { MayBeValid = true, Bytes = changed };
        }

        // At least one part, each with these headers.
        FuzzedForm Headed(Func<string, string> headers) => refused with { Bytes = Written([new FormPart("user", null, []), .. parts], boundary, headers: headers) };
    }

    // As an object of JSON, which the document's schema of a form judges.
    private static bool IsValid(ApiDescription description, JsonElement schema, List<FormPart> parts)
    {
        if (parts.Count > MostParts)
            return false;
        var body = new JsonObject();
        foreach (var field in parts.GroupBy(static part => part.Name))
        {
            var values = new List<JsonNode>();
            foreach (var part in field)
            {
                if (part.FileName is not null ? part.Content.Length == 0 : part.Content.Length > LongestField)
                    return false;
                if (Value(part, schema) is not { } value)
                    return false;
                values.Add(value);
            }

            // A hint may come as often as it likes.
            var isHint = !schema.GetProperty("properties").TryGetProperty(field.Key, out var known) || !known.TryGetProperty("type", out _) && !known.TryGetProperty("anyOf", out _);
            var isList = !isHint && known.GetRawText().Contains("\"array\"", StringComparison.Ordinal);
            if (values.Count > 1 && !isHint && !isList)
                return false;
            body[field.Key] = isHint || (values.Count == 1 && known.TryGetProperty("anyOf", out _)) || !isList ? values[0] : new JsonArray([.. values]);
        }

        var hasFile = parts.Any(static part => part.FileName is not null);
        return hasFile && description.Check.Complaint(schema, JsonSerializer.SerializeToElement(body)) is null;
    }

    // A field's text is a number, true or false where the document says that it is one. Null for what is no text.
    private static JsonNode? Value(FormPart part, JsonElement schema)
    {
        if (part.FileName is not null)
            return JsonValue.Create(part.FileName);
        string text;
        try
        {
            text = StrictUtf8.GetString(part.Content);
        }
        catch (DecoderFallbackException)
        {
            return null;
        }

        var isLiteral = schema.GetProperty("properties").TryGetProperty(part.Name, out var known)
            && LiteralTypes.Any(type => known.GetRawText().Contains(type, StringComparison.Ordinal));
        if (isLiteral && (bool.TryParse(text, out _) || double.TryParse(text, CultureInfo.InvariantCulture, out _)))
        {
            try
            {
                return JsonNode.Parse(text);
            }
            catch (JsonException)
            {
                // Not as JSON writes it.
            }
        }

        return JsonValue.Create(text);
    }
}
