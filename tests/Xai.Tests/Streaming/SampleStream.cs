using System.Text;

namespace LlmTr.Xai.Tests.Streaming;

/// <summary>A whole stream of an answer, event by event as the xAI contract, sections 3.7 and 10.2, describes it.</summary>
internal static class SampleStream
{
    public const long CostTicks = 2_218_500;

    public const string Usage =
        """{"input_tokens":205,"input_tokens_details":{"cached_tokens":128},"output_tokens":40,"output_tokens_details":{"reasoning_tokens":31},"total_tokens":245,"num_sources_used":0,"num_server_side_tools_used":0,"cost_in_usd_ticks":2218500,"context_details":{"input_tokens":205,"output_tokens":40}}""";

    /// <summary>Event names and data, in order.</summary>
    public static IReadOnlyList<(string Event, string Data)> Events { get; } =
    [
        ("response.created", $$"""{"sequence_number":0,"type":"response.created","response":{{Response("in_progress", "[]", "null")}}}"""),
        ("response.in_progress", $$"""{"sequence_number":1,"type":"response.in_progress","response":{{Response("in_progress", "[]", "null")}}}"""),
        ("response.output_item.added", """{"sequence_number":2,"type":"response.output_item.added","item":{"id":"rs_1","summary":[],"type":"reasoning","status":"in_progress"},"output_index":0}"""),
        ("response.reasoning_summary_part.added", """{"sequence_number":3,"type":"response.reasoning_summary_part.added","item_id":"rs_1","output_index":0,"part":{"text":"","type":"summary_text"},"summary_index":0}"""),
        ("response.reasoning_summary_text.delta", """{"sequence_number":4,"type":"response.reasoning_summary_text.delta","delta":"Short","item_id":"rs_1","output_index":0,"summary_index":0}"""),
        ("response.reasoning_summary_text.done", """{"sequence_number":5,"type":"response.reasoning_summary_text.done","item_id":"rs_1","output_index":0,"summary_index":0,"text":"Short"}"""),
        ("response.reasoning_summary_part.done", """{"sequence_number":6,"type":"response.reasoning_summary_part.done","item_id":"rs_1","output_index":0,"part":{"text":"Short","type":"summary_text"},"summary_index":0}"""),
        ("response.output_item.done", """{"sequence_number":7,"type":"response.output_item.done","item":{"id":"rs_1","summary":[{"text":"Short","type":"summary_text"}],"type":"reasoning","status":"completed"},"output_index":0}"""),
        ("response.output_item.added", """{"sequence_number":8,"type":"response.output_item.added","item":{"content":[],"id":"msg_1","role":"assistant","type":"message","status":"in_progress"},"output_index":1}"""),
        ("response.content_part.added", """{"sequence_number":9,"type":"response.content_part.added","content_index":0,"item_id":"msg_1","output_index":1,"part":{"type":"output_text","text":"","logprobs":[],"annotations":[]}}"""),
        ("response.output_text.delta", """{"sequence_number":10,"type":"response.output_text.delta","content_index":0,"delta":"Merhaba ","item_id":"msg_1","output_index":1,"logprobs":[]}"""),
        ("response.output_text.delta", """{"sequence_number":11,"type":"response.output_text.delta","content_index":0,"delta":"dünya\n","item_id":"msg_1","output_index":1,"logprobs":[]}"""),
        ("response.output_text.done", """{"sequence_number":12,"type":"response.output_text.done","content_index":0,"item_id":"msg_1","output_index":1,"text":"Merhaba dünya\n","logprobs":[]}"""),
        ("response.content_part.done", """{"sequence_number":13,"type":"response.content_part.done","content_index":0,"item_id":"msg_1","output_index":1,"part":{"type":"output_text","text":"Merhaba dünya\n","logprobs":[],"annotations":[]}}"""),
        ("response.output_item.done", """{"sequence_number":14,"type":"response.output_item.done","item":{"content":[{"type":"output_text","text":"Merhaba dünya\n","logprobs":[],"annotations":[]}],"id":"msg_1","role":"assistant","type":"message","status":"completed"},"output_index":1}"""),
        ("response.completed", $$"""{"sequence_number":15,"type":"response.completed","response":{{Response("completed", """[{"content":[{"type":"output_text","text":"Merhaba dünya\n"}],"id":"msg_1","role":"assistant","type":"message","status":"completed"}]""", Usage)}}}"""),
    ];

    /// <summary>The stream's frames with the given line end.</summary>
    public static IReadOnlyList<string> Frames(string lineEnd = "\n") =>
        [.. Events.Select(e => $"event: {e.Event}{lineEnd}data: {e.Data}{lineEnd}{lineEnd}")];

    public static byte[] Bytes(IEnumerable<string> frames) => Encoding.UTF8.GetBytes(string.Concat(frames));

    /// <summary>A response object with its members in xAI's order. Tools and metadata hold members of the names that matter.</summary>
    public static string Response(string status, string output, string usage, string model = "grok-4.3") =>
        $$$"""{"created_at":1786401002,"completed_at":null,"id":"006cb394-e479-972b-b41e-422dbefebb96","max_output_tokens":null,"model":"{{{model}}}","object":"response","output":{{{output}}},"parallel_tool_calls":true,"previous_response_id":null,"reasoning":{"effort":null,"summary":null},"temperature":0.699999988079071,"text":{"format":{"type":"text"}},"tool_choice":"auto","tools":[{"type":"function","name":"f","parameters":{"type":"object","properties":{"model":{"type":"string"},"usage":{"cost_in_usd_ticks":1}},"model":"nested"}}],"top_p":0.949999988079071,"usage":{{{usage}}},"user":null,"incomplete_details":null,"status":"{{{status}}}","store":false,"metadata":{"model":"nested","system_fingerprint":"fp_eb3c003fc66c14ed"},"background":false,"service_tier":"default","error":null,"instructions":null}""";
}
