using System.Reflection;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using LlmTr.Grains.Abstractions;
using LlmTr.Money;

namespace LlmTr.Grains.Ledgers;

/// <summary>
/// Writes entries byte for byte as <see cref="LedgerJson"/> does, in a fraction of the time, because every command pays for it. Members, names and order are taken from
/// there, so a new member is written without a word here; one of a new type stops the program at its start.
/// </summary>
internal static class LedgerLineWriter
{
    // The hash of the line before is given apart, and comes last.
    private static readonly Member[] Members =
        [.. LedgerJson.Default.LedgerEntry.Properties.Where(static member => member.Name != "prev").Select(static (member, index) => MemberOf(member, index == 0))];

    private delegate void Member(LedgerEntry entry, ref LineBuffer line);

    private delegate void Value<in T>(T value, ref LineBuffer line);

    public static byte[] Write(LedgerEntry entry, string previousHash)
    {
        var line = new LineBuffer(stackalloc byte[1024]);
        try
        {
            foreach (var member in Members)
                member(entry, ref line);
            line.Append(",\"prev\":"u8);
            WriteText(previousHash, ref line);
            line.Append("}"u8);
            return line.ToArray();
        }
        finally
        {
            line.Return();
        }
    }

    private static Member MemberOf(JsonPropertyInfo member, bool isFirst)
    {
        byte[] name = [isFirst ? (byte)'{' : (byte)',', (byte)'"', .. JsonEncodedText.Encode(member.Name).EncodedUtf8Bytes, (byte)'"', (byte)':'];
        var type = member.PropertyType;
        var value = Nullable.GetUnderlyingType(type) ?? type;
        if (value.IsEnum)
            return (Member)typeof(LedgerLineWriter).GetMethod(nameof(EnumMember), BindingFlags.NonPublic | BindingFlags.Static)!.MakeGenericMethod(value).Invoke(null, [member, name])!;
        if (value == typeof(long))
            return ValueMember(member, name, static (long number, ref LineBuffer line) => line.Append(number));
        if (value == typeof(int))
            return ValueMember(member, name, static (int number, ref LineBuffer line) => line.Append(number));
        if (value == typeof(UsdTicks))
            return ValueMember(member, name, static (UsdTicks ticks, ref LineBuffer line) => line.Append(ticks.Value));
        if (value == typeof(RequestId))
            return ValueMember(member, name, static (RequestId id, ref LineBuffer line) => line.AppendId(id));
        if (value == typeof(DateTimeOffset))
            return ValueMember(member, name, static (DateTimeOffset at, ref LineBuffer line) => line.AppendTime(at));
        if (value == typeof(string))
            return TextMember(member, name);
        throw new NotSupportedException($"A member of type {type} of a ledger entry has no writer.");
    }

    private static Member ValueMember<T>(JsonPropertyInfo member, byte[] name, Value<T> write)
        where T : struct
    {
        if (member.PropertyType == typeof(T))
        {
            var get = Getter<T>(member);
            return (LedgerEntry entry, ref LineBuffer line) =>
            {
                line.Append(name);
                write(get(entry), ref line);
            };
        }

        var getOptional = Getter<T?>(member);
        return (LedgerEntry entry, ref LineBuffer line) =>
        {
            if (getOptional(entry) is not { } value)
                return;
            line.Append(name);
            write(value, ref line);
        };
    }

    private static Member TextMember(JsonPropertyInfo member, byte[] name)
    {
        var get = Getter<string?>(member);
        return (LedgerEntry entry, ref LineBuffer line) =>
        {
            if (get(entry) is not { } text)
                return;
            line.Append(name);
            WriteText(text, ref line);
        };
    }

    private static Member EnumMember<T>(JsonPropertyInfo member, byte[] name)
        where T : struct, Enum
    {
        var type = (JsonTypeInfo<T>)LedgerJson.Default.GetTypeInfo(typeof(T))!;
        var texts = Enum.GetValues<T>().ToDictionary(static value => value, value => JsonSerializer.SerializeToUtf8Bytes(value, type));
        return ValueMember(member, name, (T value, ref LineBuffer line) => line.Append(texts[value]));
    }

    private static void WriteText(string text, ref LineBuffer line)
    {
        // What needs an escape is left to who defines how that looks.
        if (!line.TryAppendPlain(text))
            line.Append(JsonSerializer.SerializeToUtf8Bytes(text, LedgerJson.Default.String));
    }

    private static Func<LedgerEntry, T> Getter<T>(JsonPropertyInfo member) =>
        ((PropertyInfo)member.AttributeProvider!).GetMethod!.CreateDelegate<Func<LedgerEntry, T>>();
}
