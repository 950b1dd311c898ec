using System.Text;
using LlmTr.Xai.Responses;

namespace LlmTr.Xai.Tests.Responses;

public class OutputPiecesTests
{
    [Fact]
    public void Pieces_ComeInTheOrderOfTheOutput_AsTheyAreWritten() =>
        PiecesOf(
            """
            {"output":[{"summary":[{"text":"w\u0068y","type":"summary_text"},{"type":"summary_text","text":"so"}],"type":"reasoning"},
             {"type":"message","content":[{"text":"a\n","type":"output_text"},{"type":"refusal","refusal":"no","text":"x"}]},
             {"arguments":"{\"a\":1}","call_id":"c","id":"fc","name":"f","type":"function_call"}]}
            """).Should().Equal("Reasoning \"w\\u0068y\"", "Reasoning \"so\"", "Text \"a\\n\"", "Refusal \"no\"", "Call \"c\" \"f\" \"{\\\"a\\\":1}\"");

    [Theory]
    [InlineData("{}")]
    [InlineData("""{"output":null}""")]
    [InlineData("""{"output":{"type":"message"}}""")]
    [InlineData("""{"output":[]}""")]
    [InlineData("""{"output":[null,7,"message",[],{}]}""")]
    [InlineData("""{"output":[{"type":"message"},{"type":"message","content":"text"},{"type":"message","content":[7,{"type":"output_text"},{"text":null}]}]}""")]
    [InlineData("""{"output":[{"type":"web_search_call","content":[{"text":"x"}]}]}""")]
    [InlineData("""{"message":{"output":[{"type":"message","content":[{"text":"deeper inside"}]}]}}""")]
    public void WhatIsNoPiece_IsPassedOver(string response) => PiecesOf(response).Should().BeEmpty();

    [Fact]
    public void OfAMemberThatComesTwice_TheLastCounts() =>
        PiecesOf("""{"output":[{"type":"message","content":[{"text":"a"}],"content":[{"text":"b","text":"c"}]}]}""").Should().Equal("Text \"c\"");

    [Fact]
    public void CallWithoutACallId_IsNamedByItsOwn() => PiecesOf("""{"output":[{"type":"function_call","id":"fc","name":7}]}""").Should().Equal("Call \"fc\"  ");

    private static List<string> PiecesOf(string response)
    {
        List<string> found = [];
        var pieces = new OutputPieces(Encoding.UTF8.GetBytes(response));
        while (pieces.MoveNext())
        {
            found.Add($"{pieces.Kind} " + (pieces.Kind == OutputPieceKind.Call
                ? $"{Text(pieces.Call.CallId)} {Text(pieces.Call.Name)} {Text(pieces.Call.Arguments)}"
                : Text(pieces.Text)));
        }

        return found;
    }

    private static string Text(ReadOnlySpan<byte> utf8) => Encoding.UTF8.GetString(utf8);
}
