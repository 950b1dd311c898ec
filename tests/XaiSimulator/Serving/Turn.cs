using LlmTr.XaiSimulator.Control;
using LlmTr.XaiSimulator.Wire;

namespace LlmTr.XaiSimulator.Serving;

/// <summary>What an area needs to answer one request, beside the request.</summary>
/// <param name="Incoming">The request as it came.</param>
/// <param name="Behaviour">How it is to be answered.</param>
/// <param name="Now">The time of the answer.</param>
/// <param name="ApiKey">The only key that is accepted.</param>
/// <param name="Errors">The simulator's family of code words.</param>
internal sealed record Turn(Incoming Incoming, Behaviour Behaviour, DateTimeOffset Now, string ApiKey, ErrorFamily Errors)
{
    /// <summary>The family of code words in this reply.</summary>
    public ErrorFamily Family => Behaviour.Errors ?? Errors;

    /// <summary>What is wrong with the key, or null: without a header 401, any other key 400 (xAI contract, section 10, general 1).</summary>
    public Fault? KeyFault() => Incoming.Authorization switch
    {
        null => Fault.NoCredentials,
        var header when header == $"Bearer {ApiKey}" => null,
        _ => Fault.WrongKey,
    };

    /// <summary>A refusal in the family that was asked for.</summary>
    public Reply Refuse(Fault fault) => Reply.Of(fault, Family);

    /// <summary>The reply that the behaviour gives word for word, or null.</summary>
    /// <param name="answered">The headers of this route's answers.</param>
    public Reply? Scripted(HeaderSet answered) => ScriptedReply.From(Behaviour, Family, answered);
}
