using LlmTr.Api.Errors;
using LlmTr.Api.Requests.Json;

namespace LlmTr.Api.Images;

/// <summary>The fields of OpenAI's image requests that never reach xAI: accepted only at the value that changes nothing, or refused by name.</summary>
internal static class UnforwardedImageFields
{
    /// <summary>The refusal of a mask, which a form sends as a file.</summary>
    public static ApiError Mask { get; } =
        ApiError.UnsupportedCapability("The field 'mask' is not supported; remove it.", "mask", "Describe in the prompt what is to change.");

    public static ApiError? Check(RequestBody<ImageField> body) =>
        (body.Has(ImageField.Mask) ? Mask : null)
        ?? body.Refused(ImageField.InputFidelity, "It cannot be chosen here.")
        ?? Only(body, ImageField.Quality, "The quality is the model's own: xai/grok-imagine-image or xai/grok-imagine-image-quality.", "auto", "standard")
        ?? Only(body, ImageField.Background, "Images are opaque.", "auto", "opaque")
        ?? Only(body, ImageField.OutputFormat, "Images are JPEG.", "jpeg")
        ?? body.OnlyWord(ImageField.Style, "vivid")
        ?? body.OnlyWord(ImageField.Moderation, "auto")
        ?? body.OnlyFalse(ImageField.Stream)
        ?? body.OnlyZero(ImageField.PartialImages);

    private static ApiError? Only(RequestBody<ImageField> body, ImageField field, string hint, string first, string? second = null) =>
        body.OnlyWord(field, first, second) is null
            ? null
            : ApiError.UnsupportedCapability($"The field '{field.Name()}' may only be {(second is null ? first : $"{first} or {second}")}; leave it out.", field.Name(), hint);
}
