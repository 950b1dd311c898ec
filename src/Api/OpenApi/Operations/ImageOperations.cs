using LlmTr.Api.Images;
using LlmTr.Xai.Catalogue;
using Microsoft.OpenApi;

namespace LlmTr.Api.OpenApi.Operations;

/// <summary>The image routes.</summary>
internal static class ImageOperations
{
    private const string Edit = """{"model":"xai/grok-imagine-image","prompt":"A hat on it","image":{"url":"https://example.com/cat.png"}}""";

    public static IEnumerable<Operation> Of(OnSale sale)
    {
        yield return new Operation
        {
            Method = HttpMethod.Post,
            Path = ImageRequest.Generations,
            Id = "createImage",
            Tag = "Images",
            Summary = "Makes images from words",
            IsCharged = true,
            Bodies =
            [
                new Body(
                    Body.Json,
                    BodySchema(sale, isEdit: false),
                    ("image", """{"model":"xai/grok-imagine-image","prompt":"A cup of tea in Rize","n":2,"aspect_ratio":"16:9","resolution":"1k","response_format":"url"}"""),
                    ("openai", """{"model":"xai/grok-imagine-image","prompt":"A cup of tea","size":"1024x1024","quality":"auto","response_format":"b64_json"}""")),
            ],
            Answers = [Images()],
        };
        yield return new Operation
        {
            Method = HttpMethod.Post,
            Path = ImageRequest.Edits,
            Id = "editImage",
            Tag = "Images",
            Summary = "Makes images from words and images",
            Description = "As JSON with exactly one of `image` and `images`, or as a form with the images as files: one or several as `image`, or as `image[]`.",
            IsCharged = true,
            Bodies =
            [
                new Body(
                    Body.Json,
                    BodySchema(sale, isEdit: true),
                    ("one", Edit),
                    ("several", """{"model":"xai/grok-imagine-image","prompt":"Both in one picture","images":[{"type":"image_url","url":"https://example.com/cat.png"},{"image_url":"https://example.com/dog.png"}]}""")),
                new Body(
                    Body.Form,
                    FormBody.Of(
                        BodySchema(sale, isEdit: true),
                        ImageForm.Files,
                        ImageForm.Literals,
                        ("image", Shape.AnyOf("A PNG, JPEG or WebP of at most 10 MiB, or several.", FormBody.File(), Shape.List("", FormBody.File()))),
                        ("image[]", Shape.List("The same under another name.", FormBody.File()))),
                    ("one", """{"model":"xai/grok-imagine-image","prompt":"A hat on it","size":"1024x1024","n":1,"image":"cat.png"}"""),
                    ("several", """{"image[]":["cat.png","dog.png"],"model":"xai/grok-imagine-image","prompt":"Both in one picture","response_format":"b64_json"}""")),
            ],
            Answers = [Images()],
        };
    }

    private static OpenApiSchema BodySchema(OnSale sale, bool isEdit) => Fields.Of<ImageField>(
        [ImageField.Model, ImageField.Prompt],
        (ImageField.Model, MediaShapes.Model<ImageModel>(sale)),
        (ImageField.Prompt, Shape.Text("What to make.", least: 1)),
        (ImageField.N, Shape.Whole("How many.", 1, sale.Most<ImageModel>(static model => model.MostOutputImages))),
        (ImageField.AspectRatio, Shape.Word("The shape.", sale.Any<ImageModel, string>(static model => model.AspectRatios))),
        (ImageField.Resolution, Shape.Word("The size, which the price hangs on.", sale.Any<ImageModel, string>(static model => model.Resolutions))),
        (ImageField.ResponseFormat, Shape.Word("As an address or as base64.", ImageRequest.ResponseFormats)),
        (ImageField.User, Shape.Text("The caller's own name of its user.")),
        (ImageField.Image, isEdit ? MediaShapes.Image(nullIsAbsent: true) : Shape.Refused("Send it to /v1/images/edits.")),
        (ImageField.Images, isEdit
            ? Shape.List("Several.", MediaShapes.Image(nullIsAbsent: true), 1, (int)sale.Most<ImageModel>(static model => model.MostInputImages))
            : Shape.Refused("Send them to /v1/images/edits.")),
        (ImageField.MaxBudgetUsd, Fields.MaxBudget()),
        (ImageField.Size, Shape.Word("OpenAI's name of aspect ratio and resolution together; excludes both.", ImageSize.Known.Split(", "))),
        (ImageField.Quality, Shape.Word("Accepted where it changes nothing; the quality is the model's.", "auto", "standard")),
        (ImageField.Background, Shape.Word("Accepted where it changes nothing.", "auto", "opaque")),
        (ImageField.Style, Shape.Word("Accepted where it changes nothing.", "vivid")),
        (ImageField.Moderation, Shape.Word("Accepted where it changes nothing.", "auto")),
        (ImageField.OutputFormat, Shape.Word("Accepted where it changes nothing.", "jpeg")),
        (ImageField.Stream, Shape.OnlyFalse()),
        (ImageField.PartialImages, Shape.OnlyZero()),
        (ImageField.Mask, Shape.Refused("Describe in the prompt what is to change.")),
        (ImageField.InputFidelity, Shape.Refused("It cannot be chosen here.")));

    private static Answer Images() => new(200, "The images and what they cost.", (Body.Json, Shape.Exact(
        "",
        ("created", Shape.Whole("Seconds since 1970.", 0)),
        ("data", Shape.List(
            "",
            Shape.Open(
                "xAI's own.", [], ("url", Shape.OrNull(Shape.Text("Dies within a day."))), ("b64_json", Shape.OrNull(Shape.Text(""))), ("mime_type", Shape.OrNull(Shape.Text("")))))),
        ("usage", Shape.Exact("", MediaShapes.Cost)))));
}
