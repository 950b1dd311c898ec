using System.Reflection;
using System.Text.Json.Serialization;
using LlmTr.Api.Errors;
using LlmTr.Api.Errors.Languages;
using LlmTr.Grains.Telemetry;

namespace LlmTr.Api.Tests.Errors.Languages;

/// <summary>
/// Nothing that the code can say to a caller is without Turkish. Read from the program's own code, so that a sentence which no test provokes is seen too:
/// every literal of more than one word must stand in a template, or be known here as something that no caller is told.
/// </summary>
public sealed class CompletenessTests
{
    /// <summary>Who speaks to nobody, or to operators in a terminal, a log, a metric or a document.</summary>
    private static readonly string[] NotToCallers =
    [
        "LlmTr.Api.OpenApi.", "LlmTr.Api.Demo.", "LlmTr.Api.Telemetry.",
        "LlmTr.Api.Hosting.Banner", "LlmTr.Api.Hosting.CrossOrigin", "LlmTr.Api.Hosting.Gateway", "LlmTr.Api.Hosting.PageHeaders",
        "LlmTr.Api.Errors.Languages.", "LlmTr.Api.Accounts.", "LlmTr.Api.Models.ModelPrices", "LlmTr.Api.Requests.RequestTrace", "LlmTr.Api.Requests.Json.FieldNames",
    ];

    /// <summary>Beginnings of what is said at a start that fails: settings and their ranges.</summary>
    private static readonly string[] Settings = ["Audio: ", "Metering: ", "Readiness:", "Shutdown:", "Video:"];

    /// <summary>Reasons in the ledger and the log, header values, exceptions that are faults.</summary>
    private static readonly HashSet<string> Known =
    [
        "failed at xAI without a cost", "failed at xAI without a cost: ", "nothing of the stream came: ", "the stream ended before its answer did",
        "a success whose body is not JSON", "a success without images and without a cost", "a success that is no audio",
        "a success that is no transcript", "headers came, but nothing of the answer",
        "headers came, but nothing of the transcript", "headers of audio came, but none of it", "sent, and no answer came",
        "the hold was not answered", "refused, and asked for more than once", "the client left before anything was sent", "the hold was too old to be used",
        "xAI could not be reached; nothing was sent", "refused by xAI: ", "unreadable answer, status ", "report unreconciled",
        "the gateway failed in mid-call", "the gateway failed before anything was sent",
        ", with a cost that cannot be read",
        "application/json; charset=utf-8", "text/csv; charset=utf-8", "text/plain; charset=utf-8", "text/vtt; charset=utf-8", "private, max-age=3600", "Bearer ", ":min, :low, :medium, :med, :high, :xhigh, :max",
        "Not the id of a key.", "llmtr video content",
        "This format is xAI's own.", "A spooled upload is shorter than what was written to it.", "No silo answers.", "The account answered ", " to a posting.", " to a command that cannot lead to it.",
        "Basic realm=\"admin token as password\", charset=\"UTF-8\"",
    ];

    [Fact]
    public void EveryPieceOfASentenceInTheCode_StandsInATemplate()
    {
        var texts = TurkishSentences.All.SelectMany(static pair => pair.English.Texts).ToArray();
        var literals = Of(typeof(ApiError).Assembly, "LlmTr.Api.").Concat(Of(typeof(GatewayTelemetry).Assembly, "LlmTr.Grains.Video.JobErrors")).ToArray();
        literals.Select(static literal => literal.Text).Should().Contain("The body is empty; send a JSON object.").And.Contain("xAI finished without a video.");

        literals
            .Where(literal => !texts.Any(text => text.Contains(literal.Text, StringComparison.Ordinal)) && !IsTold(literal.Text))
            .Select(static literal => $"{literal.Type.FullName}: {literal.Text}")
            .Distinct()
            .Should().BeEmpty();
    }

    private static IEnumerable<(Type Type, string Text)> Of(Assembly assembly, string beginning) => Literals.Of(assembly).Where(literal =>
        literal.Type.FullName!.StartsWith(beginning, StringComparison.Ordinal)
        && !NotToCallers.Any(name => literal.Type.FullName.StartsWith(name, StringComparison.Ordinal))
        && !IsSerializer(literal.Type)
        && literal.Text.Contains(' ', StringComparison.Ordinal)
        && literal.Text.Any(char.IsAsciiLetter)
        && !Known.Contains(literal.Text)
        && !Settings.Any(setting => literal.Text.StartsWith(setting, StringComparison.Ordinal)));

    private static bool IsSerializer(Type type) => type.IsAssignableTo(typeof(JsonSerializerContext)) || (type.DeclaringType is { } outer && IsSerializer(outer));

    // As it stands, or as the complaint that follows a field's name.
    private static bool IsTold(string text) =>
        TurkishSentences.Find(text) is not null
        || TurkishSentences.Find($"The field 'x' {text}.") is not null
        || TurkishSentences.Find($"'x' {text}.") is not null;
}
