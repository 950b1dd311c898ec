using LlmTr.Api.Errors;

namespace LlmTr.Api.Requests.Forms;

/// <summary>What an endpoint makes of a form.</summary>
internal interface IFormShape
{
    /// <summary>The largest form in bytes.</summary>
    long MostBytes { get; }

    /// <summary>The refusal of a larger one.</summary>
    ApiError TooLarge { get; }

    /// <summary>True for the parts that <see cref="TakeAsync"/> takes in; all others are fields.</summary>
    bool IsFile(string name);

    /// <summary>Takes in a file as it comes; the refusal when it cannot.</summary>
    ValueTask<ApiError?> TakeAsync(SentFile file, CancellationToken cancellation);

    /// <summary>True for fields that are numbers, true or false in JSON.</summary>
    bool IsLiteral(string name);

    /// <summary>True for fields that are only named back to the caller; a list or an object comes in several parts, of which one says enough.</summary>
    bool IsHint(string name);

    /// <summary>What the form lacks at its end, or null.</summary>
    ApiError? Missing();
}

/// <summary>A file in a form.</summary>
/// <param name="Name">The part's name.</param>
/// <param name="FileName">The file's own name; null without one.</param>
/// <param name="Content">Its bytes, to be read once and to their end.</param>
internal readonly record struct SentFile(string Name, string? FileName, Stream Content);
