using LlmTr.Api.Errors;
using LlmTr.Api.Requests.Json;

namespace LlmTr.Api.Responses;

/// <summary>Where in a list of items or messages the check stands, to be written out only for a complaint.</summary>
/// <param name="Field">The top-level field.</param>
/// <param name="Item">The index of the item or message.</param>
/// <param name="Parts">The member that holds the parts, when inside one.</param>
/// <param name="Part">The index of the part.</param>
internal readonly record struct ItemPlace(string Field, int Item, string? Parts = null, int Part = 0)
{
    /// <summary>The path of this place, or of a member of it.</summary>
    public string Of(string? member = null) =>
        $"{Field}[{Item}]{(Parts is null ? "" : $".{Parts}[{Part}]")}{(member is null ? "" : $".{member}")}";

    /// <summary>A member is of a wrong type.</summary>
    public ApiError MustBe(Member member, string what) =>
        ApiError.InvalidRequest($"'{MemberWalk.JsonName(member)}' must be {what}.", Of(MemberWalk.JsonName(member)));

    /// <summary>A member is there twice.</summary>
    public ApiError Repeated(Member member) =>
        ApiError.InvalidRequest($"'{MemberWalk.JsonName(member)}' is there twice.", Of(MemberWalk.JsonName(member)));

    /// <summary>A member is not there.</summary>
    public ApiError Missing(Member member) =>
        ApiError.InvalidRequest($"'{MemberWalk.JsonName(member)}' is missing.", Of(MemberWalk.JsonName(member)));

    /// <summary>A complaint when the member was not there.</summary>
    public ApiError? Needs(in MemberWalk members, Member member) => members.Saw(member) ? null : Missing(member);
}
