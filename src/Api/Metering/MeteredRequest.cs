using LlmTr.Api.Errors;
using LlmTr.Grains.Abstractions;
using LlmTr.Money;
using LlmTr.Xai.Refusals;
using LlmTr.Xai.Wire;

namespace LlmTr.Api.Metering;

/// <summary>
/// A validated request for one thing of xAI's: what a <see cref="MeteredCall"/> must know to hold money for it, send it, and read its cost
/// out of the answer. Each endpoint has its own; none of them touches money but through the call.
/// </summary>
internal interface IMeteredRequest
{
    /// <summary>The public model id, for the ledger.</summary>
    string Model { get; }

    /// <summary>The public path, for the ledger.</summary>
    string Endpoint { get; }

    /// <summary>xAI's path below its base URL.</summary>
    string UpstreamPath { get; }

    /// <summary>What the request is expected to cost at most.</summary>
    Quote Quote { get; }

    /// <summary>The caller's <c>max_budget_usd</c>.</summary>
    UsdTicks? Budget { get; }

    /// <summary>How long the call may take.</summary>
    CallLimits Limits { get; }

    /// <summary>True where an answer "at capacity" of xAI's own proves that repeating the request cannot bill it twice.</summary>
    bool RepeatsAtCapacity { get; }

    /// <summary>What xAI bills, by the catalogue, for a result that it made and then refused (<see cref="XaiRefusal.IsOfResult"/>); null where it is not known to bill that.</summary>
    UsdTicks? CostOfRefusedResult => null;

    /// <summary>True where <see cref="Count"/> must still tell whether the request is valid, before anything else is done with it.</summary>
    bool MustBeCounted => false;

    /// <summary>Tells repeats of an idempotency key from other requests: the fingerprint of the body as it came.</summary>
    Fingerprint BodyFingerprint { get; }

    /// <summary>Ends the checks of a request that <see cref="MustBeCounted"/>. It may take a second of a core.</summary>
    /// <returns>What is wrong with the request, or null.</returns>
    ApiError? Count() => null;

    /// <summary>What is sent, once the grant is known. Called once; what it returns is called for each attempt.</summary>
    /// <param name="granted">What the hold reserves.</param>
    /// <param name="grantedTokens">The tokens that the request may use, input and cap together.</param>
    Func<HttpContent> Forward(UsdTicks granted, long grantedTokens);

    /// <summary>
    /// Reads the answer of a 2xx, ends the hold through the call exactly once, and delivers. The end of the answer leaves only after the settlement.
    /// </summary>
    Task AnswerAsync(MeteredCall call, XaiReply reply);
}

/// <summary>What a hold asks for; see <c>PlaceHold</c>.</summary>
/// <param name="Least">The least that is of any use.</param>
/// <param name="Most">The most that the request can use.</param>
/// <param name="AvailableDivisor">The hold takes at most the available balance, and the tokens left of a limit, divided by this.</param>
/// <param name="LeastTokens">The least tokens that are of any use, input and cap together; zero where nothing is counted in tokens.</param>
/// <param name="MostTokens">The most tokens that the request can use.</param>
internal readonly record struct Quote(UsdTicks Least, UsdTicks Most, int AvailableDivisor, long LeastTokens = 0, long MostTokens = 0);

/// <summary>The time limits of one call.</summary>
/// <param name="FirstByte">From sending to the first byte of the answer.</param>
/// <param name="Idle">Silence in mid-answer.</param>
/// <param name="Total">From sending to the end of the answer.</param>
/// <param name="HoldLifetime">The hold's life, beyond all of these and the settlement's retries.</param>
internal readonly record struct CallLimits(TimeSpan FirstByte, TimeSpan Idle, TimeSpan Total, TimeSpan HoldLifetime);
