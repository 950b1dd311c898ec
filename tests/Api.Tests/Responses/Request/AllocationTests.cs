using System.Buffers;
using System.Text;

using LlmTr.Api.Responses;

using static LlmTr.Api.Tests.Responses.Request.Requests;

namespace LlmTr.Api.Tests.Responses.Request;

public class AllocationTests
{
    [Fact]
    public void TryParse_BodyOf1KB_AllocatesTheRequestAndTheFieldsOnly()
    {
        var body = Encoding.UTF8.GetBytes(Json(
            $"{{'model':'xai/grok-4.3:high','input':[{{'role':'user','content':[{{'type':'input_text','text':'{new string('x', 800)}'}}]}}],"
            + "'stream':true,'temperature':0.5,'max_output_tokens':100,'tools':[{'type':'function','name':'f','parameters':{}}],'user':'u'}"));
        body.Length.Should().BeInRange(1000, 1100);
        var writer = new ArrayBufferWriter<byte>(4096);

        var allocated = Smallest(() => ResponsesRequest.TryParse(body, Catalogue, Ceiling, out _, out _).Should());
        ResponsesRequest.TryParse(body, Catalogue, Ceiling, out var request, out _).Should().BeTrue();
        var written = Smallest(() =>
        {
            writer.ResetWrittenCount();
            request!.WriteForwardBody(writer, 100);
        });

        allocated.Should().BeLessThan(1024);
        written.Should().Be(0);
    }

    // The smallest of many, since the first runs may compile and the runtime may allocate now and then.
    private static long Smallest(Action run)
    {
        var smallest = long.MaxValue;
        for (var i = 0; i < 50; i++)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            run();
            smallest = Math.Min(smallest, GC.GetAllocatedBytesForCurrentThread() - before);
        }

        return smallest;
    }
}
