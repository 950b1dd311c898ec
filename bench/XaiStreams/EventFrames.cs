using System.Buffers;
using System.Globalization;
using System.Text;

namespace LlmTr.XaiStreams;

/// <summary>The events of an answer in the order of xAI contract, section 3.7, made beforehand but for their stamps.</summary>
internal static class EventFrames
{
    // The place of a stamp: what TimeProvider.GetTimestamp said, in 20 digits. All processes of a machine share that clock.
    private const string Stamp = "@@@@@@@@@@@@@@@@@@@@";
    private const string Id = "006cb394-e479-972b-b41e-422dbefebb96";
    private const string Part = """{"text":"","type":"output_text","logprobs":[],"annotations":[]}""";

    private static readonly Frame[] _frames = [.. Enumerable.Range(0, EventStream.Events).Select(Make)];

    /// <summary>Writes the event of this number, 0 to 199.</summary>
    public static void Write(IBufferWriter<byte> writer, int number, long timestamp)
    {
        var (bytes, stampAt) = _frames[number];
        var target = writer.GetSpan(bytes.Length);
        bytes.CopyTo(target);
        if (stampAt >= 0)
            timestamp.TryFormat(target.Slice(stampAt, Stamp.Length), out _, "d20", CultureInfo.InvariantCulture);
        writer.Advance(bytes.Length);
    }

    private static Frame Make(int number)
    {
        var (type, fields) = Event(number);
        var bytes = Encoding.UTF8.GetBytes($"event: {type}\ndata: {{\"sequence_number\":{number},\"type\":\"{type}\",{fields}}}\n\n");
        return new Frame(bytes, bytes.AsSpan().IndexOf(Encoding.UTF8.GetBytes(Stamp)));
    }

    private static (string Type, string Fields) Event(int number) => number switch
    {
        0 => ("response.created", Response("in_progress", "", "null")),
        1 => ("response.in_progress", Response("in_progress", "", "null")),
        2 => ("response.output_item.added", $$"""
            "item":{"content":[],"id":"msg_{{Id}}","role":"assistant","type":"message","status":"in_progress"},"output_index":0
            """),
        3 => ("response.content_part.added", $$"""
            "content_index":0,"item_id":"msg_{{Id}}","output_index":0,"part":{{Part}}
            """),
        EventStream.Events - 1 => ("response.completed", Response("completed", $$"""{"content":[{{Part}}],"id":"msg_{{Id}}","role":"assistant","type":"message","status":"completed"}""", """
            {"input_tokens":200,"input_tokens_details":{"cached_tokens":64},"output_tokens":195,"output_tokens_details":{"reasoning_tokens":0},"total_tokens":395,"num_sources_used":0,"num_server_side_tools_used":0,"cost_in_usd_ticks":5000}
            """)),
        _ => ("response.output_text.delta", $$"""
            "content_index":0,"delta":"{{Stamp}}","item_id":"msg_{{Id}}","output_index":0
            """),
    };

    private static string Response(string status, string output, string usage) => $$$"""
        "response":{"created_at":1786401002,"id":"{{{Id}}}","max_output_tokens":64,"model":"grok-4.3","object":"response","output":[{{{output}}}],"parallel_tool_calls":true,"previous_response_id":null,"reasoning":{"effort":null,"summary":null},"temperature":0.7,"text":{"format":{"type":"text"}},"tool_choice":"auto","tools":[],"top_p":0.95,"usage":{{{usage}}},"user":null,"incomplete_details":null,"status":"{{{status}}}","store":false,"error":null,"instructions":null}
        """;

    private sealed record Frame(byte[] Bytes, int StampAt);
}
