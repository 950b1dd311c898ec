using System.Collections.Frozen;
using System.Globalization;
using System.Text;
using LlmTr.XaiSimulator.Wire;

namespace LlmTr.XaiSimulator.Control;

/// <summary>The words of a <see cref="Behaviour"/>, the same in a script's JSON and in a prompt's marker.</summary>
public static class Vocabulary
{
    private delegate Behaviour Word(Behaviour behaviour, string value);

    private static readonly FrozenDictionary<string, Word> Words = new Dictionary<string, Word>
    {
        ["fault"] = (b, v) => b with { Fault = FaultNamed(v) },
        ["errors"] = (b, v) => b with { Errors = Choice<ErrorFamily>("errors", v) },
        ["status"] = (b, v) => b with { Status = Number("status", v, 200, 599) },
        ["body"] = (b, v) => b with { Body = Encoding.UTF8.GetBytes(v) },
        ["body_base64"] = (b, v) => b with { Body = Convert.FromBase64String(v) },
        ["content_type"] = (b, v) => b with { ContentType = v },
        ["retry_after"] = (b, v) => b with { RetryAfter = Number("retry_after", v) },
        ["delay_ms"] = (b, v) => b with { Delay = TimeSpan.FromMilliseconds(Number("delay_ms", v)) },
        ["pace_ms"] = (b, v) => b with { Pace = TimeSpan.FromMilliseconds(Number("pace_ms", v)) },
        ["step"] = (b, v) => b with { Step = Flag("step", v) },
        ["cut"] = (b, v) => b with { Cut = Choice<BreakPoint>("cut", v) },
        ["stall"] = (b, v) => b with { Stall = Choice<BreakPoint>("stall", v) },
        ["after"] = (b, v) => b with { After = Number("after", v) },
        ["reset"] = (b, v) => b with { Reset = Flag("reset", v) },
        ["answer"] = (b, v) => b with { Answer = v },
        ["answer_bytes"] = (b, v) => b with { AnswerBytes = Number("answer_bytes", v) },
        ["deltas"] = (b, v) => b with { Deltas = Number("deltas", v, 1) },
        ["call"] = (b, v) => b with { Call = v },
        ["arguments"] = (b, v) => b with { Arguments = v },
        ["model"] = (b, v) => b with { Model = v },
        ["end"] = (b, v) => b with { End = Choice<Ending>("end", v) },
        ["reason"] = (b, v) => b with { Reason = v },
        ["done"] = (b, v) => b with { Done = Flag("done", v) },
        ["cap"] = (b, v) => b with { Cap = Choice<Cap>("cap", v) },
        ["cost"] = (b, v) => b with { Cost = CostSwitch.Parse(v) },
        ["usage"] = (b, v) => b with { Usage = Choice<UsageSwitch>("usage", v) },
        ["input_tokens"] = (b, v) => b with { InputTokens = Number("input_tokens", v) },
        ["cached_tokens"] = (b, v) => b with { CachedTokens = Number("cached_tokens", v) },
        ["output_tokens"] = (b, v) => b with { OutputTokens = Number("output_tokens", v) },
        ["reasoning_tokens"] = (b, v) => b with { ReasoningTokens = Number("reasoning_tokens", v) },
        ["server_tools"] = (b, v) => b with { ServerTools = Number("server_tools", v) },
        ["line_end"] = (b, v) => b with { LineEnd = Choice<LineEnd>("line_end", v) },
        ["split_data"] = (b, v) => b with { SplitData = Flag("split_data", v) },
        ["comments"] = (b, v) => b with { Comments = Flag("comments", v) },
        ["writes"] = (b, v) => b with { Writes = Choice<Writes>("writes", v) },
        ["redirect"] = (b, v) => b with { Redirect = v },
        ["pieces"] = (b, v) => b with { Pieces = Number("pieces", v, 1) },
        ["moderated"] = (b, v) => b with { Moderated = Flag("moderated", v) },
        ["url"] = (b, v) => b with { Url = v },
        ["expires_ms"] = (b, v) => b with { Expires = TimeSpan.FromMilliseconds(Number("expires_ms", v)) },
        ["expired"] = (b, v) => b with { Expired = Number("expired", v, 400, 599) },
        ["file_bytes"] = (b, v) => b with { FileBytes = Number("file_bytes", v) },
        ["duration"] = (b, v) => b with { Duration = DurationSwitch.Parse(v) },
        ["video"] = (b, v) => b with { Video = Choice<VideoEnding>("video", v) },
        ["polls"] = (b, v) => b with { Polls = Number("polls", v) },
        ["takes_ms"] = (b, v) => b with { Takes = TimeSpan.FromMilliseconds(Number("takes_ms", v)) },
        ["empty_pending"] = (b, v) => b with { EmptyPending = Flag("empty_pending", v) },
        ["grace"] = (b, v) => b with { Grace = Number("grace", v) },
        ["poll_faults"] = (b, v) => b with { PollFaults = Number("poll_faults", v) },
        ["poll_fault"] = (b, v) => b with { PollFault = FaultNamed(v) },
        ["cost_later"] = (b, v) => b with { CostLater = CostSwitch.Parse(v) },
    }.ToFrozenDictionary();

    /// <summary>The behaviour with one word added or changed.</summary>
    /// <exception cref="FormatException">There is no such word, or it does not take that value; the message says what it takes.</exception>
    public static Behaviour With(this Behaviour behaviour, string word, string value) => Words.TryGetValue(word, out var apply)
        ? apply(behaviour, value)
        : throw new FormatException($"'{word}' is no behaviour; the words are {string.Join(", ", Words.Keys.Order(StringComparer.Ordinal))}.");

    private static Fault FaultNamed(string name) => Fault.ByName(name)
        ?? throw new FormatException($"'{name}' is no fault; the faults are {string.Join(", ", Fault.All.Select(fault => fault.Name))}.");

    private static int Number(string word, string value, int least = 0, int most = int.MaxValue) =>
        int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most
            ? number
            : throw new FormatException($"{word} is '{value}'; it takes a whole number from {least} to {most}.");

    private static bool Flag(string word, string value) => value switch
    {
        "true" => true,
        "false" => false,
        _ => throw new FormatException($"{word} is '{value}'; it takes true or false."),
    };

    private static T Choice<T>(string word, string value)
        where T : struct, Enum
    {
        foreach (var choice in Enum.GetValues<T>())
        {
            if (Written(choice.ToString()) == value)
                return choice;
        }

        var choices = Enum.GetNames<T>().Select(Written);
        throw new FormatException($"{word} is '{value}'; it takes {string.Join(", ", choices)}.");
    }

    /// <summary>FailedWithUsage is written failed-with-usage.</summary>
    private static string Written(string name) =>
        string.Concat(name.Select((letter, i) => char.IsUpper(letter) && i > 0 ? $"-{char.ToLowerInvariant(letter)}" : $"{char.ToLowerInvariant(letter)}"));
}
