using System.Collections.Frozen;
using System.Text.Json;

namespace LlmTr.Api.Requests.Json;

/// <summary>The names inside forwarded objects that mean something here. The JSON name is the member's own in snake case.</summary>
internal enum Member
{
    Other,
    Arguments,
    Audio,
    CallId,
    Content,
    Detail,
    Effort,
    EncryptedContent,
    FileId,
    Format,
    Function,
    FunctionCall,
    Id,
    ImageUrl,
    IncludeUsage,
    JsonSchema,
    Name,
    Output,
    Parameters,
    Role,
    Schema,
    Status,
    Summary,
    Text,
    ToolCallId,
    ToolCalls,
    Type,
    Url,
}

/// <summary>
/// Walks over the members of one object. Names are compared once their escapes are undone. A name that means something and is there twice is
/// remembered, since two parsers may disagree about which one counts: whoever walks must check every value and then refuse.
/// </summary>
internal struct MemberWalk
{
    private static readonly FrozenDictionary<string, Member>.AlternateLookup<ReadOnlySpan<char>> ByName =
        Enum.GetValues<Member>().Where(member => member != Member.Other)
            .ToFrozenDictionary(JsonName, StringComparer.Ordinal).GetAlternateLookup<ReadOnlySpan<char>>();

    private uint _seen;

    /// <summary>The member that the reader stands on the value of.</summary>
    public Member Current { get; private set; }

    /// <summary>A member that was there twice, or <see cref="Member.Other"/>.</summary>
    public Member Repeated { get; private set; }

    /// <summary>Steps to the value of the next member; false at the object's end. The value before must have been read to its end.</summary>
    public bool Next(ref Utf8JsonReader reader)
    {
        reader.Read();
        if (reader.TokenType == JsonTokenType.EndObject)
            return false;
        Current = Named(reader);
        if (Current != Member.Other)
        {
            if ((_seen & (1u << (int)Current)) != 0)
                Repeated = Current;
            _seen |= 1u << (int)Current;
        }

        reader.Read();
        return true;
    }

    /// <summary>True once the member has been there.</summary>
    public readonly bool Saw(Member member) => (_seen & (1u << (int)member)) != 0;

    /// <summary>The meaning of the name that the reader stands on.</summary>
    public static Member Named(in Utf8JsonReader reader) =>
        ByName.TryGetValue(JsonText.Word(reader, stackalloc char[JsonText.LongestWord]), out var member) ? member : Member.Other;

    /// <summary>The name in JSON.</summary>
    public static string JsonName(Member member) => JsonNamingPolicy.SnakeCaseLower.ConvertName(member.ToString());
}
