namespace LlmTr.Bench.Upstreams;

/// <summary>A complete answer of <c>/v1/responses</c> with the fields and in the order of xAI contract, section 3.5.</summary>
internal static class FixedAnswer
{
    // xAI contract, section 2: 200 tokens in, 64 of them cached, and 4 out cost 1,928,000 ticks. Reported is far less, so that a key with 0.01 USD lasts for a whole
    // measurement; a reported cost is charged as it is.
    private const long CostInTicks = 5_000;

    /// <summary>One that is so many bytes long, all but about 1 KB of it text.</summary>
    public static string OfLength(int bytes)
    {
        var empty = With("");
        return With(new string('x', Math.Max(1, bytes - empty.Length)));
    }

    private static string With(string text) =>
        $$$"""
        {"created_at":1786400843,"completed_at":1786400844,"id":"92c1ce66-971b-9f7b-be5a-27ee1a60da1e","max_output_tokens":64,"model":"grok-4.3","object":"response","output":[{"content":[{"type":"output_text","text":"{{{text}}}","logprobs":[],"annotations":[]}],"id":"msg_92c1ce66-971b-9f7b-be5a-27ee1a60da1e","role":"assistant","type":"message","status":"completed"}],"parallel_tool_calls":true,"previous_response_id":null,"reasoning":{"effort":"low","summary":null},"temperature":0.7,"text":{"format":{"type":"text"}},"tool_choice":"auto","tools":[],"top_p":0.95,"usage":{"input_tokens":200,"input_tokens_details":{"cached_tokens":64},"output_tokens":4,"output_tokens_details":{"reasoning_tokens":0},"total_tokens":204,"num_sources_used":0,"num_server_side_tools_used":0,"cost_in_usd_ticks":{{{CostInTicks}}}},"user":null,"incomplete_details":null,"status":"completed","store":false,"error":null}
        """;
}
