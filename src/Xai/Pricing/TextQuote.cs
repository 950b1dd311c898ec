using LlmTr.Money;
using LlmTr.Xai.Catalogue;

namespace LlmTr.Xai.Pricing;

/// <summary>
/// What a text request is expected to cost at most, worked out before anything is sent, and the cap on its output that a granted hold covers.
/// The account grants <c>min(<see cref="Most"/>, max(<see cref="Least"/>, available / <see cref="AvailableDivisor"/>))</c> and refuses when
/// less than <see cref="Least"/> is available.
/// </summary>
public sealed class TextQuote
{
    /// <summary>
    /// The share of the available balance that a hold may take when the gateway chooses the cap: a quarter, so that several requests can run
    /// at once on a small balance.
    /// </summary>
    public const int ShareDivisor = 4;

    /// <summary>The largest input estimate in tokens. With it, and with the limits of the catalogue, no quote can overflow.</summary>
    public const long MostInputTokens = 4_000_000_000;

    private readonly TextModel _model;
    private readonly long _inputTokens;
    private readonly int? _ownCap;
    private readonly int? _heldOutput;
    private readonly int _agents;
    private readonly TextPrices _prices;

    private TextQuote(TextModel model, long inputTokens, int? maxOutputTokens, int agents)
    {
        (_model, _inputTokens, _ownCap, _agents) = (model, inputTokens, maxOutputTokens, agents);
        _prices = model.PricesAt(inputTokens);
        // A model that ignores the cap cannot be made cheaper by lowering it: neither by the gateway nor by the caller, whose cap is only ever a reason to hold more.
        _heldOutput = model.IgnoresMaxOutputTokens ? Math.Max(maxOutputTokens ?? 0, model.DefaultMaxOutputTokens) : maxOutputTokens;
        Most = UsdTicks.Max(model.LeastHold, CostAt(_heldOutput ?? model.DefaultMaxOutputTokens));
        Least = _heldOutput is null ? UsdTicks.Max(model.LeastHold, CostAt(model.LeastOutputTokens)) : Most;
    }

    /// <summary>The smallest hold that the request can run on.</summary>
    public UsdTicks Least { get; }

    /// <summary>The hold that covers the request at the largest cap.</summary>
    public UsdTicks Most { get; }

    /// <summary>What the available balance is divided by to find the share that this hold may take: 1 where the cap is not the gateway's choice.</summary>
    public int AvailableDivisor => _heldOutput is null ? ShareDivisor : 1;

    /// <summary>Works out the quote of one request.</summary>
    /// <param name="model">The model asked for.</param>
    /// <param name="inputTokens">The estimated input, 0 to <see cref="MostInputTokens"/>.</param>
    /// <param name="maxOutputTokens">The caller's own cap, 1 to the model's largest, or null to let the gateway choose.</param>
    /// <param name="agents">How many agents the effort sets to work, 1 to <see cref="ModelEffort.MostAgents"/>.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is outside its range.</exception>
    public static TextQuote For(TextModel model, long inputTokens, int? maxOutputTokens, int agents)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentOutOfRangeException.ThrowIfNegative(inputTokens);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(inputTokens, MostInputTokens);
        ArgumentOutOfRangeException.ThrowIfLessThan(agents, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(agents, ModelEffort.MostAgents);
        if (maxOutputTokens is { } cap)
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(cap, 1, nameof(maxOutputTokens));
            ArgumentOutOfRangeException.ThrowIfGreaterThan(cap, model.MostOutputTokens, nameof(maxOutputTokens));
        }

        return new TextQuote(model, inputTokens, maxOutputTokens, agents);
    }

    /// <summary>
    /// The <c>max_output_tokens</c> to send, which the grant covers: the caller's own, or the largest that fits, between the model's least
    /// and xAI's default.
    /// </summary>
    /// <param name="granted">What the account granted, at least <see cref="Least"/>.</param>
    /// <exception cref="ArgumentOutOfRangeException">The grant is below <see cref="Least"/>: such a request must not be sent.</exception>
    public int CapFor(UsdTicks granted)
    {
        var held = HeldOutputFor(granted);
        return _ownCap ?? held;
    }

    /// <summary>
    /// The tokens of output of one agent that a grant holds money for: the cap that is sent, but for a model that ignores it, where it is xAI's default or the caller's cap,
    /// whichever is more.
    /// </summary>
    /// <param name="granted">What the account granted, at least <see cref="Least"/>.</param>
    /// <exception cref="ArgumentOutOfRangeException">The grant is below <see cref="Least"/>: such a request must not be sent.</exception>
    public int HeldOutputFor(UsdTicks granted)
    {
        if (granted < Least)
            throw new ArgumentOutOfRangeException(nameof(granted), granted, $"The request holds {Least} at least.");
        if (_heldOutput is { } held)
            return held;
        var tokens = (granted.Value - CostAt(0).Value) / checked(_prices.Output.Value * _agents);
        return (int)Math.Min(tokens, _model.DefaultMaxOutputTokens);
    }

    /// <summary>
    /// What is charged when the answer broke off before it told its cost: the estimated input of every agent and an estimate of the output
    /// that came, never more than the hold. Whether xAI bills a cut stream is not known (xAI contract, section 11).
    /// </summary>
    /// <param name="deltaBytes">UTF-8 bytes of text, reasoning and arguments in the deltas that came, decoded.</param>
    /// <param name="deltaFrames">How many deltas came; xAI sends about a token in each, so they are a floor where the tokens are short.</param>
    /// <param name="granted">What the hold reserves, in ticks.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is negative.</exception>
    public UsdTicks EstimateOfBrokenStream(long deltaBytes, long deltaFrames, UsdTicks granted)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(deltaBytes);
        ArgumentOutOfRangeException.ThrowIfNegative(deltaFrames);
        ArgumentOutOfRangeException.ThrowIfNegative(granted.Value, nameof(granted));
        var outputTokens = Math.Max(deltaFrames, (deltaBytes / 3) + (deltaBytes % 3 > 0 ? 1 : 0));
        // Beyond this many tokens the hold is the answer, and the product below could not be written any more.
        if (outputTokens > granted.Value / _prices.Output.Value)
            return granted;
        return UsdTicks.Min(granted, CostAt(0) + (_prices.Output * outputTokens));
    }

    private UsdTicks CostAt(int outputTokens) => ((_prices.Input * _inputTokens) + (_prices.Output * outputTokens)) * _agents;
}
