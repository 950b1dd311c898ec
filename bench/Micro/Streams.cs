using System.Buffers;
using System.Text;
using BenchmarkDotNet.Attributes;
using LlmTr.Xai.Streaming;

namespace LlmTr.Micro;

/// <summary>Events of a stream, as many as came in one read. The figures are of one event.</summary>
public class Streams
{
    private const int Events = 200;

    private readonly ReadOnlySequence<byte> _bytes = new(Encoding.UTF8.GetBytes(string.Concat(Enumerable.Range(0, Events).Select(static number =>
        $$"""
        event: response.output_text.delta
        data: {"sequence_number":{{number}},"type":"response.output_text.delta","content_index":0,"delta":"word ","item_id":"msg_006cb394-e479-972b-b41e-422dbefebb96","output_index":1}


        """))));

    [Benchmark(OperationsPerInvoke = Events)]
    public int ScanAndClassify()
    {
        var (framing, rest, deltas) = (new SseFraming(), _bytes, 0);
        while (framing.TryReadFrame(ref rest, out var frame))
        {
            if (new SseFrame(frame.FirstSpan).Kind == SseFrameKind.Delta)
                deltas++;
        }
        return deltas == Events ? deltas : throw new InvalidOperationException($"{deltas} deltas were seen.");
    }
}
