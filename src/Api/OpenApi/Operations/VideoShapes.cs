using LlmTr.Api.Video;
using LlmTr.Xai.Catalogue;
using Microsoft.OpenApi;

namespace LlmTr.Api.OpenApi.Operations;

/// <summary>What the two shapes of a video's body have in common.</summary>
internal static class VideoShapes
{
    public static OpenApiSchema Prompt() => Shape.Text("What to show; may be left out only with an image.", most: VideoRequest.MostPromptCharacters);

    public static OpenApiSchema Duration(OnSale sale) => Shape.Whole(
        "Seconds.", sale.Least<VideoModel>(static model => model.LeastSeconds), sale.Most<VideoModel>(static model => model.MostSeconds));

    public static OpenApiSchema AspectRatio(OnSale sale) => Shape.Word("The shape.", sale.Any<VideoModel, string>(static model => model.AspectRatios));

    public static OpenApiSchema Resolution(OnSale sale) =>
        Shape.Word("The size, which the price hangs on.", sale.Any<VideoModel, string>(static model => model.Resolutions));
}
