using System.Buffers;
using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Text.Json;

using LlmTr.Api.Errors;
using LlmTr.Api.Requests.Json;
using LlmTr.Money;
using LlmTr.Xai.Catalogue;

namespace LlmTr.Api.Images;

/// <summary>
/// A valid request for images, and what of it goes to xAI. Parsing is a pure function of the body's bytes, which this object keeps and does not copy.
/// It never throws, whatever the bytes.
/// </summary>
internal sealed class ImageRequest
{
    /// <summary>Makes images from words.</summary>
    public const string Generations = "/v1/images/generations";

    /// <summary>Makes images from words and images.</summary>
    public const string Edits = "/v1/images/edits";

    /// <summary>How images may come, the default first.</summary>
    internal static readonly string[] ResponseFormats = ["url", "b64_json"];

    private readonly RequestBody<ImageField> _body;

    private ImageRequest(RequestBody<ImageField> body) => _body = body;

    /// <summary>The model.</summary>
    public required ImageModel Model { get; init; }

    /// <summary>The path that was called.</summary>
    public required string Endpoint { get; init; }

    /// <summary>How many images are asked for.</summary>
    public required int Count { get; init; }

    /// <summary>The resolution, the model's default where the caller named none.</summary>
    public required string Resolution { get; init; }

    /// <summary>The images to start from, each a JSON string; empty for a generation.</summary>
    public required ImmutableArray<ReadOnlyMemory<byte>> Inputs { get; init; }

    /// <summary>The caller's <c>max_budget_usd</c>.</summary>
    public required UsdTicks? MaxBudget { get; init; }

    private string? AspectRatio { get; init; }

    private string ResponseFormat { get; init; } = ResponseFormats[0];

    /// <summary>What the request costs by the catalogue: every image that is asked for and every one that it brings.</summary>
    public UsdTicks Cost => Model.Cost(Resolution, Count, Inputs.Length);

    /// <summary>Reads and checks a request.</summary>
    /// <param name="json">The whole body.</param>
    /// <param name="endpoint"><see cref="Generations"/> or <see cref="Edits"/>.</param>
    /// <param name="catalogue">What is sold.</param>
    /// <param name="request">The request, when it is valid.</param>
    /// <param name="refusal">Why it is not, when it is not.</param>
    public static bool TryParse(
        ReadOnlyMemory<byte> json,
        string endpoint,
        ModelCatalogue catalogue,
        [NotNullWhen(true)] out ImageRequest? request,
        [NotNullWhen(false)] out ApiError? refusal)
    {
        request = null;
        refusal = RequestBody<ImageField>.Read(json, out var body)
            ?? UnforwardedImageFields.Check(body)
            ?? Parse(body, endpoint, catalogue, out request);
        return refusal is null;
    }

    /// <summary>Writes the body that xAI gets: an allow-list, always with model and resolution, because xAI would choose and bill its own.</summary>
    public void WriteForwardBody(IBufferWriter<byte> writer)
    {
        using var json = new Utf8JsonWriter(writer, new JsonWriterOptions { SkipValidation = true });
        json.WriteStartObject();
        json.WriteString("model"u8, Model.UpstreamModel);
        json.WritePropertyName("prompt"u8);
        json.WriteRawValue(_body.Raw(ImageField.Prompt), skipInputValidation: true);
        json.WriteNumber("n"u8, Count);
        if (AspectRatio is not null)
            json.WriteString("aspect_ratio"u8, AspectRatio);
        json.WriteString("resolution"u8, Resolution);
        json.WriteString("response_format"u8, ResponseFormat);
        if (_body.Has(ImageField.User))
        {
            json.WritePropertyName("user"u8);
            json.WriteRawValue(_body.Raw(ImageField.User), skipInputValidation: true);
        }

        if (_body.Has(ImageField.Images))
        {
            json.WriteStartArray("images"u8);
            foreach (var input in Inputs)
                WriteImage(json, input);
            json.WriteEndArray();
        }
        else if (Inputs.Length > 0)
        {
            json.WritePropertyName("image"u8);
            WriteImage(json, Inputs[0]);
        }

        json.WriteEndObject();
    }

