using System.Text;
using LlmTr.Money;
using LlmTr.Xai.Images;
using LlmTr.Xai.Responses;

namespace LlmTr.Xai.Tests.Images;

public class ImageReadingTests
{
    private const string Recorded =
        """{"data":[{"url":"https://imgen.x.ai/xai-imgen/xai-tmp-imgen-8bdedcff.jpeg","mime_type":"image/jpeg"}],"usage":{"cost_in_usd_ticks":200000000}}""";

    [Fact]
    public void RecordedAnswer_HasOneImageAndItsCost()
    {
        var reading = Read(Recorded);

        reading.Images.Should().Be(1);
        reading.Usage.Cost.Should().Be(ReportedCost.Of(new UsdTicks(200_000_000)));
        Recorded.Substring(reading.Data.Start, reading.Data.Length).Should().StartWith("[{\"url\"").And.EndWith("}]");
        reading.IsErrorEnvelope.Should().BeFalse();
    }

    [Theory]
    [InlineData("""{"data":[{"b64_json":"/9j/"},{"b64_json":"/9j/"}]}""", 2)]
    [InlineData("""{"data":[{"url":""},{"url":null},{"mime_type":"image/jpeg"},7,null,["url"],{"respect_moderation":false}]}""", 0)]
    [InlineData("""{"data":[{"url":"a","b64_json":"b"}]}""", 1)]
    [InlineData("""{"data":[{"url":"a"}],"data":[]}""", 0)]
    [InlineData("""{"data":{"url":"a"}}""", 0)]
    [InlineData("""{"created":1,"model":"x","data":[{"url":"a","more":{"url":["b"]}}],"usage":null}""", 1)]
    public void Images_AreCountedWhereTheyHaveSomething(string json, int images) => Read(json).Images.Should().Be(images);

    [Theory]
    [InlineData("""{"code":"imagine:content-moderated","error":"no"}""", true)]
    [InlineData("""{"error":"no"}""", true)]
    [InlineData("""{"error":null,"data":[]}""", false)]
    [InlineData("""{"error":"in one of them","data":[{"url":"a"}]}""", false)]
    [InlineData("""{}""", false)]
    public void Error_IsOneOnlyInPlaceOfImages(string json, bool isError) => Read(json).IsErrorEnvelope.Should().Be(isError);

    [Theory]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("{\"data\":[")]
    [InlineData("{\"data\":[]} x")]
    [InlineData("error code: 520")]
    public void NoWholeObject_IsNotRead(string json) => ImageReading.TryRead(Encoding.UTF8.GetBytes(json), out _).Should().BeFalse();

    private static ImageReading Read(string json)
    {
        ImageReading.TryRead(Encoding.UTF8.GetBytes(json), out var reading).Should().BeTrue();
        return reading;
    }
}
