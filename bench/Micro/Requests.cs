using System.Buffers;
using System.Text;
using BenchmarkDotNet.Attributes;
using LlmTr.Api.Responses;
using LlmTr.Xai.Catalogue;
using LlmTr.Xai.Pricing;
using LlmTr.Xai.Tokens;

namespace LlmTr.Micro;

/// <summary>A request of 1 KB, before anything is asked of anyone.</summary>
public class Requests
{
    private readonly ModelCatalogue _catalogue = ModelCatalogue.Load(ModelCatalogue.ShippedPath);
    private readonly InputCeiling _ceiling = new([]);
    private readonly ArrayBufferWriter<byte> _forwarded = new(4096);
    private readonly byte[] _body = Encoding.UTF8.GetBytes(
        $$"""{"model":"xai/grok-4.3","max_output_tokens":64,"temperature":0.2,"input":[{"role":"user","content":[{"type":"input_text","text":"{{new string('x', 880)}}"}]}]}""");

    private ResponsesRequest _parsed = null!;

    [GlobalSetup]
    public void Setup() => _parsed = ParseAndValidate();

    [Benchmark]
    public ResponsesRequest ParseAndValidate() => ResponsesRequest.TryParse(_body, _catalogue, _ceiling, out var request, out var refusal)
        ? request
        : throw new InvalidOperationException($"Refused: {refusal}");

    [Benchmark]
    public TextQuote Quote() => _parsed.Quote();

    [Benchmark]
    public int WriteForwardBody()
    {
        _forwarded.ResetWrittenCount();
        _parsed.WriteForwardBody(_forwarded, 64);
        return _forwarded.WrittenCount;
    }
}
