using System.Text;
using LlmTr.Xai.Streaming;

namespace LlmTr.Xai.Tests.Streaming;

public class OutputEventTests
{
    [Theory]
    [InlineData("response.output_text.delta", OutputEventKind.Text)]
    [InlineData("response.refusal.delta", OutputEventKind.Refusal)]
    [InlineData("response.reasoning_summary_text.delta", OutputEventKind.Reasoning)]
    [InlineData("response.reasoning_text.delta", OutputEventKind.Reasoning)]
    [InlineData("response.function_call_arguments.delta", OutputEventKind.CallArguments)]
    [InlineData("response.code_interpreter_call_code.delta", OutputEventKind.Other)]
    [InlineData("response.output_text.done", OutputEventKind.Other)]
    public void Delta_IsReadAsItIsWritten_WhetherTheEventIsNamedOrTyped(string type, OutputEventKind kind)
    {
        const string data = """{"sequence_number":4,"delta":"a\u00e9\n","output_index":3}""";

        var isPiece = kind != OutputEventKind.Other;
        Read($"event: {type}\ndata: {data}\n\n").Should().Be((kind, isPiece ? "\"a\\u00e9\\n\"" : "", isPiece ? 3L : (long?)null));
        Read($"data: {data[..^1]},\"type\":\"{type}\"}}\n\n").Kind.Should().Be(kind);
        Read($"event: message\ndata: {data[..^1]},\"type\":\"{type}\"}}\n\n").Kind.Should().Be(kind);
    }

    [Theory]
    [InlineData("response.output_item.added", OutputEventKind.CallBegun)]
    [InlineData("response.output_item.done", OutputEventKind.CallDone)]
    public void Item_CountsWhereItIsACall(string type, OutputEventKind kind)
    {
        Read($$"""data: {"type":"{{type}}","item":{"type":"function_call","call_id":"c"},"output_index":0}""").Kind.Should().Be(kind);
        Read($$"""data: {"type":"{{type}}","item":{"type":"message","id":"m"},"output_index":0}""").Kind.Should().Be(OutputEventKind.Other);
    }

    [Theory]
    [InlineData("""{"delta":7}""")]
    [InlineData("""{"text":"a"}""")]
    [InlineData("""{"delta":"cut""")]
    [InlineData("""["delta","a"]""")]
    [InlineData("[DONE]")]
    [InlineData("")]
    public void Data_ThatLacksThePiece_IsNone(string data) => Read($"event: response.output_text.delta\ndata: {data}\n\n").Kind.Should().Be(OutputEventKind.Other);

    [Theory]
    [InlineData("-1")]
    [InlineData("\"0\"")]
    [InlineData("1.5")]
    public void Index_ThatIsNoCount_IsNotTold(string index) =>
        Read($"event: response.output_text.delta\ndata: {{\"delta\":\"a\",\"output_index\":{index}}}\n\n").Should().Be((OutputEventKind.Text, "\"a\"", null));

    [Fact]
    public void DataOfSeveralLines_IsReadAsOne() =>
        Read("event: response.output_text.delta\ndata: {\"delta\":\ndata: \"a\"}\n\n").Should().Be((OutputEventKind.Text, "\"a\"", null));

    private static (OutputEventKind Kind, string Delta, long? Index) Read(string frame)
    {
        var parsed = new SseFrame(Encoding.UTF8.GetBytes(frame));
        using var data = parsed.ReadData();
        var read = OutputEvent.Read(parsed, data.Span);
        return (read.Kind, Encoding.UTF8.GetString(read.Delta), read.OutputIndex);
    }
}
