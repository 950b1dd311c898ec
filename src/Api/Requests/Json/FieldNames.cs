using System.Collections.Frozen;
using System.Runtime.CompilerServices;
using System.Text.Json;

namespace LlmTr.Api.Requests.Json;

/// <summary>
/// The top-level fields of one endpoint's body, for good or ill: each is a member of an enum, numbered from zero without a gap, and its JSON name is the member's
/// own in snake case.
/// </summary>
internal static class FieldNames<TField>
    where TField : struct, Enum
{
    /// <summary>The most fields that an endpoint may know.</summary>
    public const int Most = 48;

    private static readonly string[] Names = NamesOf(Enum.GetValues<TField>());

    private static readonly FrozenDictionary<string, TField>.AlternateLookup<ReadOnlySpan<char>> ByName =
        Enum.GetValues<TField>().ToFrozenDictionary(Of, StringComparer.Ordinal).GetAlternateLookup<ReadOnlySpan<char>>();

    /// <summary>The field's name in JSON.</summary>
    public static string Of(TField field) => Names[Index(field)];

    /// <summary>The field's number.</summary>
    public static int Index(TField field) => Unsafe.BitCast<TField, int>(field);

    /// <summary>The field of a JSON name, compared exactly.</summary>
    public static bool TryFind(ReadOnlySpan<char> name, out TField field) => ByName.TryGetValue(name, out field);

    private static string[] NamesOf(TField[] fields) => fields.Length <= Most
        ? [.. fields.Select(field => JsonNamingPolicy.SnakeCaseLower.ConvertName(field.ToString()))]
        : throw new InvalidOperationException($"{typeof(TField)} has more than {Most} fields.");
}

/// <summary>Names where they are asked for.</summary>
internal static class FieldNames
{
    /// <summary>The field's name in JSON.</summary>
    public static string Name<TField>(this TField field)
        where TField : struct, Enum => FieldNames<TField>.Of(field);
}