    private static void WriteImage(Utf8JsonWriter json, ReadOnlyMemory<byte> url)
    {
        json.WriteStartObject();
        json.WritePropertyName("url"u8);
        json.WriteRawValue(url.Span, skipInputValidation: true);
        json.WriteEndObject();
    }

    private static ApiError? Parse(RequestBody<ImageField> body, string endpoint, ModelCatalogue catalogue, out ImageRequest? request)
    {
        request = null;
        if (ModelChoice.Find(body, ImageField.Model, catalogue, endpoint, out ImageModel model) is { } wrongModel)
            return wrongModel;

        ImmutableArray<ReadOnlyMemory<byte>> inputs = [];
        string? aspectRatio = null;
        var count = 1;
        var resolution = model.Resolutions[0];
        var responseFormat = ResponseFormats[0];
        UsdTicks? maxBudget = null;
        var refusal = Prompt(body)
            ?? body.WholeNumber(ImageField.N, 1, model.MostOutputImages, 1, out count)
            ?? Shape(body, model, out aspectRatio, out resolution)
            ?? body.Word(ImageField.ResponseFormat, ResponseFormats, ResponseFormats[0], out responseFormat)
            ?? body.Text(ImageField.User)
            ?? body.Budget(ImageField.MaxBudgetUsd, out maxBudget)
            ?? (endpoint == Edits ? InputImages.Read(body, model.MostInputImages, out inputs) : NoInputs(body));
        if (refusal is not null)
            return refusal;

        request = new ImageRequest(body)
        {
            Model = model,
            Endpoint = endpoint,
            Count = count,
            Resolution = resolution,
            AspectRatio = aspectRatio,
            ResponseFormat = responseFormat,
            MaxBudget = maxBudget,
            Inputs = inputs,
        };
        return null;
    }

    private static ApiError? Prompt(RequestBody<ImageField> body)
    {
        if (!body.Has(ImageField.Prompt))
            return ApiError.InvalidRequest("The field 'prompt' is missing; say what to make.", "prompt");
        return body.Text(ImageField.Prompt)
            ?? (body.Raw(ImageField.Prompt).Length == 2 ? ApiError.InvalidRequest("The field 'prompt' is empty; say what to make.", "prompt") : null);
    }

    private static ApiError? Shape(RequestBody<ImageField> body, ImageModel model, out string? aspectRatio, out string resolution)
    {
        aspectRatio = null;
        resolution = model.Resolutions[0];
        if (!body.Has(ImageField.Size))
        {
            var refusal = body.Word(ImageField.AspectRatio, model.AspectRatios, "", out var ratio)
                ?? body.Word(ImageField.Resolution, model.Resolutions, resolution, out resolution);
            aspectRatio = ratio.Length == 0 ? null : ratio;
            return refusal;
        }

        if (body.Has(ImageField.AspectRatio) || body.Has(ImageField.Resolution))
            return ApiError.InvalidRequest("The field 'size' says the same as 'aspect_ratio' and 'resolution'; send either.", "size");
        if (!ImageSize.TryRead(body.Word(ImageField.Size, stackalloc char[JsonText.LongestWord]), out var meaning))
            return FieldChecks.Wrong(ImageField.Size, $"must be one of {ImageSize.Known}");
        if (meaning is not { } shape)
            return null;
        if (!model.Resolutions.Contains(shape.Resolution) || !model.AspectRatios.Contains(shape.AspectRatio))
            return ApiError.UnsupportedCapability($"The model '{model.Id}' does not make this size.", "size");
        (aspectRatio, resolution) = shape;
        return null;
    }

    private static ApiError? NoInputs(RequestBody<ImageField> body)
    {
        var field = body.Has(ImageField.Image) ? ImageField.Image : ImageField.Images;
        return body.Has(field) ? ApiError.InvalidRequest($"The field '{field.Name()}' belongs to {Edits}; send the request there.", field.Name()) : null;
    }
}
