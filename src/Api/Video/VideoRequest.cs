using LlmTr.Api.Errors;
using LlmTr.Api.Requests.Json;
using LlmTr.Grains.Abstractions;
using LlmTr.Grains.Video;
using LlmTr.Money;
using LlmTr.Xai.Catalogue;

namespace LlmTr.Api.Video;

/// <summary>A validated request for a video.</summary>
internal sealed record VideoRequest
{
    private const int MostWaitSeconds = 600, DefaultWaitSeconds = 300;

    /// <summary>What is asked for.</summary>
    public required VideoModel Model { get; init; }

    /// <summary>What to show; null only with an image.</summary>
    public required string? Prompt { get; init; }

    /// <summary>Seconds.</summary>
    public required int DurationSeconds { get; init; }

    /// <summary>As xAI writes it; null leaves it to xAI.</summary>
    public required string? AspectRatio { get; init; }

    /// <summary>The resolution, which the price hangs on.</summary>
    public required string Resolution { get; init; }

    /// <summary>The image to begin with.</summary>
    public required VideoImage? Image { get; init; }

    /// <summary>How long the caller waits.</summary>
    public required TimeSpan MaxWait { get; init; }

    /// <summary>The most that the caller wants to pay.</summary>
    public required UsdTicks? Budget { get; init; }

    /// <summary>Of the body as it came.</summary>
    public required Fingerprint Body { get; init; }

    /// <summary>What it costs by the catalogue; the hold is of exactly this.</summary>
    public UsdTicks Price => Model.Cost(Resolution, DurationSeconds, Image is not null);

    /// <summary>Reads and checks a body.</summary>
    /// <returns>The refusal, or null.</returns>
    public static ApiError? Read(ReadOnlyMemory<byte> json, ModelCatalogue catalogue, out VideoRequest request)
    {
        request = null!;
        if (RequestBody<VideoField>.Read(json, out var body) is { } malformed)
            return malformed;
        if (ModelChoice.Find(body, VideoField.Model, catalogue, VideoJobOptions.Endpoint, out VideoModel model) is { } wrongModel)
            return wrongModel;

        var seconds = 0;
        var wait = 0;
        var (ratio, resolution) = ("", "");
        UsdTicks? budget = null;
        VideoImage? image = null;
        var wrong = body.Text(VideoField.Prompt)
            ?? body.WholeNumber(VideoField.DurationSeconds, model.LeastSeconds, model.MostSeconds, model.DefaultSeconds, out seconds)
            ?? body.Word(VideoField.AspectRatio, model.AspectRatios, "", out ratio)
            ?? body.Word(VideoField.Resolution, model.Resolutions, model.Resolutions[0], out resolution)
            ?? body.WholeNumber(VideoField.MaxWaitSeconds, 0, MostWaitSeconds, DefaultWaitSeconds, out wait)
            ?? body.Budget(VideoField.MaxBudgetUsd, out budget)
            ?? VideoImage.Read(body, out image);
        if (wrong is not null)
            return wrong;

        var prompt = body.Has(VideoField.Prompt) ? body.Open(VideoField.Prompt).GetString() : null;
        if (string.IsNullOrWhiteSpace(prompt))
        {
            prompt = null;
            if (image is null)
                return ApiError.InvalidRequest("The field 'prompt' is missing; it may be left out only with an image.", "prompt");
        }

        request = new VideoRequest
        {
            Model = model,
            Prompt = prompt,
            DurationSeconds = seconds,
            AspectRatio = ratio.Length == 0 ? null : ratio,
            Resolution = resolution,
            Image = image,
            MaxWait = TimeSpan.FromSeconds(wait),
            Budget = budget,
            Body = Fingerprint.Of(json.Span),
        };
        return null;
    }
}
